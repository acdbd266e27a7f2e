package flows

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// habit is what the files of a property may hold.
type habit struct {
	flows, states int
	exact         bool // whatever nobody leads to can be come to
	back          bool // targets and words that lead back
	anew          bool // targets and words that lead to the beginning
	called        bool // flows that return
	counts        bool // a counter, and conditions that ask for it
	tied          bool // conditions on variables, which are not free
	uses          bool // texts with variables
	waits         bool // timeouts
	long          bool // timeouts of many hours
	answers       bool
	words         bool // words of handoff
	says          bool // ways that say something
	apart         bool // texts that are not joined
	mainReturns   bool
	alone         bool // nobody is there for who is to get a person
}

// drawer draws a flow file. Its form is always right, and so is what the names
// mean; what the proofs are about is left to chance.
type drawer struct {
	*rapid.T
	habit
	flows  []string
	states [][]string
	gives  []bool // flows that return
	free   int    // free conditions so far
}

// drawFile draws a small flow file.
func drawFile(t *rapid.T, h habit) string {
	w := &drawer{T: t, habit: h}
	w.name()
	var b strings.Builder
	b.WriteString("version: 1\nbusiness: B\nhandoff: {after_misses: 9")
	if h.words && w.one("words", 2) || h.alone && h.exact {
		b.WriteString(", words: [agent]")
	}
	if h.alone {
		b.WriteString(rapid.SampledFrom([]string{", nobody: {say: N, go: aside}", ", nobody: {say: N, choices: [Keep]}", ", nobody: {say: N}"}).Draw(t, "nobody"))
	}
	b.WriteString("}\n")
	if h.words && w.one("opt out", 3) {
		b.WriteString("opt_out: {words: [halt], again: [resume]}\n")
	}
	if h.back && w.one("back", 3) {
		b.WriteString("back: [backward]\n")
	}
	if h.anew && w.one("anew", 3) {
		b.WriteString("start_again: [anew]\n")
	}
	if h.answers && w.one("answers", 2) {
		fmt.Fprintf(&b, "answers:\n  tell: {words: [tell], say: Told}\n  lead: {words: [lead], %s}\n", w.answerTo())
	}
	b.WriteString("flows:\n")
	for f, name := range w.flows {
		fmt.Fprintf(&b, "  %s:\n    start: %s\n    states:\n", name, w.states[f][0])
		for s, state := range w.states[f] {
			fmt.Fprintf(&b, "      %s: {%s}\n", state, w.state(f, s))
		}
	}
	return onlyKnown(b.String())
}

// onlyKnown takes out of a file what speaks of a variable that it never sets.
func onlyKnown(src string) string {
	plain := func(marks []string, pieces ...string) {
		for _, m := range marks {
			if strings.Contains(src, m) {
				return
			}
		}
		for i := 0; i < len(pieces); i += 2 {
			src = strings.ReplaceAll(src, pieces[i], pieces[i+1])
		}
	}
	const always = `contact.name != nil`
	plain([]string{"ask: x", `x: "v"`}, `"[{{ x }}]"`, "X", `"[{{ x ?? 0 }}]"`, "X", "x != nil", always, "x == nil", always, `(x ?? "") == "aa"`, always)
	plain([]string{`y: "w"`}, `"[{{ y }}]"`, "Y", "y != nil", always, "y == nil", always)
	plain([]string{`n: "{{`, "n: 0", "n: -2"}, "(n ?? 0) < 2 and (n ?? 0) < 4", always, "(n ?? 0) < 3", always, "(n ?? 0) <= 2", always)
	return src
}

func (w *drawer) name() {
	flows := rapid.IntRange(1, w.habit.flows).Draw(w.T, "flows")
	for f, name := range []string{"main", "sub", "side"}[:flows] {
		w.flows = append(w.flows, name)
		var states []string
		for i := range rapid.IntRange(1, w.habit.states).Draw(w.T, "states") {
			states = append(states, fmt.Sprintf("%c%d", 'a'+f, i))
		}
		w.states = append(w.states, states)
		w.gives = append(w.gives, w.called && (f > 0 || w.mainReturns) && w.one("returns", 1+min(f, 1)))
	}
	if w.alone {
		w.flows, w.states, w.gives = append(w.flows, "aside"), append(w.states, []string{"z0"}), append(w.gives, false)
	}
	if w.mainReturns && w.called {
		w.gives[0] = w.one("main returns", 4)
	}
}

// one is true in about one of n cases, and never where that is simplest.
func (w *drawer) one(what string, n int) bool {
	return rapid.IntRange(0, n-1).Draw(w.T, what) == n-1 && n > 1 || n == 1
}

// to is a target, with "then" behind it where it calls a flow. Where the state
// waits, a call without it comes back to the state.
func (w *drawer) to(key string, f int, then, stay bool) string {
	calls := map[string]bool{}
	all := append(slices.Clone(w.states[f]), "handoff", "end")
	if w.anew {
		all = append(all, "start_again")
	}
	if w.back {
		all = append(all, "back")
	}
	for g, name := range w.flows {
		if g == f {
			continue
		}
		targets := []string{name, name + "." + w.states[g][len(w.states[g])-1]}
		if w.gives[g] && !then && !stay {
			continue
		}
		for _, t := range targets {
			all, calls[t] = append(all, t), w.gives[g]
		}
	}
	to := rapid.SampledFrom(all).Draw(w.T, key)
	out := key + ": " + to
	if calls[to] && then && (!stay || w.one("then", 2)) {
		out += ", then: " + rapid.SampledFrom(w.states[f]).Draw(w.T, "then")
	}
	return out
}

func (w *drawer) answerTo() string {
	say := ""
	if w.one("answer says", 2) {
		say = "say: Led, "
	}
	return say + w.to("go", 0, false, true)
}

// text is a text, perhaps with a variable.
func (w *drawer) text(name string) string {
	if !w.uses {
		return name
	}
	switch rapid.IntRange(0, 5).Draw(w.T, "use") {
	case 1:
		return `"[{{ x }}]"`
	case 2:
		return `"[{{ y }}]"`
	case 3:
		return `"[{{ x ?? 0 }}]"`
	default:
		return name
	}
}

func (w *drawer) said(name string) string {
	if w.says && w.one("way says", 3) {
		return ", say: " + w.text(name)
	}
	return ""
}

const (
	drawSay = iota
	drawChoices
	drawAsk
	drawCall
	drawBranch
	drawEnd
	drawReturn
)

// state draws what a state holds.
func (w *drawer) state(f, s int) string {
	kinds := []int{drawSay, drawChoices, drawAsk, drawCall, drawBranch, drawEnd}
	if w.gives[f] {
		kinds = append(kinds, drawReturn)
		if s == len(w.states[f])-1 {
			kinds = kinds[len(kinds)-1:]
		}
	}
	if w.flows[f] == "aside" {
		kinds = []int{drawAsk, drawChoices}
	}
	name := w.states[f][s]
	var parts []string
	if set := w.set(); set != "" {
		parts = append(parts, set)
	}
	kind := rapid.SampledFrom(kinds).Draw(w.T, "kind")
	says := kind == drawChoices || kind == drawAsk || w.one("says", 2)
	if says {
		parts = append(parts, "say: "+w.text(strings.ToUpper(name)))
		if w.apart && w.one("apart", 4) {
			parts = append(parts, "join: false")
		}
	}
	switch kind {
	case drawSay:
		parts = append(parts, w.to("go", f, true, false))
	case drawChoices:
		parts = append(parts, w.choices(f), w.timeout(f))
	case drawAsk:
		parts = append(parts, w.ask(f), w.timeout(f))
	case drawCall:
		parts = append(parts, "call: {get: https://shop.example/, as: r}", w.ways(f, []string{"r.status == 200", "r.status == 404"}))
	case drawBranch:
		parts = append(parts, w.ways(f, w.conditions()))
	case drawEnd:
		parts = append(parts, "end: true")
	case drawReturn:
		parts = append(parts, "return: true")
	}
	return strings.Join(filled(parts), ", ")
}

// filled leaves out what is empty.
func filled(parts []string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func (w *drawer) set() string {
	var lines []string
	if w.uses && w.one("sets x", 4) {
		lines = append(lines, `x: "v"`)
	}
	if w.uses && w.one("sets y", 4) {
		lines = append(lines, `y: "w"`)
	}
	if w.counts {
		lines = append(lines, rapid.SampledFrom([]string{"", "", `n: "{{ (n ?? 0) + 1 }}"`, "n: 0", "n: -2"}).Draw(w.T, "counter"))
	}
	if lines = filled(lines); len(lines) == 0 {
		return ""
	}
	return "set: {" + strings.Join(lines, ", ") + "}"
}

func (w *drawer) choices(f int) string {
	var all []string
	for i := range rapid.IntRange(1, 3).Draw(w.T, "choices") {
		all = append(all, fmt.Sprintf("{title: %s, %s}", []string{"Apples", "Bread", "Cheese"}[i], w.to("go", f, true, true)))
	}
	return "choices: [" + strings.Join(all, ", ") + "]"
}

func (w *drawer) ask(f int) string {
	out := "ask: x"
	if w.one("pattern", 2) {
		out += ", pattern: '^(?:aa|bb)$'"
		if w.one("choices too", 3) {
			out += ", " + w.choices(f)
		}
	}
	if w.one("otherwise", 2) {
		out += fmt.Sprintf(", tries: %d, %s", rapid.IntRange(1, 2).Draw(w.T, "tries"), w.to("otherwise", f, false, true))
	}
	if w.one("on", 3) {
		return out + ", " + w.ways(f, []string{`x == "aa"`})
	}
	return out + ", " + w.to("go", f, true, false)
}

// ways are branches on some of the conditions.
func (w *drawer) ways(f int, conditions []string) string {
	n := rapid.IntRange(0, len(conditions)).Draw(w.T, "conditions")
	if len(conditions) == 0 || n == 0 && w.one("go", 2) {
		return w.to("go", f, true, false)
	}
	var all []string
	for _, c := range conditions[:max(n, 1)] {
		all = append(all, fmt.Sprintf("{if: '%s', %s%s}", c, w.to("go", f, true, false), w.said("W")))
	}
	all = append(all, fmt.Sprintf("{%s%s}", w.to("else", f, true, false), w.said("E")))
	return "on: [" + strings.Join(all, ", ") + "]"
}

func (w *drawer) conditions() []string {
	all := []string{}
	if w.free < mostFree {
		all = append(all, free(w.free))
		w.free++
	}
	if w.counts {
		all = append(all, rapid.SampledFrom([]string{"(n ?? 0) < 3", "(n ?? 0) <= 2", "(n ?? 0) < 2 and (n ?? 0) < 4"}).Draw(w.T, "limit"))
	}
	if w.tied {
		all = append(all, rapid.SampledFrom([]string{"x != nil", "x == nil", `(x ?? "") == "aa"`, "y != nil and x != nil", "not (y == nil)"}).Draw(w.T, "tied"))
	}
	return rapid.Permutation(all).Draw(w.T, "order")
}

func (w *drawer) timeout(f int) string {
	if !w.waits || !w.one("timeout", 2) {
		return ""
	}
	after := []string{"10m", "1h", "5h"}
	if w.long {
		after = []string{"1h", "8h", "12h", "20h"}
	}
	return fmt.Sprintf("timeout: {after: %s, %s%s}", rapid.SampledFrom(after).Draw(w.T, "after"), w.to("go", f, false, true), w.said("S"))
}

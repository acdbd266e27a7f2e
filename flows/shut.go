package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
)

// checkWindow reports what is said when the window may be shut already: after the
// customer was silent for as long as it is open. Only a template may be sent then.
// What calls take is not counted, as it is minutes at most. A counter that ends a
// round of silences is not seen, so that such a round counts as a day; and a flow
// that is called is judged without regard to who called.
func (g *graph) checkWindow() {
	var kinds []string
	within := g.shortestWindow()
	if within == 0 {
		return
	}
	for _, kind := range g.set.Channels {
		if l, _ := carry.Of(kind); l.Within > 0 {
			kinds = append(kinds, kind)
		}
	}
	places := len(g.order)
	if g.nobody != nil {
		places *= 2
	}
	w := &silences{graph: g, within: within, kinds: strings.Join(kinds, ", "), most: make([]time.Duration, places), from: make([]int, places)}
	w.solve()
	w.report()
}

// silences is how long a customer may have been silent on coming into a state.
// Where the file leads aside whom nobody can be fetched for, it does so once, so
// that each state counts twice: before, and, behind all others, after that.
type silences struct {
	*graph
	within time.Duration
	kinds  string
	most   []time.Duration
	from   []int // the place before on the way of the longest silence
}

func (w *silences) solve() {
	for i := range w.from {
		w.from[i] = -1
	}
	thens := w.comeBack()
	var todo []int
	raise := func(to, from int, d time.Duration) {
		if d = min(d, w.within); d > w.most[to] {
			w.most[to], w.from[to] = d, from
			todo = append(todo, to)
		}
	}
	var hearing []int
	for i, s := range w.order {
		if w.reached[i] && s.hears() {
			hearing = append(hearing, i)
		}
	}
	for p := range w.most {
		if p < len(w.order) && w.straight[p] || p >= len(w.order) && w.reached[w.at(p)] {
			todo = append(todo, p)
		}
	}
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		i := w.at(p)
		for _, a := range w.arcs[i] {
			if a.input {
				continue
			}
			d := w.most[p] + a.after
			switch {
			case a.to >= 0:
				raise(p-i+a.to, p, d)
			case a.to == toPerson && w.nobody != nil && p == i && d < w.within: // in a shut window nobody is led aside
				raise(len(w.order)+w.nobody.target.index, p, d)
			case a.to == toAgain:
				raise(p-i+w.start, p, d)
			case a.to == toBack:
				raise(p-i+w.start, p, d)
				for _, h := range hearing {
					if h != i { // one goes back to somewhere else
						raise(p-i+h, p, d)
					}
				}
			case a.to == toCaller:
				raise(p-i+w.start, p, d) // nothing called it for who tapped an older choice, or went back
				for _, then := range thens[w.order[i].flow] {
					raise(p-i+then, p, d)
				}
			}
		}
	}
}

// at is the state of a place.
func (w *silences) at(place int) int { return place % len(w.order) }

// worst is the place of a state at which the silence is longest.
func (w *silences) worst(i int) int {
	if p := len(w.order) + i; p < len(w.most) && w.most[p] > w.most[i] {
		return p
	}
	return i
}

func (w *silences) report() {
	for i, s := range w.order {
		if !w.reached[i] {
			continue
		}
		p := w.worst(i)
		if w.most[p] >= w.within && s.state.say != nil {
			w.refuse(s.fields.Key("say"), s.state.say, p)
		}
		for _, a := range w.arcs[i] {
			if a.input || w.most[p]+a.after < w.within {
				continue
			}
			if a.raw.say != nil {
				w.refuse(a.raw.at, a.raw.say, p)
			}
			if a.to == toPerson {
				a.raw.at.Warn(codeShut, fmt.Sprintf("by then the window may be shut on %s: the person cannot answer", w.kinds),
					"hand over earlier, or write before_close under handoff"+w.way(p))
			}
		}
	}
}

func (w *silences) refuse(at source.Node, c *content, place int) {
	if c.template != nil {
		var silent []string
		for _, kind := range w.set.Channels {
			if l, _ := carry.Of(kind); l.Within > 0 && !l.Templates {
				silent = append(silent, kind)
			}
		}
		if len(silent) > 0 {
			at.Warn(codeShut, fmt.Sprintf("%s sends no templates: after %s of silence this is said to nobody there", strings.Join(silent, ", "), hoursOf(w.within)),
				"wait less, or hand over before; before_close under handoff does")
		}
		return
	}
	at.Report(codeShut, fmt.Sprintf("the window may be shut by then on %s: after %s of silence nothing but a template can be sent", w.kinds, hoursOf(w.within)),
		"wait less, or add a template to say"+w.way(place))
}

func hoursOf(d time.Duration) string { return fmt.Sprintf("%dh", int(d.Hours())) }

// way is the way of the longest silence.
func (w *silences) way(place int) string {
	var names []string
	seen := map[int]bool{}
	for p := place; p >= 0 && !seen[p]; p = w.from[p] {
		seen[p] = true
		names = append(names, w.order[w.at(p)].name)
	}
	slices.Reverse(names)
	return "; the way there: " + arrows(names)
}

// checkTold warns of texts that are missing in a language: the first stands for
// them.
func (l *loader) checkTold() {
	for _, t := range l.compiler.untold {
		var missing []string
		for i, w := range t.text.by {
			if w == nil {
				missing = append(missing, l.set.Languages[i])
			}
		}
		t.at.Warn(codeUntold, "the text is missing in "+strings.Join(missing, ", "),
			fmt.Sprintf("customers are told it in %s; write {%s: ..., %s: ...}", l.set.Languages[0], l.set.Languages[0], missing[0]))
	}
}

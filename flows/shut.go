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
	w := &silences{graph: g, within: within, kinds: strings.Join(kinds, ", "), most: make([]time.Duration, len(g.order)), from: make([]int, len(g.order))}
	w.solve()
	w.report()
}

// silences is how long a customer may have been silent on coming into a state.
type silences struct {
	*graph
	within time.Duration
	kinds  string
	most   []time.Duration
	from   []int // the state before on the way of the longest silence
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
		if w.reached[i] {
			todo = append(todo, i)
			if s.hears() {
				hearing = append(hearing, i)
			}
		}
	}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		for _, a := range w.arcs[i] {
			if a.input {
				continue
			}
			d := w.most[i] + a.after
			switch {
			case a.to >= 0:
				raise(a.to, i, d)
			case a.to == toAgain:
				raise(w.start, i, d)
			case a.to == toBack:
				raise(w.start, i, d)
				for _, h := range hearing {
					if h != i { // one goes back to somewhere else
						raise(h, i, d)
					}
				}
			case a.to == toCaller:
				raise(w.start, i, d) // nothing called it for who tapped an older choice, or went back
				for _, then := range thens[w.order[i].flow] {
					raise(then, i, d)
				}
			}
		}
	}
}

func (w *silences) report() {
	for i, s := range w.order {
		if !w.reached[i] {
			continue
		}
		if w.most[i] >= w.within && s.state.say != nil {
			w.refuse(s.fields.Key("say"), s.state.say, i)
		}
		for _, a := range w.arcs[i] {
			if a.input || w.most[i]+a.after < w.within {
				continue
			}
			if a.raw.say != nil {
				w.refuse(a.raw.at, a.raw.say, i)
			}
			if a.to == toPerson {
				a.raw.at.Warn(codeShut, fmt.Sprintf("by then the window may be shut on %s: the person cannot answer", w.kinds),
					"hand over earlier, or write before_close under handoff"+w.way(i))
			}
		}
	}
}

func (w *silences) refuse(at source.Node, c *content, i int) {
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
		"wait less, or add a template to say"+w.way(i))
}

func hoursOf(d time.Duration) string { return fmt.Sprintf("%dh", int(d.Hours())) }

// way is the way of the longest silence.
func (w *silences) way(i int) string {
	var names []string
	seen := map[int]bool{}
	for ; i >= 0 && !seen[i]; i = w.from[i] {
		seen[i] = true
		names = append(names, w.order[i].name)
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

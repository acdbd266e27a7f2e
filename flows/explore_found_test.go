package flows

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhatTheExplorerFound keeps files on which a proof was wrong once. Each is
// explored, too.
func TestWhatTheExplorerFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		top   string // above flows
		flows string
		want  []string // codes of errors
	}{
		{
			"silence is no way to a person", "",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: a}], timeout: {after: 1h, go: handoff}}}}`,
			[]string{codeNoPerson},
		},
		{
			"an answer is not heard by a question that takes every text", "answers: {lead: {words: [lead], go: handoff}}",
			`main: {start: a, states: {a: {say: A, ask: x, go: a}}}`,
			[]string{codeNoPerson},
		},
		{
			"an answer is heard where nothing has begun", "answers: {lead: {words: [lead], go: handoff}}",
			`main: {start: a, states: {a: {say: A, end: true}}}`,
			nil,
		},
		{
			"a flow that an answer calls comes back to where nothing leads on", "answers: {lead: {words: [lead], go: sub}}",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: handoff}, {title: Bread, go: b}]}, b: {say: B, choices: [{title: Apples, go: b}]}}}
  sub: {start: s, states: {s: {say: S, return: true}}}`,
			[]string{codeNoPerson},
		},
		{
			"within the flow that it calls, an answer calls nothing", "answers: {lead: {words: [lead], go: sub}}",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: handoff}]}}}
  sub: {start: s, states: {s: {say: S, choices: [{title: Apples, go: t}]}, t: {return: true}}}`,
			nil,
		},
		{
			"who is never come to calls nobody", "",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: handoff}, {title: Bread, go: sub}]}}}
  sub: {start: s, states: {s: {return: true}}}
  side: {start: c, states: {c: {go: c}, d: {go: sub, then: c}}}`,
			[]string{codeUnreachable},
		},
		{
			"who calls where the flow does not return is not returned to", "",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: handoff}, {title: Bread, go: side, then: a}, {title: Cheese, go: side.d, then: b}]}, b: {say: B, choices: [{title: Apples, go: b}]}}}
  side: {start: c, states: {c: {return: true}, d: {say: D, choices: [{title: Apples, go: handoff}]}}}`,
			[]string{codeUnreachable},
		},
		{
			"the words of start_again lead to a person", "start_again: [anew]",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: handoff}, {title: Bread, go: b}]}, b: {say: B, choices: [{title: Apples, go: b}]}}}`,
			nil,
		},
		{
			"there is nothing to go back to in the beginning", "",
			`main: {start: a, states: {a: {say: A, go: back}}}`,
			[]string{codeCycle, codeNoPerson},
		},
		{
			"silence that leads back comes to an end", "handoff: {words: [agent]}",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: b}]}, b: {say: B, choices: [{title: Bread, go: a}], timeout: {after: 1h, go: back}}}}`,
			nil,
		},
		{
			"main returns though nothing called it", "handoff: {words: [agent]}\nanswers: {lead: {words: [lead], go: main.a}}",
			`main: {start: a, states: {a: {say: A, return: true}}}`,
			[]string{codeCycle},
		},
		{
			"main returns to its beginning after a day", "handoff: {words: [agent]}\nanswers: {lead: {words: [lead], go: main.a}}",
			`main: {start: a, states: {a: {say: A, choices: [{title: Apples, go: b}]}, b: {say: B, choices: [{title: Apples, go: b}], timeout: {after: 25h, go: c}}, c: {return: true}}}`,
			[]string{codeShut},
		},
		{
			"a counter that begins far below", "handoff: {words: [agent]}",
			`main: {start: a, states: {a: {set: {n: -200}, go: b}, b: {set: {n: "{{ n + 1 }}"}, on: [{if: n < 3, go: b}, {else: handoff}]}}}`,
			[]string{codeCycle},
		},
		{
			"a counter that the customer sets", "handoff: {words: [agent]}",
			`main: {start: a, states: {a: {say: A, ask: n, type: number, go: b}, b: {set: {n: "{{ n + 1 }}"}, on: [{if: n < 3, go: b}, {else: handoff}]}}}`,
			[]string{codeCycle},
		},
		{
			"a flow that is called is as long as it is, and what follows too", "handoff: {words: [agent]}",
			fmt.Sprintf("main: {start: a, states: {a: {go: sub, then: m0}, %s}}\n  sub: {start: s0, states: {%s}}", chained("m", 60, "end: true"), chained("s", 60, "return: true")),
			[]string{codeCycle},
		},
		{
			"a cycle in which a flow is called", "handoff: {words: [agent]}",
			`main: {start: a, states: {a: {go: sub, then: b}, b: {go: start_again}}}
  sub: {start: s, states: {s: {go: start_again}, t: {return: true}}}`,
			[]string{codeCycle, codeUnreachable},
		},
		{
			"an answer leads to the return of the flow in which it is given", "handoff: {words: [agent]}\nanswers: {lead: {words: [lead], go: sub.t}}",
			`main: {start: a, states: {a: {go: sub, then: b}, b: {say: B, end: true}}}
  sub: {start: s, states: {s: {say: S, choices: [{title: Apples, go: s}]}, t: {return: true}}}`,
			nil,
		},
		{
			"what is not nothing is known under else", "handoff: {words: [agent]}",
			`main: {start: a, states: {a: {on: [{if: x == nil, go: b}, {else: c}]}, b: {say: B, ask: x, go: c}, c: {say: "[{{ x }}]", end: true}}}`,
			nil,
		},
		{
			"what is said behind a return costs, and that a person comes", "handoff: {words: [agent]}",
			`main: {start: a, states: {a: {say: A, join: false, go: sub, then: b}, b: {say: B, join: false, go: c}, c: {go: handoff}}}
  sub: {start: s, states: {s: {say: S, join: false, return: true}}}`,
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := suspectOf(t, fmt.Sprintf("version: 1\nbusiness: B\n%s\nflows:\n  %s\n", c.top, c.flows))
			var got []string
			for _, f := range d.errors(codeUnreachable, codeCycle, codeNoPerson, codeUnset, codeShut) {
				got = append(got, f.Code)
			}
			slices.Sort(got)
			got = slices.Compact(got)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			for _, p := range proofs {
				p.judge(t, d, false)
			}
		})
	}
}

// chained is a chain of states.
func chained(name string, n int, last string) string {
	var all []string
	for i := range n - 1 {
		all = append(all, fmt.Sprintf("%s%d: {go: %s%d}", name, i, name, i+1))
	}
	return strings.Join(append(all, fmt.Sprintf("%s%d: {%s}", name, n-1, last)), ", ")
}

// TestTooManyWaysAreNotTooFewMessages ensures that a figure that was not looked
// for in detail is not too small: here no text is joined, and each of many ways
// says something else.
func TestTooManyWaysAreNotTooFewMessages(t *testing.T) {
	t.Parallel()
	var states []string
	for i := range 16 {
		to := fmt.Sprintf("s%d", i+1)
		states = append(states, fmt.Sprintf(`s%d: {say: S, join: false, on: [{if: today == "%d", go: %s}, {if: now == "%d", go: %s}, {else: %s}]}`, i, i, to, i, to, to))
	}
	d := suspectOf(t, "version: 1\nbusiness: B\nhandoff: {words: [agent]}\nflows: {main: {start: s0, states: {"+strings.Join(states, ", ")+", s16: {say: S, join: false, end: true}}}}\n")
	if got := d.set.facts.Messages["whatsapp"].Messages; got != 17 {
		t.Errorf("%d messages, want 17", got)
	}
	judgeCost(t, d, false)
}

package flows

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/looplab/fsm"
)

// TestLoopGuard builds what the check refuses: two states that lead to one
// another without waiting.
func TestLoopGuard(t *testing.T) {
	t.Parallel()
	set := mustParse(t, shop(t))
	a := round("a", "b")
	b := round("b", "a")
	set.byName["x.a"], set.byName["x.b"] = a, b
	set.start, set.begin = a, newMachine(pseudoStart, beginnings("x.a"))

	r := set.Step(State{Vars: map[string]any{"order": "v"}}, Said{Text: "hi there"}, Env{})
	if got := len(r.Trail); got != mostHops+1 {
		t.Errorf("%d transitions, want %d", got, mostHops+1)
	}
	want := []Effect{Say{Text: "One moment."}, Escalate{Queue: "support", Reason: ReasonLoop}}
	if diff := cmp.Diff(want, r.Effects[len(r.Effects)-2:]); diff != "" {
		t.Errorf("the end (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(State{Vars: map[string]any{"order": "v"}}, r.State); diff != "" {
		t.Errorf("the state (-want +got):\n%s", diff)
	}
}

// round is a state that says its name and goes to another by itself.
func round(name, to string) *state {
	e := &exit{event: eventGo, to: "x." + to}
	s := &state{Place: Place{"x", name}, name: "x." + name, say: &content{text: literal(name)}, next: e, exits: []*exit{e}}
	s.machine = newMachine(s.name, edges(s))
	return s
}

func TestTurn(t *testing.T) {
	t.Parallel()
	m := newMachine("a", []fsm.EventDesc{{Name: "go", Src: []string{"a"}, Dst: "b"}, {Name: "again", Src: []string{"a"}, Dst: "a"}})
	for _, c := range []struct {
		name, event, to string
		ok              bool
	}{
		{"a way out", "go", "b", true},
		{"a way back to itself is a transition", "again", "a", true},
		{"no such way", "fly", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for range 3 { // a machine that was used is as good as new
				if to, ok := m.turn(c.event); to != c.to || ok != c.ok {
					t.Errorf("turn gives %q, %t; want %q, %t", to, ok, c.to, c.ok)
				}
			}
		})
	}
}

// TestResultsAreOwn ensures that a caller who writes into a result does not
// write into the Set.
func TestResultsAreOwn(t *testing.T) {
	t.Parallel()
	set := mustParse(t, shop(t))
	first := set.Step(State{}, Said{Text: "hi"}, Env{})
	first.Effects[0].(Say).Choices[0].Title = "overwritten"
	second := set.Step(State{}, Said{Text: "hi"}, Env{})
	if got := second.Effects[0].(Say).Choices[0].Title; got != "Prices" {
		t.Errorf("the title became %q", got)
	}
}

// TestSetIsShared lets many goroutines step through one Set; -race watches.
func TestSetIsShared(t *testing.T) {
	t.Parallel()
	set := mustParse(t, shop(t))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			st := State{}
			for _, line := range []string{"hi", "open", "5", "a@b.example", "hi", "2", "x", "123456", "agent"} {
				st = set.Step(st, Said{Text: line}, Env{ContactName: "Ada"}).State
			}
			if st.Vars["order"] != "123456" || st.Vars["email"] != "a@b.example" {
				t.Errorf("ended with %v", st.Vars)
			}
		})
	}
	all.Wait()
}

package flows

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// words are pieces of what customers write: what means something in
// testdata/shop.yaml, nearly does, or nothing.
var words = []string{
	"agent", "human", "prices", "pricse", "track my order", "1", "2", "6", "99", "123456", "lost it", "menu", "open",
	"return", "complaint", "High Street", "", "  ", "\x00\xff", "{{ business }}", "退货", "hello there", "nothing",
}

func drawInput(t *rapid.T, set *Set) Input {
	ids := slices.Sorted(maps.Keys(set.taps))
	switch rapid.IntRange(0, 5).Draw(t, "kind") {
	case 0:
		return Tapped{ID: rapid.SampledFrom(ids).Draw(t, "id"), Title: rapid.SampledFrom(words).Draw(t, "title")}
	case 1:
		return Tapped{ID: rapid.String().Draw(t, "strange id"), Title: rapid.SampledFrom(words).Draw(t, "title")}
	case 2:
		return Sent{Kind: rapid.SampledFrom([]string{"image", "audio", ""}).Draw(t, "media")}
	case 3:
		return Said{Text: rapid.String().Draw(t, "text")}
	case 4:
		return rapid.SampledFrom([]Input{Returned{}, nil}).Draw(t, "other")
	default:
		return Said{Text: rapid.SampledFrom(words).Draw(t, "words")}
	}
}

func drawState(t *rapid.T, set *Set) State {
	if rapid.Bool().Draw(t, "fresh") {
		return State{}
	}
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(set.byName))).Draw(t, "stands")
	s := set.byName[name]
	return State{
		Version: rapid.SampledFrom([]string{"", set.Version, "other"}).Draw(t, "version"),
		Flow:    rapid.SampledFrom([]string{s.Flow, "gone"}).Draw(t, "flow"),
		Node:    s.Node,
		Vars:    map[string]any{"order": rapid.String().Draw(t, "order"), "strange": "x"},
		Tries:   rapid.IntRange(-2, 5).Draw(t, "tries"),
		Misses:  rapid.IntRange(-2, 5).Draw(t, "misses"),
		Missed:  rapid.SliceOfN(rapid.String(), 0, 8).Draw(t, "missed"),
	}
}

func clone(s State) State {
	s.Vars, s.Missed = maps.Clone(s.Vars), slices.Clone(s.Missed)
	return s
}

// TestStepProperties holds for every state and every sequence of inputs.
func TestStepProperties(t *testing.T) {
	t.Parallel()
	set := mustParse(t, shop(t))
	rapid.Check(t, func(t *rapid.T) {
		st := drawState(t, set)
		env := Env{ContactName: rapid.SampledFrom([]string{"", "Ada Lovelace", " "}).Draw(t, "name")}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			in := drawInput(t, set)
			before := clone(st)
			r := set.Step(st, in, env)
			if diff := cmp.Diff(before, st); diff != "" {
				t.Fatalf("the state was changed: %s", diff)
			}
			if diff := cmp.Diff(r, set.Step(st, in, env)); diff != "" {
				t.Fatalf("the same input gives another result: %s", diff)
			}
			sound(t, set, r)
			st = r.State
		}
	})
}

// sound checks what every result must be.
func sound(t *rapid.T, set *Set, r Result) {
	t.Helper()
	if len(r.Effects) == 0 || len(r.Effects) > mostHops+3 || len(r.Trail) > mostHops+1 {
		t.Fatalf("%d effects, %d transitions", len(r.Effects), len(r.Trail))
	}
	if r.Rule == "" {
		t.Fatal("no rule took it")
	}
	if len(r.State.Missed) > mostMissed {
		t.Fatalf("%d missed messages are kept", len(r.State.Missed))
	}
	over := false
	for i, e := range r.Effects {
		if over {
			t.Fatalf("an effect after the end: %+v", r.Effects)
		}
		switch e := e.(type) {
		case Say:
			if e.Text == "" {
				t.Fatal("an empty text")
			}
			for _, c := range e.Choices {
				if _, ok := set.taps[c.ID]; !ok {
					t.Fatalf("a choice that nobody knows: %q", c.ID)
				}
			}
		case Escalate:
			over = true
			if _, ok := set.Queues[e.Queue]; !ok {
				t.Fatalf("no queue %q", e.Queue)
			}
			if i == 0 {
				t.Fatal("a person is asked for and nothing was said")
			} else if _, ok := r.Effects[i-1].(Say); !ok {
				t.Fatalf("no text before: %+v", r.Effects)
			}
		case End:
			over = true
		}
	}
	if begun := r.State.Flow != "" || r.State.Node != ""; begun == over {
		t.Fatalf("over: %t, and stands in %s.%s", over, r.State.Flow, r.State.Node)
	}
	if s := set.states[Place{r.State.Flow, r.State.Node}]; !over && (s == nil || !s.waits() || r.State.Version == "") {
		t.Fatalf("stands where nobody can: %+v", r.State)
	}
}

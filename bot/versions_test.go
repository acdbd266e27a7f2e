package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

func TestAConversationFinishesOnTheVersionItBeganOn(t *testing.T) {
	t.Parallel()
	moved := func(st flows.State) (flows.State, bool) { st.Node = "moved"; return st, true }
	older := flows.State{Version: "v0", Flow: "main", Node: "ask", Vars: map[string]any{"n": "7"}, Language: "de", Chosen: true}
	unversioned := at("ask")
	unversioned.Version = ""
	for _, c := range []struct {
		name  string
		state flows.State
		adopt func(flows.State) (flows.State, bool)
		gone  bool
		by    string // who answers
		stood flows.State
	}{
		{"one of this version is answered by it", at("ask"), nil, false, "v1", at("ask")},
		{"one of an older version by that", older, nil, false, "v0", older},
		{
			"unless the new one says where it goes on", older, moved, false, "v1",
			flows.State{Version: "v1", Flow: "main", Node: "moved", Vars: older.Vars, Language: "de", Chosen: true},
		},
		{"one whose version is gone begins anew", older, nil, true, "v1", flows.State{Vars: older.Vars, Language: "de", Chosen: true}},
		{"a new beginning is the current version's", flows.State{Vars: older.Vars}, nil, false, "v1", flows.State{Vars: older.Vars}},
		{"one that knows no version is the current one's", unversioned, nil, false, "v1", unversioned},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var by string
			var stood flows.State
			answers := func(version string) *play {
				return &play{adopts: c.adopt, does: func(st flows.State, _ flows.Input) flows.Result {
					by, stood = version, st
					return flows.Result{State: st}
				}}
			}
			r := playing(answers("v1"))
			if !c.gone {
				r.older = edition{script: answers("v0"), version: "v0"}
			}
			decide(talk(func(conversation *Conversation) { conversation.Flow = c.state }), text("hi"), r, noon)
			differ(t, "answered by", c.by, by)
			differ(t, "stood", c.stood, stood)
		})
	}
}

func TestAConversationThatIsMovedIsHandedOverAllTheSame(t *testing.T) {
	t.Parallel()
	p := &play{close: 2 * time.Hour, adopts: func(st flows.State) (flows.State, bool) { return st, true }}
	s := talk(func(c *Conversation) {
		c.Flow.Version, c.Rungs, c.CloseAt, c.NewestInbound = "v0", 3, noon, noon.Add(-22*time.Hour)
	})
	differ(t, "status", handoff.Queued, wake(s, playing(p), noon).change.Conversation.Status)
}

func TestWhoWaitsForACallIsMovedAfterIt(t *testing.T) {
	t.Parallel()
	current := &play{adopts: func(st flows.State) (flows.State, bool) { st.Node = "moved"; return st, true }}
	own := &play{does: func(st flows.State, in flows.Input) flows.Result {
		_, words := in.(flows.Said)
		return flows.Result{State: st, Calling: words}
	}}
	r := playing(current)
	r.older = edition{script: own, version: "v0"}
	s := talk(func(c *Conversation) {
		dueCall(c)
		c.Flow.Version, c.Call.Attempts = "v0", 1
	})
	s = s.advance(decide(s, text("hello?"), r, noon))
	s = s.advance(answered(s, "call", flows.Called{Status: 200}, false, 0, r, noon).change)
	s = s.advance(decide(s, text("thanks"), r, noon))
	differ(t, "its own version heard", []flows.Input{flows.Said{Text: "hello?"}, flows.Called{Status: 200}}, own.heard)
	differ(t, "the current one heard", []flows.Input{flows.Said{Text: "thanks"}}, current.heard)
	differ(t, "stands", "moved", s.Conversation.Flow.Node)
}

func TestAfterAnOlderVersionEndsTheCurrentOneBegins(t *testing.T) {
	t.Parallel()
	v0, v1 := &play{does: func(flows.State, flows.Input) flows.Result { return flows.Result{Effects: []flows.Effect{flows.End{}}} }}, &play{}
	r := playing(v1)
	r.older = edition{script: v0, version: "v0"}
	s := talk(func(c *Conversation) { c.Flow = flows.State{Version: "v0", Flow: "main", Node: "ask"} })
	s = s.advance(decide(s, text("bye"), r, noon))
	decide(s, text("hi"), r, noon) // of the same batch: loaded once
	differ(t, "the older heard", []flows.Input{flows.Said{Text: "bye"}}, v0.heard)
	differ(t, "the current heard", []flows.Input{flows.Said{Text: "hi"}}, v1.heard)
}

func TestATicketHasItsPromiseFromTheVersionThatOpenedIt(t *testing.T) {
	t.Parallel()
	r := playing(&play{})
	r.older = edition{script: &play{does: over}, version: "v0", queues: map[string]flows.Queue{"support": {FirstReply: time.Hour}}}
	s := talk(func(c *Conversation) { c.Flow = flows.State{Version: "v0", Flow: "main", Node: "ask"} })
	change := decide(s, text("person"), r, noon)
	differ(t, "status", handoff.Queued, change.Conversation.Status)
	differ(t, "promise", noon.Add(time.Hour), change.Ticket.PromisedBy)
}

func TestWhatAVersionThatIsGoneWaitedForIsDropped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		set  func(*Conversation)
	}{
		{"silence", func(c *Conversation) { c.SilentAt = noon }},
		{"a call that was lost", func(c *Conversation) { dueCall(c); c.Call.Attempts, c.Call.BegunAt = 3, noon.Add(-time.Minute) }},
		{"the close of the window", func(c *Conversation) { c.CloseAt = noon }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{close: 23 * time.Hour}
			w := wake(talk(c.set, func(c *Conversation) { c.Flow.Version = "v0" }), playing(p), noon)
			differ(t, "heard", []flows.Input(nil), p.heard)
			differ(t, "due again", time.Time{}, w.change.Conversation.WakeAt())
			differ(t, "begun", false, w.change.Conversation.Flow.Begun())
		})
	}
}

// books is a Library of versions whose files are their names.
type books struct {
	Library
	loads map[string]int
	fault error
}

func (b *books) Flows(_ context.Context, version string) (flows.Files, error) {
	b.loads[version]++
	if b.fault != nil {
		return flows.Files{}, b.fault
	}
	if strings.HasPrefix(version, "gone") {
		return flows.Files{}, fmt.Errorf("version %s: %w", version, ErrNotFound)
	}
	return flows.Files{Root: version}, nil
}

func TestOlderVersionsAreLoadedOnce(t *testing.T) {
	t.Parallel()
	library := &books{loads: map[string]int{}}
	var log strings.Builder
	s := newShelf(library, func(f flows.Files) *flows.Set {
		switch f.Root {
		case "bad":
			return nil
		case "worse":
			panic("a fault of the reader")
		}
		return &flows.Set{Version: "as parsed today"}
	}, slog.New(slog.NewTextHandler(&log, nil)))
	take := func(version string) edition {
		t.Helper()
		e, err := s.take(t.Context(), version)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for range 3 {
		differ(t, "the version is the one asked for", "v0", take("v0").version)
		for _, none := range []string{"gone", "bad", "worse"} {
			if e := take(none); e.script != nil {
				t.Errorf("%s gives %v", none, e.version)
			}
		}
	}
	differ(t, "loads", map[string]int{"v0": 1, "gone": 1, "bad": 1, "worse": 1}, library.loads)
	differ(t, "lines in the log", 3, strings.Count(log.String(), "begin anew"))

	for i := range mostEditions {
		take(fmt.Sprintf("v%d", i+1))
	}
	differ(t, "kept", mostEditions, len(s.editions))
	take("v0")
	differ(t, "loads of what was not used for long", 2, library.loads["v0"])
	take(fmt.Sprintf("v%d", mostEditions))
	differ(t, "loads of what was used", 1, library.loads[fmt.Sprintf("v%d", mostEditions)])
}

func TestALibraryThatCannotBeReadIsAnErrorAndForgotten(t *testing.T) {
	t.Parallel()
	library := &books{loads: map[string]int{}, fault: errors.New("the disk is full")}
	s := newShelf(library, func(flows.Files) *flows.Set { return &flows.Set{} }, slog.New(slog.DiscardHandler))
	if _, err := s.take(t.Context(), "v0"); !errors.Is(err, library.fault) {
		t.Errorf("got %v, want the store's error", err)
	}
	library.fault = nil
	if e, err := s.take(t.Context(), "v0"); err != nil || e.script == nil {
		t.Errorf("got %v and %v afterwards", e.version, err)
	}
}

func TestWhatWasCurrentStaysOnTheShelf(t *testing.T) {
	t.Parallel()
	e := NewEngine(EngineConfig{Set: &flows.Set{Version: "v0"}, Log: slog.New(slog.DiscardHandler)})
	e.SetFlows(&flows.Set{Version: "v1"})
	differ(t, "current", "v1", e.Flows().Version)
	r, err := e.rules(t.Context(), Lookup{}, talk(func(c *Conversation) { c.Flow.Version = "v0" }))
	if err != nil {
		t.Fatal(err)
	}
	differ(t, "older", "v0", r.older.version)
}

package bot

import (
	"testing"
	"time"

	"frontdesk/flows"
)

func TestACallThatIsDue(t *testing.T) {
	t.Parallel()
	begun := noon.Add(-15 * time.Second)
	for _, c := range []struct {
		name  string
		call  Call
		rules func(*rules)
		want  *Call // nil: the flow was told, or nothing was done
		told  []flows.Input
		waits bool
		calls callTally
	}{
		{
			"the first attempt is stored before it goes out",
			Call{},
			nil,
			&Call{Attempts: 1, BegunAt: noon, DueAt: noon.Add(15 * time.Second)}, nil, false,
			callTally{begun: 1},
		},
		{
			"so is a further one",
			Call{Attempts: 1, Code: "http_503"},
			nil,
			&Call{Attempts: 2, BegunAt: noon, DueAt: noon.Add(15 * time.Second), Code: "http_503"}, nil, false,
			callTally{begun: 1},
		},
		{
			"one whose result was lost is made again with the same id",
			Call{Attempts: 2, BegunAt: begun},
			nil,
			&Call{Attempts: 3, BegunAt: noon, DueAt: noon.Add(15 * time.Second), Code: "timeout"}, nil, false,
			callTally{begun: 1, retried: 1},
		},
		{
			"the last whose result was lost got no answer",
			Call{Attempts: 3, BegunAt: begun},
			nil,
			nil,
			[]flows.Input{flows.Called{Error: "timeout"}},
			false,
			callTally{failed: 1},
		},
		{
			"that needs no room",
			Call{Attempts: 3, BegunAt: begun},
			func(r *rules) { r.room = false },
			nil,
			[]flows.Input{flows.Called{Error: "timeout"}},
			false,
			callTally{failed: 1},
		},
		{"where there is no room it waits", Call{}, func(r *rules) { r.room = false }, nil, nil, true, callTally{}},
		{
			"where nobody calls it is refused",
			Call{},
			func(r *rules) { r.callers, r.room = false, false },
			nil,
			[]flows.Input{flows.Called{Error: "refused"}},
			false,
			callTally{failed: 1},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{}
			r := playing(p)
			if c.rules != nil {
				c.rules(&r)
			}
			c.call.ID, c.call.Request, c.call.DueAt = "call", lookup, noon
			before := c.call
			w := wake(talk(func(conversation *Conversation) { conversation.Call = &c.call }), r, noon)
			if c.want != nil {
				c.want.ID, c.want.Request = "call", lookup
			}
			differ(t, "waits", c.waits, w.waits)
			differ(t, "counts", c.calls, w.calls)
			differ(t, "told", c.told, p.heard)
			if w.acted {
				differ(t, "the call", c.want, w.change.Conversation.Call)
			}
			differ(t, "what was loaded", before, c.call)
		})
	}
}

func TestTheResultOfACall(t *testing.T) {
	t.Parallel()
	ok, busy := flows.Called{Status: 200, Body: "sent"}, flows.Called{Status: 503}
	cut := flows.Called{Error: "connection"}
	again := func(wait time.Duration, code string, attempts int) *Call {
		return &Call{ID: "call", Request: lookup, Attempts: attempts, DueAt: noon.Add(wait), Code: code}
	}
	for _, c := range []struct {
		name     string
		attempts int
		id       string
		result   flows.Called
		again    bool
		after    time.Duration
		acted    bool
		want     *Call
		told     []flows.Input
		calls    callTally
	}{
		{"an answer goes to the flow", 1, "call", ok, false, 0, true, nil, []flows.Input{ok}, callTally{succeeded: 1}},
		{"so does a refusal by the other side", 1, "call", flows.Called{Status: 404}, false, 0, true, nil, []flows.Input{flows.Called{Status: 404}}, callTally{succeeded: 1}},
		{"what may be tried again is, after a second", 1, "call", cut, true, 0, true, again(time.Second, "connection", 1), nil, callTally{retried: 1}},
		{"then after two", 2, "call", busy, true, 0, true, again(2*time.Second, "http_503", 2), nil, callTally{retried: 1}},
		{"or as long as it was asked to wait", 1, "call", busy, true, 20 * time.Second, true, again(20*time.Second, "http_503", 1), nil, callTally{retried: 1}},
		{"but for a minute at most", 1, "call", busy, true, time.Hour, true, again(time.Minute, "http_503", 1), nil, callTally{retried: 1}},
		{"after the last attempt the flow is told", 3, "call", busy, true, 0, true, nil, []flows.Input{busy}, callTally{failed: 1}},
		{"what must not be tried again is told", 1, "call", cut, false, 0, true, nil, []flows.Input{cut}, callTally{failed: 1}},
		{"the result of another call comes too late", 1, "older", ok, false, 0, false, nil, nil, callTally{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{}
			s := talk(func(conversation *Conversation) {
				conversation.Call = &Call{
					ID: "call", Request: lookup, Attempts: c.attempts, BegunAt: noon.Add(-time.Second), DueAt: noon.Add(14 * time.Second),
				}
			})
			w := answered(s, c.id, c.result, c.again, c.after, playing(p), noon)
			differ(t, "acted", c.acted, w.acted)
			differ(t, "the call", c.want, w.change.Conversation.Call)
			differ(t, "told", c.told, p.heard)
			differ(t, "counts", c.calls, w.calls)
		})
	}
	t.Run("a call that the conversation left behind is dropped", func(t *testing.T) {
		t.Parallel()
		if w := answered(talk(), "call", ok, false, 0, playing(&play{}), noon); w.acted {
			t.Errorf("it did %+v", w)
		}
	})
	t.Run("an answer may lead to the next call", func(t *testing.T) {
		t.Parallel()
		p := &play{does: does(flows.Result{Effects: []flows.Effect{lookup}, Calling: true})}
		s := talk(func(c *Conversation) { dueCall(c); c.Call.Attempts = 1 })
		w := answered(s, "call", ok, false, 0, playing(p), noon)
		differ(t, "the call", &Call{ID: "id1", Request: lookup, DueAt: noon}, w.change.Conversation.Call)
	})
}

func TestWhatWasWrittenBeforeAnAnswerCameIsTakenBeforeIt(t *testing.T) {
	t.Parallel()
	ok := flows.Called{Status: 200}
	for _, c := range []struct {
		name  string
		stays bool // the flow goes on waiting for the call
		heard []flows.Input
	}{
		{"words that change nothing", true, []flows.Input{flows.Said{Text: "hurry"}, ok}},
		{"words that lead away from the call", false, []flows.Input{flows.Said{Text: "hurry"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{does: func(st flows.State, in flows.Input) flows.Result {
				_, words := in.(flows.Said)
				return flows.Result{State: st, Calling: words && c.stays}
			}}
			s := talk(func(c *Conversation) {
				dueCall(c)
				c.Call.Attempts, c.Gathered, c.AnswerAt = 1, []string{"hurry"}, noon.Add(time.Second)
			})
			w := answered(s, "call", ok, false, 0, playing(p), noon)
			differ(t, "heard", c.heard, p.heard)
			differ(t, "due again", time.Time{}, w.change.Conversation.WakeAt())
			differ(t, "gathered", []string(nil), w.change.Conversation.Gathered)
		})
	}
}

func TestAStepKeepsTheCallThatIsUnderWay(t *testing.T) {
	t.Parallel()
	wait := flows.Result{Effects: []flows.Effect{says("One moment.")}, Calling: true}
	for _, c := range []struct {
		name string
		res  flows.Result
		want *Call
	}{
		{"while the flow waits for it", wait, &Call{ID: "call", Request: lookup, DueAt: noon}},
		{"and ends it when the flow went elsewhere", flows.Result{}, nil},
		{"and when another takes its place", flows.Result{Effects: []flows.Effect{lookup}, Calling: true}, &Call{ID: "id1", Request: lookup, DueAt: noon}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			change := decide(talk(dueCall), text("hello?"), playing(&play{does: does(c.res)}), noon)
			differ(t, "the call", c.want, change.Conversation.Call)
		})
	}
}

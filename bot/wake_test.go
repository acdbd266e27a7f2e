package bot

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/flows"
	"frontdesk/handoff"
)

var lookup = flows.Call{Method: "GET", URL: "https://shop.example/orders/7", Timeout: 5 * time.Second, Tries: 3}

func dueCall(c *Conversation) { c.Call = &Call{ID: "call", Request: lookup, DueAt: noon} }

func TestWakeDoesWhatIsDue(t *testing.T) {
	t.Parallel()
	quiet := flows.Result{}
	ask := flows.Result{Effects: []flows.Effect{says("And?")}, Silence: time.Hour}
	for _, c := range []struct {
		name  string
		set   func(*Conversation)
		does  func(flows.State, flows.Input) flows.Result
		heard []flows.Input
		lines []string
		want  time.Time // WakeAt afterwards
	}{
		{
			"a customer who stayed silent", func(c *Conversation) { c.SilentAt = noon }, does(ask),
			[]flows.Input{flows.TimedOut{}},
			[]string{"bot And?"},
			noon.Add(time.Hour),
		},
		{
			"silence that ends the flow", func(c *Conversation) { c.SilentAt = noon.Add(-time.Hour) },
			func(flows.State, flows.Input) flows.Result {
				return flows.Result{Effects: []flows.Effect{says("Bye."), flows.End{}}, Silence: time.Hour}
			},
			[]flows.Input{flows.TimedOut{}},
			[]string{"bot Bye."},
			time.Time{},
		},
		{
			"silence in a flow that is over already is told to nobody",
			func(c *Conversation) { c.SilentAt, c.Flow = noon, flows.State{} }, does(ask), nil, nil,
			time.Time{},
		},
		{
			"silence that hands over", func(c *Conversation) { c.SilentAt = noon }, over,
			[]flows.Input{flows.TimedOut{}},
			[]string{"system Handed over to support: the flow hands over here"},
			time.Time{},
		},
		{
			"texts that were gathered", func(c *Conversation) { c.AnswerAt, c.Gathered = noon, []string{"hi", "there"} }, does(ask),
			[]flows.Input{flows.Said{Text: "hi\nthere"}},
			[]string{"bot And?"},
			noon.Add(time.Hour),
		},
		{"a call", dueCall, does(quiet), nil, nil, noon.Add(15 * time.Second)},
		{
			"a step that leaves the call behind", func(c *Conversation) { dueCall(c); c.AnswerAt, c.Gathered = noon, []string{"stop"} },
			does(quiet),
			[]flows.Input{flows.Said{Text: "stop"}},
			nil,
			time.Time{},
		},
		{
			"a call that an answer asks for goes out at once", func(c *Conversation) { c.AnswerAt, c.Gathered = noon, []string{"7"} },
			does(flows.Result{Effects: []flows.Effect{lookup}, Calling: true}),
			[]flows.Input{flows.Said{Text: "7"}},
			nil, noon.Add(15 * time.Second),
		},
		{
			"all at once, in order", func(c *Conversation) {
				dueCall(c)
				c.AnswerAt, c.Gathered, c.SilentAt = noon, []string{"hi"}, noon
			}, does(flows.Result{Effects: []flows.Effect{says("Moment.")}, Calling: true, Silence: time.Minute}),
			[]flows.Input{flows.Said{Text: "hi"}},
			[]string{"bot Moment."},
			noon.Add(15 * time.Second),
		},
		{"after a handover nothing else is due", func(c *Conversation) {
			dueCall(c)
			c.AnswerAt, c.Gathered, c.SilentAt, c.CloseAt = noon, []string{"person"}, noon, noon
		}, over, []flows.Input{flows.Said{Text: "person"}}, []string{"system Handed over to support: the flow hands over here"}, time.Time{}},
		{"people's own conversation waits for nothing", func(c *Conversation) { dueCall(c); c.Status = handoff.Assigned }, does(ask), nil, nil, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{does: c.does}
			w := wake(talk(c.set), playing(p), noon)
			if !w.acted {
				t.Fatal("nothing was done")
			}
			differ(t, "heard", c.heard, p.heard)
			differ(t, "lines", c.lines, lines(w.change))
			differ(t, "due again", c.want, besides(w.change.Conversation))
			differ(t, "version", uint64(4), w.change.Conversation.Version)
		})
	}
}

func TestACallThatFindsNoRoomForTooLongIsSilence(t *testing.T) {
	t.Parallel()
	p := &play{}
	r := playing(p)
	r.room = false
	w := wake(talk(func(c *Conversation) { dueCall(c); c.SilentAt = noon }), r, noon)
	differ(t, "heard", []flows.Input{flows.TimedOut{}}, p.heard)
	if w.change.Conversation.Call != nil {
		t.Error("the call stays, though the flow went on")
	}
}

func TestWhileTheProgramWasDownACallWaitedForNoRoom(t *testing.T) {
	t.Parallel()
	p := &play{}
	r := playing(p)
	r.room, r.since = false, noon.Add(-time.Minute)
	w := wake(talk(func(c *Conversation) { dueCall(c); c.SilentAt = noon.Add(-time.Hour) }), r, noon)
	differ(t, "heard", []flows.Input(nil), p.heard)
	differ(t, "waits", true, w.waits)
	differ(t, "silence", r.since.Add(callRoom), w.change.Conversation.SilentAt)
}

func TestACallOfAClockThatWentBackIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	p := &play{}
	w := wake(talk(func(c *Conversation) {
		dueCall(c)
		c.Call.Attempts, c.Call.BegunAt, c.Call.DueAt = 1, noon.Add(24*time.Hour), noon.Add(24*time.Hour+15*time.Second)
		c.SilentAt = noon
	}), playing(p), noon)
	differ(t, "heard", []flows.Input{flows.TimedOut{}}, p.heard)
	differ(t, "due again", time.Time{}, besides(w.change.Conversation))
}

func TestWakeLeavesAloneWhatIsNotDue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		set  func(*Conversation)
	}{
		{"nothing waits", func(*Conversation) {}},
		{"all is still to come", func(c *Conversation) {
			dueCall(c)
			later := noon.Add(1)
			c.Call.DueAt, c.SilentAt, c.AnswerAt, c.CloseAt = later, later, later, later
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{}
			if w := wake(talk(c.set), playing(p), noon); w.acted || w.waits || p.heard != nil {
				t.Errorf("it did %+v and told %v", w, p.heard)
			}
		})
	}
}

func TestIntoAShutWindowNothingIsSaid(t *testing.T) {
	t.Parallel()
	yesterday := func(c *Conversation) { c.SilentAt, c.NewestInbound = noon, noon.Add(-24*time.Hour) }
	template := flows.Say{Text: "Still there?", Template: &Template{Name: "still_there", Language: "en"}}
	const noted = "system Not said: the window is closed"
	for _, c := range []struct {
		name    string
		effects []flows.Effect
		lines   []string
		status  handoff.Status
	}{
		{"texts are noted once", []flows.Effect{says("one"), says("two")}, []string{noted}, handoff.Bot},
		{"a template is sent", []flows.Effect{template}, []string{"bot Still there?"}, handoff.Bot},
		{
			"a person is asked for all the same",
			[]flows.Effect{says("one"), flows.Escalate{Queue: "support", Reason: flows.ReasonFlow}},
			[]string{noted, "system Handed over to support: the flow hands over here"},
			handoff.Queued,
		},
		{"where nothing is to be said nothing is noted", nil, nil, handoff.Bot},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := wake(talk(yesterday), playing(&play{does: does(flows.Result{Effects: c.effects})}), noon)
			differ(t, "lines", c.lines, lines(w.change))
			differ(t, "status", c.status, w.change.Conversation.Status)
		})
	}
	t.Run("a channel without templates sends none", func(t *testing.T) {
		t.Parallel()
		r := playing(&play{does: does(flows.Result{Effects: []flows.Effect{template}})})
		r.limits.Templates = false
		differ(t, "lines", []string{noted}, lines(wake(talk(yesterday), r, noon).change))
	})
}

func TestAWakeThatPanicsAsksForAPersonAndIsDueNoMore(t *testing.T) {
	t.Parallel()
	p := &play{does: func(flows.State, flows.Input) flows.Result { panic("a fault of ours") }}
	s, r := talk(func(c *Conversation) {
		c.Gathered, c.AnswerAt, c.SilentAt, c.CloseAt = []string{"hi"}, noon, noon, noon
	}), playing(p)
	var faults []any
	w := guarded(s, r, noon, func(f any) { faults = append(faults, f) }, func() woken { return wake(s, r, noon) })
	differ(t, "faults", []any{"a fault of ours"}, faults)
	differ(t, "acted", true, w.acted)
	differ(t, "due again", time.Time{}, besides(w.change.Conversation))
	differ(t, "the ticket's reason", string(flows.ReasonFault), w.change.Ticket.Reason)
}

func TestAStepKnowsTheCustomerTheChannelAndTheMoment(t *testing.T) {
	t.Parallel()
	p := &play{}
	wake(talk(func(c *Conversation) { c.SilentAt = noon }), playing(p), noon)
	quote := flows.Quote{Known: true, FreeLeft: 1000, Closes: noon.Add(23 * time.Hour)}
	differ(t, "env", []flows.Env{{
		ContactName: "Mara Test", Language: "de-AT", Channel: "whatsapp", Now: noon, Quote: quote, Nobody: func(string) bool { return false },
	}}, p.envs)
}

// TestAWakeIsNeverDueAgainAtOnce: whatever is due, and whatever the flow answers
// to it, afterwards nothing is due but a call that there was no room for, or one
// that the flow asked for after calls had their turn. And in people's conversations
// the bot waits for nothing.
func TestAWakeIsNeverDueAgainAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.SampledFrom([]time.Time{{}, noon.Add(-time.Hour), noon, noon.Add(time.Hour)})
		hours := func(name string, most int) time.Duration {
			return time.Duration(rapid.IntRange(0, most).Draw(t, name)) * time.Hour
		}
		p := &play{
			close: hours("before close", 3), gather: time.Second, rungs: []time.Duration{20 * time.Hour, time.Hour},
			people: rapid.Bool().Draw(t, "rungs for people"), away: rapid.Bool().Draw(t, "away"),
		}
		p.does = func(st flows.State, in flows.Input) flows.Result {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				return over(st, in)
			case 1:
				return flows.Result{Effects: []flows.Effect{flows.End{}}}
			case 2:
				return flows.Result{State: st, Effects: []flows.Effect{lookup}, Calling: true}
			default:
				return flows.Result{State: st, Effects: []flows.Effect{says("And?")}, Silence: hours("silence", 2), Calling: rapid.Bool().Draw(t, "calling")}
			}
		}
		s := talk(func(c *Conversation) {
			c.SilentAt, c.CloseAt = moment.Draw(t, "silent"), moment.Draw(t, "close")
			if c.AnswerAt = moment.Draw(t, "answer"); !c.AnswerAt.IsZero() {
				c.Gathered = []string{"hi"}
			}
			if due := moment.Draw(t, "call"); !due.IsZero() {
				c.Call = &Call{ID: "call", Request: lookup, DueAt: due, Attempts: rapid.IntRange(0, 3).Draw(t, "attempts")}
				if c.Call.Attempts > 0 && rapid.Bool().Draw(t, "begun") {
					c.Call.BegunAt = noon.Add(-time.Minute)
				}
			}
			c.NewestInbound = noon.Add(-hours("age", 26))
			c.Rungs = rapid.IntRange(0, 3).Draw(t, "rungs")
			c.Status = rapid.SampledFrom([]handoff.Status{handoff.Bot, handoff.Queued, handoff.Assigned}).Draw(t, "status")
		})
		r := playing(p)
		r.room, r.callers = rapid.Bool().Draw(t, "room"), rapid.Bool().Draw(t, "callers")
		w := wake(s, r, noon)
		if !w.acted {
			if at := s.Conversation.WakeAt(); !w.waits && !at.IsZero() && !at.After(noon) {
				t.Fatal("something was due and nothing was done")
			}
			return
		}
		c := w.change.Conversation
		fresh := c.Call != nil && c.Call.DueAt.Equal(noon) && c.Call.Attempts == 0
		if fresh || w.waits {
			c.Call = nil
		}
		if at := c.WakeAt(); !at.IsZero() && !at.After(noon) {
			t.Fatalf("due again at once: %+v", c)
		}
		if c.Status != handoff.Bot && (c.Call != nil || !c.AnswerAt.IsZero() || !c.SilentAt.IsZero() || c.Gathered != nil) {
			t.Fatalf("people own it, and it waits for something: %+v", c)
		}
	})
}

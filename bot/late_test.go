package bot

import (
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// aged is something that came so long after it was written.
func aged(in Inbound, age time.Duration) Inbound {
	in.Message.At = noon.Add(-age)
	return in
}

func TestWhatComesLateIsAnsweredOnceOrHandedOver(t *testing.T) {
	t.Parallel()
	const gone = 25 * time.Hour
	tap := inbound(Message{Kind: KindChoice, ChoiceID: "main.menu:Prices", Text: "Prices"})
	tapped := flows.Tapped{ID: "main.menu:Prices", Title: "Prices"}
	for _, c := range []struct {
		name   string
		gather time.Duration // of the file
		come   []Inbound     // in the order in which they come, all at noon
		at     time.Duration // from noon: when something is done although nobody writes; 0: never
		heard  []flows.Input // until then, and then
		status handoff.Status
	}{
		{"a text of this moment is answered at once", 0, []Inbound{text("a")}, 0, []flows.Input{flows.Said{Text: "a"}}, handoff.Bot},
		{"so is one that took a minute", 0, []Inbound{aged(text("a"), time.Minute)}, 0, []flows.Input{flows.Said{Text: "a"}}, handoff.Bot},
		{
			"late texts are one", 0,
			[]Inbound{aged(text("a"), 20*time.Hour), aged(text("b"), time.Hour), aged(text("c"), 2*time.Minute)},
			lateWait,
			[]flows.Input{flows.Said{Text: "a\nb\nc"}},
			handoff.Bot,
		},
		{
			"a text of this moment among them, too", 0,
			[]Inbound{aged(text("a"), time.Hour), text("b")},
			lateWait,
			[]flows.Input{flows.Said{Text: "a\nb"}},
			handoff.Bot,
		},
		{
			"where the file gathers for longer, that counts", 10 * time.Second,
			[]Inbound{aged(text("a"), time.Hour)},
			10 * time.Second,
			[]flows.Input{flows.Said{Text: "a"}},
			handoff.Bot,
		},
		{
			"a text of this moment waits as the file says", time.Second,
			[]Inbound{aged(text("a"), time.Hour), text("b")},
			time.Second,
			[]flows.Input{flows.Said{Text: "a\nb"}},
			handoff.Bot,
		},
		{"a late tap is answered at once", 0, []Inbound{aged(tap, time.Hour)}, 0, []flows.Input{tapped}, handoff.Bot},
		{"what nobody may answer any more goes to a person", 0, []Inbound{aged(text("a"), gone)}, lateWait, nil, handoff.Queued},
		{"also a tap", 0, []Inbound{aged(tap, gone)}, lateWait, nil, handoff.Queued},
		{"also at the last moment", 0, []Inbound{aged(text("a"), 24*time.Hour)}, lateWait, nil, handoff.Queued},
		{
			"unless something newer comes soon, which alone is answered", 0,
			[]Inbound{aged(text("a"), gone), aged(text("b"), time.Hour)},
			lateWait,
			[]flows.Input{flows.Said{Text: "b"}},
			handoff.Bot,
		},
		{
			"or came before", 0,
			[]Inbound{aged(text("b"), time.Hour), aged(text("a"), gone)},
			lateWait,
			[]flows.Input{flows.Said{Text: "b"}},
			handoff.Bot,
		},
		{"or is a tap", 0, []Inbound{aged(text("a"), gone), tap}, 0, []flows.Input{tapped}, handoff.Bot},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{gather: c.gather}
			r := playing(p)
			s := talk(func(conversation *Conversation) { conversation.NewestInbound = noon.Add(-30 * 24 * time.Hour) })
			for _, in := range c.come {
				s = s.advance(decide(s, in, r, noon))
			}
			var due time.Time
			if c.at > 0 {
				due = noon.Add(c.at)
			}
			differ(t, "due", due, besides(s.Conversation))
			if c.at > 0 {
				w := wake(s, r, due)
				s = s.advance(w.change)
			}
			differ(t, "heard", c.heard, p.heard)
			differ(t, "status", c.status, s.Conversation.Status)
			differ(t, "due again", time.Time{}, besides(s.Conversation))
			if c.status == handoff.Queued {
				differ(t, "reason", "the window has closed", s.Ticket.Why())
			}
		})
	}
}

func TestAnOldLineDoesNotDisturbWhatTheCustomerIsDoing(t *testing.T) {
	t.Parallel()
	p := &play{does: does(flows.Result{Silence: time.Hour})}
	r := playing(p)
	s := talk()
	s = s.advance(decide(s, text("now"), r, noon))
	before := s.Conversation
	after := decide(s, aged(text("then"), 25*time.Hour), r, noon.Add(time.Second)).Conversation
	differ(t, "heard", []flows.Input{flows.Said{Text: "now"}}, p.heard)
	differ(t, "wakes", before.WakeAt(), after.WakeAt())
	differ(t, "state", before.Flow, after.Flow)
	differ(t, "window", before.NewestInbound, after.NewestInbound)
}

func TestWhatComesLateToPeopleStaysWithThem(t *testing.T) {
	t.Parallel()
	p := &play{}
	s := talk(func(c *Conversation) { c.Status = handoff.Assigned })
	got := decide(s, aged(text("hi"), 25*time.Hour), playing(p), noon).Conversation
	differ(t, "heard", []flows.Input(nil), p.heard)
	differ(t, "status", handoff.Assigned, got.Status)
	differ(t, "due", time.Time{}, besides(got))
}

func TestACallThatEndsMeanwhileDoesNotHideAMissedMessage(t *testing.T) {
	t.Parallel()
	p := &play{}
	r := playing(p)
	s := talk(func(c *Conversation) {
		c.NewestInbound = noon.Add(-30 * time.Hour)
		c.Call = &Call{ID: "call", BegunAt: noon, DueAt: noon.Add(time.Minute)}
	})
	s = s.advance(decide(s, aged(text("hi"), 25*time.Hour), r, noon))
	w := answered(s, "call", flows.Called{Status: 200}, false, 0, r, noon.Add(time.Second))
	differ(t, "heard", []flows.Input(nil), p.heard)
	differ(t, "status", handoff.Queued, w.change.Conversation.Status)
	differ(t, "due", time.Time{}, besides(w.change.Conversation))
}

package bot

import (
	"testing"
	"time"

	"frontdesk/handoff"
)

func TestWhatFollowsFromAnAnswerThatIsNotSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		message Message
		status  handoff.Status
		wrote   time.Duration // before noon
		outcome Outcome
		lines   []string
		state   MessageState
	}{
		{
			"the bot's is missed by its customer",
			Message{Author: AuthorBot},
			handoff.Bot, time.Hour,
			Outcome{State: StateFailed},
			[]string{"bot Hello!", "system Handed over to support: an answer could not be sent"},
			StateFailed,
		},
		{
			"when the window has closed the ticket says so",
			Message{Author: AuthorBot},
			handoff.Bot, 25 * time.Hour,
			Outcome{State: StateDraft},
			[]string{"bot Hello!", "system Handed over to support: the window has closed"},
			StateDraft,
		},
		{
			"so it does when the platform says that",
			Message{Author: AuthorBot},
			handoff.Bot, time.Hour,
			Outcome{State: StateDraft, ShutAt: noon.Add(-time.Hour)},
			[]string{"bot Hello!", "system Handed over to support: the window has closed"},
			StateDraft,
		},
		{
			"a message that came meanwhile opened a window of its own",
			Message{Author: AuthorBot},
			handoff.Bot, time.Hour,
			Outcome{State: StateDraft, ShutAt: noon.Add(-2 * time.Hour)},
			[]string{"bot Hello!", "system Handed over to support: an answer could not be sent"},
			StateDraft,
		},
		{"a courtesy is missed by nobody", Message{Author: AuthorBot, Courtesy: true}, handoff.Bot, time.Hour, Outcome{State: StateFailed}, []string{"bot Hello!"}, StateFailed},
		{"a person sees what became of their words", Message{Author: AuthorAgent}, handoff.Assigned, time.Hour, Outcome{State: StateDraft}, []string{"agent Hello!"}, StateDraft},
		{
			"what a person wrote who has resolved it since",
			Message{Author: AuthorAgent},
			handoff.Resolved, time.Hour,
			Outcome{State: StateFailed},
			[]string{"agent Hello!", "system Handed over to support: an answer could not be sent"},
			StateFailed,
		},
		{
			"or has given it back",
			Message{Author: AuthorAgent},
			handoff.Bot, time.Hour,
			Outcome{State: StateDraft},
			[]string{"agent Hello!", "system Handed over to support: an answer could not be sent"},
			StateDraft,
		},
		{
			"nobody knows whether the bot's arrived",
			Message{Author: AuthorBot},
			handoff.Bot, time.Hour,
			Outcome{State: StateUnknown},
			[]string{"bot Hello!", "system Handed over to support: an answer could not be sent"},
			StateUnknown,
		},
		{"people have the conversation already", Message{Author: AuthorBot}, handoff.Queued, time.Hour, Outcome{State: StateFailed}, []string{"bot Hello!"}, StateFailed},
		{"a receipt knows better", Message{Author: AuthorBot, State: StateRead}, handoff.Bot, time.Hour, Outcome{State: StateFailed}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := talk(func(conversation *Conversation) {
				conversation.Status, conversation.NewestInbound = c.status, noon.Add(-c.wrote)
			})
			c.message.Conversation, c.message.Seq, c.message.Text = "c", 7, "Hello!"
			if c.message.State == "" {
				c.message.State = StateQueued
			}
			s.Messages = []Message{c.message}
			c.outcome.Conversation, c.outcome.Seq = "c", 7
			c.outcome.At, c.outcome.NextAt = noon, noon.Add(6*time.Second)
			got := unsent(s, c.outcome, playing(&play{}), noon)[0]
			differ(t, "lines", c.lines, lines(got))
			differ(t, "leaves the outbox", []uint64{7}, got.Settled)
			differ(t, "what is behind it waits", noon.Add(6*time.Second), got.NextAt)
			shut := !c.outcome.ShutAt.IsZero() && c.outcome.ShutAt.Equal(s.Conversation.NewestInbound)
			differ(t, "the window is shut", shut, !got.Conversation.ShutAt.IsZero())
			if c.state != "" {
				differ(t, "state", c.state, got.Messages[0].State)
			}
		})
	}
}

func TestWhatMayNotGoStaysAsADraftWhenSomebodyWaitsForIt(t *testing.T) {
	t.Parallel()
	out := noon.Add(-time.Hour)
	for _, c := range []struct {
		name    string
		message Message
		contact Contact
		want    MessageState // empty: it goes
		code    string
	}{
		{"an answer to somebody who opted out goes", Message{Author: AuthorBot}, Contact{OptedOutAt: out}, "", ""},
		{"a courtesy does not", Message{Author: AuthorBot, Courtesy: true}, Contact{OptedOutAt: out}, StateCancelled, "opted_out"},
		{"nor a template of the bot's", Message{Author: AuthorBot, Template: &Template{Name: "news"}}, Contact{OptedOutAt: out}, StateFailed, "opted_out"},
		{"a person's template goes", Message{Author: AuthorAgent, Template: &Template{Name: "news"}}, Contact{OptedOutAt: out}, "", ""},
		{"who did not opt out gets courtesies", Message{Author: AuthorBot, Courtesy: true}, Contact{}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := Attempt{Message: c.message, Contact: c.contact, Conversation: Conversation{NewestInbound: noon.Add(-time.Minute)}}
			checkVerdict(t, judge(a, playing(&play{}).limits, moment{noon, noon, noon}), c.want, c.code, time.Time{})
		})
	}
	t.Run("outside the window a courtesy is not worth a draft", func(t *testing.T) {
		t.Parallel()
		a := Attempt{Message: Message{Author: AuthorBot, Courtesy: true}, Conversation: Conversation{NewestInbound: noon.Add(-25 * time.Hour)}}
		checkVerdict(t, judge(a, playing(&play{}).limits, moment{noon, noon, noon}), StateCancelled, "window_closed", time.Time{})
	})
}

func TestARefusalToldLaterIsADraftToo(t *testing.T) {
	t.Parallel()
	s := talk()
	s.Messages = []Message{{Conversation: "c", Seq: 7, Author: AuthorBot, Text: "Hello!", State: StateSent, At: noon.Add(-time.Minute), ExternalID: "x"}}
	rc := Receipt{Channel: "phone", ExternalID: "x", State: StateFailed, At: noon, Code: "131047", Shut: true, Class: ClassFail}
	got, ok := decideReceipt(s, rc, playing(&play{}), noon)
	if !ok {
		t.Fatal("nothing follows")
	}
	differ(t, "lines", []string{"bot Hello!", "system Handed over to support: the window has closed"}, lines(got))
	differ(t, "state", StateDraft, got.Messages[0].State)
}

func TestACustomerWhoOptedOutAtThePlatformIsNoted(t *testing.T) {
	t.Parallel()
	s := talk(func(c *Conversation) { c.Status = handoff.Queued })
	s.Messages = []Message{{Conversation: "c", Seq: 7, Author: AuthorBot, Text: "News!", Courtesy: true, State: StateSent, At: noon.Add(-time.Minute), ExternalID: "x"}}
	se := &SendError{Class: ClassFail, Code: "131050", OptedOut: true}
	o := *followUp(Attempt{Message: s.Messages[0], Conversation: s.Conversation}, se, playing(&play{}).limits, noon).outcome
	o.Conversation, o.Seq = "c", 7
	differ(t, "in the answer to a send", noon, unsent(s, o, playing(&play{}), noon)[0].Contact.OptedOutAt)
	rc := Receipt{Channel: "phone", ExternalID: "x", State: StateFailed, At: noon, Code: "131050", OptedOut: true, Class: ClassFail}
	got, _ := decideReceipt(s, rc, playing(&play{}), noon)
	differ(t, "in a status", noon, got.Contact.OptedOutAt)
}

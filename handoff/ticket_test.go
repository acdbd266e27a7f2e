package handoff

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func waiting() Ticket {
	return Ticket{ID: "t1", Conversation: "c1", Queue: "workshop", Reason: "asked", OpenedAt: noon}
}

func claimed(agent string) Ticket {
	t := waiting()
	t.Agent, t.ClaimedAt = agent, at(1)
	return t
}

func closed() Ticket {
	t := claimed("ana")
	t.ClosedAt = at(2)
	return t
}

// act is one of the ticket's rules, by ana at minute 5.
type act struct {
	name string
	do   func(Ticket) (Ticket, error)
}

var (
	claim   = act{"claim", func(t Ticket) (Ticket, error) { return t.Claim("ana", at(5)) }}
	release = act{"release", func(t Ticket) (Ticket, error) { return t.Release("ana") }}
	reply   = act{"reply", func(t Ticket) (Ticket, error) { return t.Reply("ana", at(5)) }}
	pass    = act{"transfer", func(t Ticket) (Ticket, error) { return t.Transfer("ana", "billing", "") }}
	explain = act{"transfer with a note", func(t Ticket) (Ticket, error) { return t.Transfer("ana", "billing", "An invoice.") }}
	back    = act{"transfer where it is", func(t Ticket) (Ticket, error) { return t.Transfer("ana", "workshop", "") }}
	give    = act{"assign", func(t Ticket) (Ticket, error) { return t.Assign("ana", "cem", "Yours.", at(5)) }}
	keep    = act{"assign to its owner", func(t Ticket) (Ticket, error) { return t.Assign("ana", "ana", "Mine.", at(5)) }}
	finish  = act{"close", func(t Ticket) (Ticket, error) { return t.Close("ana", at(5)) }}
)

func TestTicketRules(t *testing.T) {
	t.Parallel()
	replied := claimed("ana")
	replied.FirstReplyAt = at(3)
	replied.PromisedBy, replied.Note = at(15), "The flow's."
	repliedAndReleased := replied
	repliedAndReleased.Agent, repliedAndReleased.ClaimedAt = "", time.Time{}

	for _, tt := range []struct {
		of     string
		ticket Ticket
		act    act
		change func(*Ticket) // what is different afterwards; nil: nothing
		err    error
	}{
		{"a waiting ticket", waiting(), claim, func(t *Ticket) { t.Agent, t.ClaimedAt = "ana", at(5) }, nil},
		{"a waiting ticket", waiting(), release, nil, ErrNotClaimed},
		{"a waiting ticket", waiting(), reply, nil, ErrNotClaimed},
		{"a waiting ticket", waiting(), finish, func(t *Ticket) { t.ClosedAt = at(5) }, nil},

		{"one's own ticket", claimed("ana"), claim, nil, nil},
		{"one's own ticket", claimed("ana"), release, func(t *Ticket) { t.Agent, t.ClaimedAt = "", time.Time{} }, nil},
		{"one's own ticket", claimed("ana"), reply, func(t *Ticket) { t.FirstReplyAt = at(5) }, nil},
		{"one's own ticket", claimed("ana"), finish, func(t *Ticket) { t.ClosedAt = at(5) }, nil},

		{"a colleague's ticket", claimed("ben"), claim, nil, &TakenError{"ben"}},
		{"a colleague's ticket", claimed("ben"), release, nil, &TakenError{"ben"}},
		{"a colleague's ticket", claimed("ben"), reply, nil, &TakenError{"ben"}},
		{"a colleague's ticket", claimed("ben"), finish, nil, &TakenError{"ben"}},

		{"a closed ticket", closed(), claim, nil, ErrResolved},
		{"a closed ticket", closed(), release, nil, ErrResolved},
		{"a closed ticket", closed(), reply, nil, ErrResolved},
		{"a closed ticket", closed(), finish, nil, ErrResolved},

		{"no ticket", Ticket{}, claim, nil, ErrResolved},
		{"no ticket", Ticket{}, release, nil, ErrResolved},
		{"no ticket", Ticket{}, reply, nil, ErrResolved},
		{"no ticket", Ticket{}, finish, nil, ErrResolved},

		{"a waiting ticket", waiting(), pass, func(t *Ticket) { t.Queue = "billing" }, nil},
		{"a waiting ticket", waiting(), back, nil, ErrSameQueue},
		{"a waiting ticket", waiting(), give, func(t *Ticket) { t.Agent, t.ClaimedAt, t.Note = "cem", at(5), "Yours." }, nil},
		{"one's own ticket", claimed("ana"), back, func(t *Ticket) { t.Agent, t.ClaimedAt = "", time.Time{} }, nil},
		{"one's own ticket", claimed("ana"), give, func(t *Ticket) { t.Agent, t.ClaimedAt, t.Note = "cem", at(5), "Yours." }, nil},
		{"one's own ticket", claimed("ana"), keep, nil, nil},
		{"a colleague's ticket", claimed("ben"), pass, nil, &TakenError{"ben"}},
		{"a colleague's ticket", claimed("ben"), give, nil, &TakenError{"ben"}},
		{"a closed ticket", closed(), pass, nil, ErrResolved},
		{"no ticket", Ticket{}, give, nil, ErrResolved},
		{"an answered ticket", replied, pass, func(t *Ticket) {
			t.Queue, t.Agent, t.ClaimedAt = "billing", "", time.Time{}
			t.PromisedBy, t.FirstReplyAt = time.Time{}, time.Time{}
		}, nil},
		{"an answered ticket", replied, explain, func(t *Ticket) {
			t.Queue, t.Agent, t.ClaimedAt, t.Note = "billing", "", time.Time{}, "An invoice."
			t.PromisedBy, t.FirstReplyAt = time.Time{}, time.Time{}
		}, nil},
		{"an answered ticket", replied, reply, nil, nil},
		{"an answered ticket", replied, release, func(t *Ticket) { t.Agent, t.ClaimedAt = "", time.Time{} }, nil},
		{"an answered ticket that waits again", repliedAndReleased, claim, func(t *Ticket) { t.Agent, t.ClaimedAt = "ana", at(5) }, nil},
	} {
		t.Run(tt.act.name+" "+tt.of, func(t *testing.T) {
			t.Parallel()
			before := tt.ticket
			got, err := tt.act.do(tt.ticket)
			want := before
			if tt.change != nil {
				tt.change(&want)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the ticket afterwards (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, tt.ticket); diff != "" {
				t.Errorf("the ticket was changed in place:\n%s", diff)
			}
			sameError(t, err, tt.err)
		})
	}
}

func sameError(t *testing.T, got, want error) {
	t.Helper()
	if taken, ok := errors.AsType[*TakenError](want); ok {
		if who, ok := errors.AsType[*TakenError](got); !ok || *who != *taken {
			t.Errorf("error %v, want %v", got, want)
		}
		return
	}
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

func TestATakenErrorSaysWhoHasIt(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(&TakenError{Agent: "ben"}); got != "ben has this conversation" {
		t.Errorf("got %q", got)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		ticket Ticket
		want   bool
	}{
		{"the zero ticket is none", Ticket{}, false},
		{"a waiting ticket", waiting(), true},
		{"a claimed ticket", claimed("ana"), true},
		{"a closed ticket", closed(), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.ticket.Open(); got != tt.want {
				t.Errorf("Open = %t, want %t", got, tt.want)
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	var never time.Time
	for _, tt := range []struct {
		name                      string
		promised, window, replied time.Time
		want                      time.Time
	}{
		{"neither a promise nor a window", never, never, never, never},
		{"a promise on a channel without a window", at(15), never, never, at(15)},
		{"a window without a promise", never, at(60), never, at(60)},
		{"the promise comes before the window closes", at(15), at(60), never, at(15)},
		{"the window closes before the promise", at(60), at(15), never, at(15)},
		{"both at the same moment", at(15), at(15), never, at(15)},
		{"a promise that was kept counts no more", at(15), at(60), at(5), at(60)},
		{"a promise that was kept late counts no more either", at(15), at(60), at(20), at(60)},
		{"a kept promise without a window leaves none", at(15), never, at(5), never},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ticket := waiting()
			ticket.PromisedBy, ticket.WindowCloses, ticket.FirstReplyAt = tt.promised, tt.window, tt.replied
			if got := ticket.Deadline(); !got.Equal(tt.want) {
				t.Errorf("Deadline = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestWhy(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{
		"asked":          "asked for a person",
		"chosen":         "chose to talk to a person",
		"not_understood": "the bot did not understand",
		"tries":          "could not answer the bot's question",
		"flow":           "the flow hands over here",
		"deadline":       "the window closes soon",
		"closed":         "the window has closed",
		"loop":           "the flow went in circles",
		"fault":          "the bot failed at this message",
		"something_new":  "something new",
		"":               "handed over",
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			if got := (Ticket{Reason: reason}).Why(); got != want {
				t.Errorf("Why = %q, want %q", got, want)
			}
		})
	}
}

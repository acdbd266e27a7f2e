package handoff

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// desk is one conversation with its ticket, moved as the engine moves them: the
// ticket's rule first, and the life cycle when the rule changed something.
type desk struct {
	status  Status
	ticket  Ticket
	now     time.Time
	tickets int
	claims  map[string]bool // agents who claimed this ticket
	replied map[string]bool // agents who answered it
}

func (d *desk) act(t *rapid.T, ev Event, agent string) {
	d.now = d.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
	next, err := d.apply(ev, agent)
	status, bad := Move(d.status, ev)
	switch {
	case err != nil:
		if next != nil {
			t.Fatalf("%s by %s: an error and a ticket", ev, agent)
		}
		d.explain(t, ev, agent, err)
		return
	case next == nil:
		return // claimed before by the same agent
	case bad != nil:
		t.Fatalf("%s by %s: the ticket allows it and the life cycle does not: %v", ev, agent, bad)
	}
	d.status, d.ticket = status, *next
}

// apply is the ticket's own rule for an event, nil when nothing changes.
func (d *desk) apply(ev Event, agent string) (*Ticket, error) {
	var (
		t   Ticket
		err error
	)
	switch ev {
	case Escalate:
		if d.ticket.Open() || d.status != Bot {
			return nil, errNotNow
		}
		d.tickets++
		d.claims, d.replied = map[string]bool{}, map[string]bool{}
		t = Ticket{ID: "t" + strconv.Itoa(d.tickets), OpenedAt: d.now}
	case Reopen:
		if d.status != Resolved {
			return nil, errNotNow
		}
		t = d.ticket
	case Claim:
		t, err = d.ticket.Claim(agent, d.now)
		if err == nil && t.Agent == d.ticket.Agent {
			return nil, nil
		}
		if err == nil {
			d.claims[agent] = true
		}
	case Release:
		t, err = d.ticket.Release(agent)
	case Transfer:
		if t, err = d.ticket.Transfer(agent, "billing", ""); err == nil {
			d.replied = map[string]bool{}
		}
	case Assign:
		t, err = d.ticket.Assign(agent, "dia", "", d.now)
		if err == nil && t.Agent == d.ticket.Agent {
			return nil, nil
		}
		if err == nil {
			d.claims["dia"] = true
		}
	case HandBack, Resolve:
		t, err = d.ticket.Close(agent, d.now)
	}
	if err != nil {
		return nil, err
	}
	return &t, nil
}

var errNotNow = errors.New("not now")

// explain holds every refusal against what the person at the page sees.
func (d *desk) explain(t *rapid.T, ev Event, agent string, err error) {
	taken, isTaken := errors.AsType[*TakenError](err)
	switch {
	case errors.Is(err, errNotNow), errors.Is(err, ErrSameQueue) && d.status == Queued && d.ticket.Queue == "billing":
	case errors.Is(err, ErrResolved):
		if d.status == Queued || d.status == Assigned {
			t.Fatalf("%s by %s: told that it is resolved, and it is %s", ev, agent, d.status)
		}
	case errors.Is(err, ErrNotClaimed):
		if d.status != Queued {
			t.Fatalf("%s by %s: told to claim, and it is %s", ev, agent, d.status)
		}
	case isTaken:
		if d.status != Assigned || taken.Agent != d.ticket.Agent || taken.Agent == agent {
			t.Fatalf("%s by %s: told that %s has it; it is %s with %q", ev, agent, taken.Agent, d.status, d.ticket.Agent)
		}
	default:
		t.Fatalf("%s by %s: %v", ev, agent, err)
	}
}

// check is what must hold whatever happened.
func (d *desk) check(t *rapid.T) {
	open := d.ticket.Open()
	if assigned := open && d.ticket.Agent != ""; assigned != (d.status == Assigned) {
		t.Fatalf("%s with the ticket %+v", d.status, d.ticket)
	}
	if queued := open && d.ticket.Agent == ""; queued != (d.status == Queued) {
		t.Fatalf("%s with the ticket %+v", d.status, d.ticket)
	}
	if waits := d.ticket.Agent == ""; waits != d.ticket.ClaimedAt.IsZero() {
		t.Fatalf("an agent without the time of claiming, or the other way round: %+v", d.ticket)
	}
	if d.ticket.Agent != "" && !d.claims[d.ticket.Agent] {
		t.Fatalf("%s has a ticket that was never claimed", d.ticket.Agent)
	}
	if answered := len(d.replied) > 0; answered == d.ticket.FirstReplyAt.IsZero() {
		t.Fatalf("answered by %v, and the first reply is at %v", d.replied, d.ticket.FirstReplyAt)
	}
	for _, after := range []time.Time{d.ticket.ClaimedAt, d.ticket.FirstReplyAt, d.ticket.ClosedAt} {
		if !after.IsZero() && after.Before(d.ticket.OpenedAt) {
			t.Fatalf("something happened before the ticket was opened: %+v", d.ticket)
		}
	}
}

// TestStatusAndTicketAgree: whatever people and the customer do in whatever
// order, a conversation is assigned exactly when an agent has its open ticket,
// queued exactly when its open ticket waits, and only its owner answers.
func TestStatusAndTicketAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := &desk{status: Bot, now: noon}
		agents := rapid.SampledFrom([]string{"ana", "ben", "cem", "dia"})
		actions := map[string]func(*rapid.T){
			"": d.check,
			"reply": func(t *rapid.T) {
				agent := agents.Draw(t, "agent")
				next, err := d.ticket.Reply(agent, d.now)
				if may := d.status == Assigned && d.ticket.Agent == agent; may != (err == nil) {
					t.Fatalf("a reply by %s while it is %s with %q: %v", agent, d.status, d.ticket.Agent, err)
				}
				if err != nil {
					d.explain(t, "reply", agent, err)
					return
				}
				if !d.ticket.FirstReplyAt.IsZero() && !next.FirstReplyAt.Equal(d.ticket.FirstReplyAt) {
					t.Fatal("the first reply moved")
				}
				d.ticket, d.replied[agent] = next, true
			},
		}
		for _, ev := range events {
			actions[string(ev)] = func(t *rapid.T) { d.act(t, ev, agents.Draw(t, "agent")) }
		}
		t.Repeat(actions)
	})
}

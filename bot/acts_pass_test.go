package bot

import (
	"errors"
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// passing is a conversation of ana's in support, answered, and the queues of a file.
func passing() (Snapshot, rules) {
	r := staffed(&play{}, 30*time.Minute)
	billing := office(2 * time.Hour)
	billing.Name, billing.FirstReply, billing.Handling = "billing", 0, 20*time.Minute
	r.current.queues = map[string]flows.Queue{"support": office(30 * time.Minute), "billing": billing}
	s := talk(func(c *Conversation) {
		c.Status, c.Ticket, c.NewestInbound, c.RepliedAt = handoff.Assigned, "t", noon, noon
	})
	s.Ticket = handoff.Ticket{
		ID: "t", Conversation: "c", Queue: "support", Agent: "ana", ClaimedAt: noon, OpenedAt: noon.Add(-time.Hour), FirstReplyAt: noon,
		WindowCloses: noon.Add(24 * time.Hour), AnswerBy: noon.Add(23*time.Hour + 30*time.Minute), PromisedBy: noon.Add(15 * time.Minute),
		Handling: 6 * time.Minute, Weight: weightReopens, Note: "Of the flow.",
	}
	return s, r
}

func TestATransferGivesTheTicketTheTimesOfItsQueue(t *testing.T) {
	t.Parallel()
	s, r := passing()
	later := noon.Add(10 * time.Minute)
	changes, err := transfer("ana", "billing", "Wants an invoice.")(s, r, later)
	if err != nil {
		t.Fatal(err)
	}
	c := changes[0]
	want := s.Ticket
	want.Queue, want.Agent, want.ClaimedAt, want.FirstReplyAt, want.PromisedBy = "billing", "", time.Time{}, time.Time{}, time.Time{}
	want.AnswerBy, want.Handling, want.Note = noon.Add(22*time.Hour), 20*time.Minute, "Wants an invoice."
	want.Place = want.Stand(later)
	differ(t, "the ticket", want, *c.Ticket)
	differ(t, "who has it", handoff.Queued, c.Conversation.Status)
	differ(t, "it is judged again", want.Place.Next, c.Conversation.RankAt)
	differ(t, "nobody has answered them", time.Time{}, c.Conversation.RepliedAt)
	differ(t, "the bot's words are stale", s.Conversation.Epoch+1, c.Conversation.Epoch)
	differ(t, "lines", []string{"system ana passed the conversation to billing: Wants an invoice."}, lines(c))

	back, err := transfer("ben", "support", "")(s.advance(c), r, later)
	if err != nil {
		t.Fatal(err)
	}
	differ(t, "a promise of its own", later.Add(15*time.Minute), back[0].Ticket.PromisedBy)
	differ(t, "the note stays", "Wants an invoice.", back[0].Ticket.Note)
}

func TestAPlaceBehindIsNotTakenAlong(t *testing.T) {
	t.Parallel()
	s, r := passing()
	s.Ticket.Agent, s.Ticket.Place, s.Conversation.Status = "", handoff.Place{Class: handoff.Behind}, handoff.Queued
	changes, err := transfer("ana", "billing", "")(s, r, noon)
	if err != nil || changes[0].Ticket.Place.Class == handoff.Behind {
		t.Errorf("%v, at %+v", err, changes)
	}
}

func TestATransferThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	s, r := passing()
	waits := s
	waits.Ticket.Agent, waits.Conversation.Status = "", handoff.Queued
	var taken *handoff.TakenError
	if _, err := transfer("ana", "nowhere", "")(s, r, noon); !errors.Is(err, ErrNoQueue) {
		t.Errorf("to no queue: %v", err)
	}
	if _, err := transfer("ben", "billing", "")(s, r, noon); !errors.As(err, &taken) || taken.Agent != "ana" {
		t.Errorf("by somebody else: %v", err)
	}
	if _, err := transfer("ana", "support", "")(waits, r, noon); !errors.Is(err, handoff.ErrSameQueue) {
		t.Errorf("to where it waits: %v", err)
	}
	if _, err := assign("ben", "cem", "")(s, r, noon); !errors.As(err, &taken) || taken.Agent != "ana" {
		t.Errorf("assigned by somebody else: %v", err)
	}
}

func TestAColleagueHasWhatTheyAreGiven(t *testing.T) {
	t.Parallel()
	s, r := passing()
	later := noon.Add(10 * time.Minute)
	changes, err := assign("ana", "ben", "Hers.")(s, r, later)
	if err != nil {
		t.Fatal(err)
	}
	c := changes[0]
	differ(t, "whose it is", "ben", c.Ticket.Agent)
	differ(t, "since", later, c.Ticket.ClaimedAt)
	differ(t, "who has it", handoff.Assigned, c.Conversation.Status)
	differ(t, "they were answered", noon, c.Conversation.RepliedAt)
	differ(t, "the times stay", s.Ticket.AnswerBy, c.Ticket.AnswerBy)
	differ(t, "lines", []string{"system ana gave the conversation to ben: Hers."}, lines(c))
	if again, err := assign("ben", "ben", "")(s.advance(c), r, later); len(again) > 0 || err != nil {
		t.Errorf("given to its owner: %v, %v", again, err)
	}
}

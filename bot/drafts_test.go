package bot

import (
	"errors"
	"testing"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/handoff"
)

// drafted is a conversation that ana has, with something that may not go.
func drafted(state MessageState, agent string) Snapshot {
	s := talk(func(c *Conversation) {
		c.Status, c.Ticket, c.NewestInbound = handoff.Assigned, "t", noon.Add(-25*time.Hour)
	})
	s.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Queue: "support", Agent: agent, OpenedAt: noon.Add(-time.Hour)}
	s.Messages = []Message{{Conversation: "c", Seq: 7, Author: AuthorAgent, Agent: "ana", Text: "It is ready.", State: state}}
	return s
}

func TestADraftIsDroppedOrKeptAsANote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		way   Way
		lines []string
		says  string
	}{
		{WayDrop, []string{"agent It is ready."}, "left by ana"},
		{WayUsed, []string{"agent It is ready."}, "answered anew by ana"},
		{WayNote, []string{"agent It is ready.", "system ana noted: It is ready."}, "kept as a note by ana"},
	} {
		changes, err := settle(drafted(StateDraft, "ana"), "ana", c.way, playing(&play{}), noon)
		if err != nil {
			t.Fatal(err)
		}
		differ(t, string(c.way), c.lines, lines(changes[0]))
		differ(t, "state", StateCancelled, changes[0].Messages[0].State)
		differ(t, "reason", c.says, changes[0].Messages[0].Reason)
	}
	for _, state := range []MessageState{StateSent, StateCancelled, StateQueued} {
		if _, err := settle(drafted(state, "ana"), "ana", WayDrop, playing(&play{}), noon); !errors.Is(err, ErrSettled) {
			t.Errorf("%s: %v, want that it is no draft", state, err)
		}
	}
}

func TestWordsThatMayNotGoAreKeptAsANote(t *testing.T) {
	t.Parallel()
	changes, err := note("ana", " It is ready.\n", "once")(drafted(StateDraft, "ana"), playing(&play{}), noon)
	if err != nil {
		t.Fatal(err)
	}
	differ(t, "lines", []string{"system ana noted: It is ready."}, lines(changes[0]))
	differ(t, "event", "once", changes[0].Event)
	differ(t, "nothing is sent", 0, len(changes[0].Deliveries))
	if _, err := note("ana", " \n", "")(drafted(StateDraft, "ana"), playing(&play{}), noon); !errors.Is(err, ErrEmptyReply) {
		t.Errorf("nothing noted: %v", err)
	}
	var taken *handoff.TakenError
	if _, err := note("ben", "x", "")(drafted(StateDraft, "ana"), playing(&play{}), noon); !errors.As(err, &taken) {
		t.Errorf("somebody else's conversation: %v", err)
	}
}

func TestATemplateAsksTheCustomerToWriteAgain(t *testing.T) {
	t.Parallel()
	has := &play{reopens: true}
	changes, err := reopen("ana", "once")(drafted(StateDraft, "ana"), playing(has), noon)
	if err != nil {
		t.Fatal(err)
	}
	got := changes[0]
	differ(t, "lines", []string{"agent Please write again.", "system ana asked the customer to write again"}, lines(got))
	differ(t, "template", &carry.Template{Name: "write_again", Language: "en"}, got.Messages[0].Template)
	differ(t, "event", "once", got.Event)
	differ(t, "no mark of a person's own words", Hand{}, got.Messages[0].Hand)

	var taken *handoff.TakenError
	if _, err := reopen("ben", "")(drafted(StateDraft, "ana"), playing(has), noon); !errors.As(err, &taken) {
		t.Errorf("somebody else's conversation: %v", err)
	}
	if _, err := reopen("ana", "")(drafted(StateDraft, "ana"), playing(&play{}), noon); !errors.Is(err, ErrNoTemplate) {
		t.Errorf("without one in the file: %v", err)
	}
	again := drafted(StateDraft, "ana").advance(got)
	if _, err := reopen("ana", "")(again, playing(has), noon.Add(time.Minute)); !errors.Is(err, ErrNoTemplate) {
		t.Errorf("once more: %v", err)
	}
	wrote := drafted(StateDraft, "ana")
	wrote.Conversation.NewestInbound = noon.Add(-time.Second)
	if _, err := reopen("ana", "")(wrote, playing(has), noon); !errors.Is(err, ErrNoTemplate) {
		t.Errorf("the customer has just written: %v", err)
	}
	without := playing(has)
	without.limits.Templates = false
	if _, err := reopen("ana", "")(drafted(StateDraft, "ana"), without, noon); !errors.Is(err, ErrNoTemplate) {
		t.Errorf("on a channel without templates: %v", err)
	}
}

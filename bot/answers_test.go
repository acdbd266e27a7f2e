package bot

import (
	"strconv"
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// said is a commit in which the customer of conversation id wrote something, and
// the bot answers with so many messages.
func said(id string, answers int) Change {
	return Change{
		Conversation: Conversation{ID: id, Status: handoff.Bot},
		Messages:     []Message{{Author: AuthorCustomer}},
		Deliveries:   make([]Delivery, answers),
	}
}

func TestAWaitLastsFromTheMessageToTheFirstAnswer(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	calling, gathering, taken, alone := said("a", 0), said("a", 0), said("a", 0), said("a", 1)
	calling.Conversation.Call = &Call{Request: flows.Call{}}
	gathering.Conversation.Gathered = []string{"hi"}
	taken.Conversation.Status = handoff.Assigned
	alone.Messages = []Message{{Author: AuthorBot}}
	for _, c := range []struct {
		name    string
		commits map[int]Change // by the second
		answer  int
		want    time.Duration
		ok      bool
	}{
		{"an answer", map[int]Change{0: said("a", 2)}, 3, 3 * time.Second, true},
		{"another conversation's", map[int]Change{0: said("b", 1)}, 3, 0, false},
		{"a further message begins no wait of its own", map[int]Change{0: said("a", 1), 2: said("a", 1)}, 3, 3 * time.Second, true},
		{"a call is waited for, too", map[int]Change{0: calling, 2: alone}, 3, 3 * time.Second, true},
		{"so are texts to come", map[int]Change{0: gathering, 2: alone}, 3, 3 * time.Second, true},
		{"nobody waits when there is nothing to say", map[int]Change{0: said("a", 0)}, 3, 0, false},
		{"nobody waits for what the bot says by itself", map[int]Change{0: alone}, 3, 0, false},
		{"people who take over end the wait", map[int]Change{0: said("a", 1), 1: taken}, 3, 0, false},
		{"what was never taken is forgotten", map[int]Change{0: said("a", 1)}, 7201, 0, false},
		{"and the next message waits for itself", map[int]Change{0: said("a", 1), 90000: said("a", 1)}, 90003, 3 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var a asked
			for second := range c.answer {
				if change, ok := c.commits[second]; ok {
					a.decided(change, at(second))
				}
			}
			got, ok := a.answered("a", at(c.answer))
			if ok != c.ok || (ok && got != c.want) {
				t.Errorf("a wait of %v, %t; want %v, %t", got, ok, c.want, c.ok)
			}
			if _, again := a.answered("a", at(c.answer)); again {
				t.Error("the second answer is measured like the first")
			}
		})
	}
}

func TestWaitsThatNobodyEndsMakeRoomForOthers(t *testing.T) {
	t.Parallel()
	var a asked
	for i := range mostAsked {
		a.decided(said(strconv.Itoa(i), 1), noon)
	}
	a.decided(said("soon", 1), noon.Add(time.Minute))
	if _, ok := a.answered("soon", noon.Add(time.Minute)); ok || len(a.since) != mostAsked {
		t.Errorf("%d waits are measured, want at most %d", len(a.since), mostAsked)
	}
	later := noon.Add(longestAsked + time.Hour)
	a.decided(said("late", 1), later)
	if _, ok := a.answered("late", later); !ok || len(a.since) != 0 {
		t.Errorf("those that wait for ever keep their places: %d", len(a.since))
	}
}

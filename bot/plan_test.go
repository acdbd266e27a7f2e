package bot

import (
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// waiting is a ticket of a queue whose window closes so many hours after noon, and
// which takes 50 minutes.
func waiting(id string, closes int, class uint8) handoff.Ticket {
	return handoff.Ticket{
		ID: "t" + id, Conversation: id, Queue: "support", OpenedAt: noon.Add(-time.Hour), WindowCloses: noon.Add(time.Duration(closes) * time.Hour),
		Handling: 50 * time.Minute, Place: handoff.Place{Class: class},
	}
}

func TestAPlanMovesOnlyWhoStandsElsewhere(t *testing.T) {
	t.Parallel()
	always := map[string]flows.Queue{"support": {Name: "support", Staffed: true}}
	longer := waiting("long", 3, handoff.Soon)
	longer.Handling = 150 * time.Minute
	for _, c := range []struct {
		name   string
		line   []handoff.Ticket
		queues map[string]flows.Queue
		want   []string // with - those that are put behind
	}{
		{"all can be met", []handoff.Ticket{waiting("a", 2, handoff.Soon), waiting("b", 3, handoff.Later)}, always, nil},
		{"what takes longest goes behind", []handoff.Ticket{waiting("a", 2, handoff.Soon), longer}, always, []string{"-long"}},
		{"who can be met again is called back", []handoff.Ticket{waiting("a", 2, handoff.Behind)}, always, []string{"a"}},
		{
			"who is called back goes first",
			[]handoff.Ticket{waiting("a", 2, handoff.Soon), longer, waiting("b", 5, handoff.Behind)},
			always,
			[]string{"b", "-long"},
		},
		{"who is behind already stays", []handoff.Ticket{waiting("a", 1, handoff.Soon), waiting("b", 1, handoff.Behind)}, always, nil},
		{"who is lost stays where they are", []handoff.Ticket{waiting("a", -1, handoff.Lost)}, always, nil},
		{"nobody is there before tomorrow", []handoff.Ticket{waiting("a", 20, handoff.Later)}, map[string]flows.Queue{"support": office(0)}, nil},
		{"nobody is there in time", []handoff.Ticket{waiting("a", 6, handoff.Later)}, map[string]flows.Queue{"support": closed()}, []string{"-a"}},
		{
			"how many there are is not written",
			[]handoff.Ticket{waiting("a", 2, handoff.Soon), longer},
			map[string]flows.Queue{"support": {Name: "support"}},
			nil,
		},
		{"nothing is known of the queue", []handoff.Ticket{waiting("a", 6, handoff.Behind), longer, waiting("b", 1, handoff.Soon)}, nil, []string{"a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, m := range plan(map[string][]handoff.Ticket{"support": c.line}, c.queues, noon) {
				name := m.Conversation
				if m.behind {
					name = "-" + name
				}
				got = append(got, name)
			}
			differ(t, "moves", c.want, got)
		})
	}
}

// closed is a queue that nobody works for.
func closed() flows.Queue {
	q := office(0)
	q.Staff = q.Hours.Staff(time.UTC, 0, nil)
	return q
}

func TestRankMovesATicketThatStillWaits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		ticket handoff.Ticket
		behind bool
		want   uint8 // its class afterwards; none: 99
	}{
		{"behind", waiting("c", 10, handoff.Later), true, handoff.Behind},
		{"and back", waiting("c", 10, handoff.Behind), false, handoff.Later},
		{"back where it is soon", waiting("c", 3, handoff.Behind), false, handoff.Soon},
		{"behind already", waiting("c", 10, handoff.Behind), true, 99},
		{"not behind", waiting("c", 10, handoff.Soon), false, 99},
		{"too late for either", waiting("c", 0, handoff.Soon), true, 99},
		{"taken meanwhile", func() handoff.Ticket { t := waiting("c", 10, handoff.Soon); t.Agent = "ana"; return t }(), true, 99},
		{"closed meanwhile", handoff.Ticket{}, true, 99},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := talk(func(c *Conversation) { c.Status, c.Ticket = handoff.Queued, "tc" })
			s.Ticket = c.ticket
			changes, err := rank(c.behind)(s, playing(&play{}), noon)
			if err != nil {
				t.Fatal(err)
			}
			got := uint8(99)
			if len(changes) > 0 {
				got = changes[0].Ticket.Place.Class
				differ(t, "judged again", changes[0].Ticket.Place.Next, changes[0].Conversation.RankAt)
				differ(t, "messages", 0, len(changes[0].Messages)+len(changes[0].Deliveries))
			}
			differ(t, "class", c.want, got)
		})
	}
}

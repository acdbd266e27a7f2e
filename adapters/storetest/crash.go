package storetest

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func testReopen(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a").event("e1").hears("Hello", noon()).says(bot.AuthorBot, "Hi", noon()).opens(handoff.Ticket{ID: "t1", OpenedAt: noon()})
	d.commit(first)
	d = desk{t, f.Reopen()}
	want := bot.Snapshot{Contact: *first.Contact, Conversation: first.Conversation, Ticket: *first.Ticket, Seen: map[string]bool{"e1": true}}
	same(t, "the snapshot", d.load(bot.Lookup{Conversation: "a", Events: []string{"e1"}}), want)
	d.refused(bot.ErrDuplicate, after(first.Conversation).event("e1").hears("Hello", noon()))
	names, _ := d.tickets(bot.TicketFilter{}, 10)
	same(t, "the tickets", names, []string{"t1"})
	d.wantDue(noon(), "a-2")
	d.commit(after(first.Conversation).hears("Still there?", noon()))
}

func testReopenLeases(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("cut").says(bot.AuthorBot, "One", noon()).says(bot.AuthorBot, "Two", noon()))
	d.commit(newcomer("unknown").says(bot.AuthorBot, "One", noon().Add(time.Second)))
	d.commit(newcomer("waits").says(bot.AuthorBot, "One", noon().Add(time.Hour)))
	d.wantDue(noon().Add(time.Second), "cut-1", "unknown-1")
	end := noon().Add(10 * time.Minute)
	d.retry(bot.Retry{Conversation: "unknown", Seq: 1, At: end, Begun: true, Unknown: true, Code: "timeout"})

	d = desk{t, f.Reopen()}
	due, next := d.due(noon().Add(2 * time.Second))
	same(t, "what is due after the crash", ids(due), []string{"cut-1"})
	if got := due[0].Delivery; !got.BegunAt.Equal(noon().Add(time.Second)) || got.Attempts != 1 || got.Unknown {
		t.Fatalf("the attempt says %+v", got)
	}
	if !next.Equal(end) {
		t.Fatalf("next is %v, want the end of the wait for a receipt", next)
	}
	d.retry(bot.Retry{Conversation: "cut", Seq: 1, At: end, Begun: true, Unknown: true})
	d = desk{t, f.Reopen()}
	d.wantDue(end.Add(-time.Second))
	d.wantDue(end, "cut-1", "unknown-1")
}

// testWriters lets many add to one conversation, each by Load, decide, Commit.
func testWriters(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").hears("Hello", noon()))
	const writers, each = 8, 10
	var group sync.WaitGroup
	for i := range writers {
		group.Go(func() {
			for n := range each {
				event := strconv.Itoa(i) + "." + strconv.Itoa(n)
				if err := add(t, f.Store, event); err != nil {
					t.Errorf("adding %s: %v", event, err)
					return
				}
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	list, err := d.Transcript(t.Context(), "a", 0, 1000)
	if err != nil || len(list) != 1+writers*each {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	texts := make(map[string]bool)
	for i, m := range list {
		if m.Seq != uint64(i+1) || texts[m.Text] {
			t.Fatalf("message %d is %+v", i+1, m)
		}
		texts[m.Text] = true
	}
	if c := d.conversation("a"); c.Version != 1+writers*each || c.LastSeq != c.Version {
		t.Fatalf("the conversation is %+v", c)
	}
}

func add(t *testing.T, s bot.Store, event string) error {
	for {
		snap, err := s.Load(t.Context(), bot.Lookup{Conversation: "a"})
		if err != nil {
			return err
		}
		change := after(snap.Conversation).event(event).hears(event, noon()).Change
		if err = s.Commit(t.Context(), []bot.Change{change}); !errors.Is(err, bot.ErrConflict) {
			return err
		}
	}
}

// testWorkers lets many send what many conversations hold.
func testWorkers(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	const conversations, each, workers = 10, 6, 6
	for i := range conversations {
		first := newcomer("c" + strconv.Itoa(i))
		for n := range each {
			first.says(bot.AuthorBot, strconv.Itoa(n), noon())
		}
		d.commit(first)
	}
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		sent  = make(map[string]uint64) // conversation -> newest seq sent
		out   = make(map[string]bool)   // conversations with a send under way
		total int
	)
	for range workers {
		group.Go(func() {
			for {
				due, next, err := f.Store.Due(t.Context(), noon(), time.Hour, roomFor(3, "whatsapp"))
				if err != nil {
					t.Errorf("Due: %v", err)
					return
				}
				mu.Lock()
				for _, a := range due {
					if out[a.Conversation.ID] || a.Delivery.Seq != sent[a.Conversation.ID]+1 {
						t.Errorf("%s was handed out while %v is sent up to %d", a.Message.ID(), out[a.Conversation.ID], sent[a.Conversation.ID])
					}
					out[a.Conversation.ID], sent[a.Conversation.ID] = true, a.Delivery.Seq
					total++
				}
				finished := total == conversations*each
				mu.Unlock()
				for _, a := range due {
					mu.Lock() // before Done: afterwards the next may be handed out to anybody
					delete(out, a.Conversation.ID)
					mu.Unlock()
					o := bot.Outcome{Conversation: a.Conversation.ID, Seq: a.Delivery.Seq, State: bot.StateSent, At: noon()}
					if err := f.Store.Done(t.Context(), o); err != nil {
						t.Errorf("Done: %v", err)
					}
				}
				if finished || t.Failed() {
					return
				}
				_ = next // others hold the rest: look again
			}
		})
	}
	group.Wait()
	if due, next := d.due(noon().Add(48 * time.Hour)); len(due) != 0 || !next.IsZero() {
		t.Fatalf("left over: %v, %v", ids(due), next)
	}
	for i := range conversations {
		for seq := range uint64(each) {
			d.wantState("c"+strconv.Itoa(i), seq+1, bot.StateSent)
		}
	}
}

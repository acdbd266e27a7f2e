package bot_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// asks lets the customer ask for a person, and gives their conversation.
func (d *desk) asks(customer string) string {
	d.says(customer, "person")
	synctest.Wait()
	return d.row(customer).Conversation.ID
}

func (d *desk) counts() (waiting, asleep, anas int) {
	d.t.Helper()
	counts, err := d.store.TicketCounts(d.t.Context(), time.Now())
	must(d.t, err)
	return counts.Waiting, counts.Asleep, counts.Agents["ana"]
}

func (d *desk) wantCounts(what string, waiting, asleep, anas int) {
	d.t.Helper()
	w, a, m := d.counts()
	check(d.t, what+": waiting, snoozed, ana's", [3]int{waiting, asleep, anas}, [3]int{w, a, m})
}

func TestWhatIsSnoozedComesBackByItselfAndOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		id := d.asks(mara)
		must(t, d.engine.Snooze(t.Context(), id, "ana", time.Now().Add(time.Hour), false))
		d.wantCounts("snoozed", 0, 1, 0)
		check(t, "who is next", "", d.next("ben"))
		time.Sleep(59 * time.Minute)
		synctest.Wait()
		d.wantCounts("just before", 0, 1, 0)
		d.restart(nil) // the moment is in the store
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		d.wantCounts("afterwards", 1, 0, 0)
		time.Sleep(4 * time.Hour)
		synctest.Wait()
		told := 0
		for _, line := range d.transcript(mara) {
			if line == "system noted The time for which it was snoozed is over" {
				told++
			}
		}
		check(t, "how often it came back", 1, told)
		check(t, "who is next", id, d.next("ben"))
	})
}

func TestTheCustomerEndsASnooze(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		id := d.asks(mara)
		must(t, d.engine.Claim(t.Context(), id, "ana"))
		must(t, d.engine.Reply(t.Context(), id, "ana", "Which one?", ""))
		must(t, d.engine.Snooze(t.Context(), id, "ana", time.Time{}, false))
		d.wantCounts("snoozed", 0, 1, 0)
		time.Sleep(3 * time.Hour)
		d.says(mara, "The red one")
		d.wantCounts("the customer wrote", 0, 0, 1) // it was ana's, and is
		check(t, "nothing is left of it", false, d.row(mara).Ticket.Asleep)
	})
}

func TestASnoozePastTheDeadlineMustBeMeant(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		id := d.asks(mara)
		due := d.row(mara).Ticket.Due(time.Now())
		snooze := func(until time.Time, sure bool) error { return d.engine.Snooze(t.Context(), id, "ana", until, sure) }
		for _, until := range []time.Time{due.Add(time.Second), {}} {
			var late *handoff.DeadlineError
			if err := snooze(until, false); !errors.As(err, &late) || !late.By.Equal(due) {
				t.Errorf("until %v: %v, want that people must answer by %v", until, err, due)
			}
		}
		if err := snooze(time.Now(), true); !errors.Is(err, handoff.ErrPast) {
			t.Errorf("until now: %v", err)
		}
		d.wantCounts("refused", 1, 0, 0)
		must(t, snooze(due, false))
		must(t, snooze(due.Add(time.Hour), true))
		d.wantCounts("meant", 0, 1, 0)
	})
}

func TestWhateverAPersonDoesEndsASnooze(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(d *desk, id string) error
		want [3]int // waiting, snoozed, ana's
	}{
		{"release", func(d *desk, id string) error { return d.engine.Release(d.t.Context(), id, "ana") }, [3]int{1, 0, 0}},
		{"reply", func(d *desk, id string) error { return d.engine.Reply(d.t.Context(), id, "ana", "Hello", "") }, [3]int{0, 0, 1}},
		{"unsnooze", func(d *desk, id string) error { return d.engine.Unsnooze(d.t.Context(), id, "ana") }, [3]int{0, 0, 1}},
		{"unsnooze twice", func(d *desk, id string) error {
			return errors.Join(d.engine.Unsnooze(d.t.Context(), id, "ana"), d.engine.Unsnooze(d.t.Context(), id, "ana"))
		}, [3]int{0, 0, 1}},
		{"pass on", func(d *desk, id string) error { return d.engine.Assign(d.t.Context(), id, "ana", "ben", "") }, [3]int{0, 0, 0}},
		{"resolve", func(d *desk, id string) error { return d.engine.Resolve(d.t.Context(), id, "ana") }, [3]int{0, 0, 0}},
		{"a planner", func(d *desk, id string) error { return d.engine.Rank(d.t.Context(), id, true) }, [3]int{0, 1, 0}}, // is no person
		{"a colleague", func(d *desk, id string) error {
			var taken *handoff.TakenError
			if err := d.engine.Unsnooze(d.t.Context(), id, "ben"); !errors.As(err, &taken) {
				return err
			}
			return nil
		}, [3]int{0, 1, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, d *desk) {
				id := d.asks(mara)
				must(t, d.engine.Claim(t.Context(), id, "ana"))
				must(t, d.engine.Snooze(t.Context(), id, "ana", time.Now().Add(time.Hour), false))
				must(t, c.do(d, id))
				d.wantCounts(c.name, c.want[0], c.want[1], c.want[2])
				rows, _, err := d.store.Tickets(t.Context(), bot.TicketFilter{Asleep: true}, "", 10)
				if err != nil || len(rows) != c.want[1] {
					t.Errorf("%d are listed as snoozed, %v", len(rows), err)
				}
			})
		})
	}
}

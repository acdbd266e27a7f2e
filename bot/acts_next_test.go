package bot_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// next is who an agent gets, or "" when nobody is left.
func (d *desk) next(agent string) string {
	id, err := d.engine.Next(d.t.Context(), d.store, agent)
	if err != nil && !errors.Is(err, bot.ErrNobody) {
		d.t.Error(err)
	}
	return id
}

func TestAgentsWhoTakeTheNextAtOnceGetDifferentOnes(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		people := names("+49", 30)
		for _, c := range people {
			d.says(c, "person")
			time.Sleep(time.Second)
		}
		check(t, "the first in line", d.row(people[0]).Conversation.ID, d.next("zoe"))
		var mu sync.Mutex
		var got []string
		var group sync.WaitGroup
		for _, agent := range names("agent", 40) {
			group.Go(func() {
				id := d.next(agent)
				mu.Lock()
				defer mu.Unlock()
				if got = append(got, id); id == "" {
					return
				}
				row, err := d.store.Conversation(t.Context(), id)
				if err != nil || row.Ticket.Agent != agent {
					t.Errorf("%s got %s, which %q has, %v", agent, id, row.Ticket.Agent, err)
				}
			})
		}
		group.Wait()
		slices.Sort(got)
		got = slices.DeleteFunc(got, func(id string) bool { return id == "" })
		check(t, "how many were taken, and each by one", [2]int{29, 29}, [2]int{len(got), len(slices.Compact(slices.Clone(got)))})
	})
}

func TestTheNextIsNobodyWhoWasPutBehindOrCannotBeAnswered(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		time.Sleep(12 * time.Hour)
		d.says("behind", "person")
		d.says("fresh", "person")
		if err := d.engine.Rank(t.Context(), d.row("behind").Conversation.ID, true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(12 * time.Hour) // mara's window is over
		synctest.Wait()
		check(t, "who is left", d.row("fresh").Conversation.ID, d.next("ana"))
		check(t, "and then", "", d.next("ana"))
		d.says(mara, "hello?") // opens it anew
		check(t, "who wrote again", d.row(mara).Conversation.ID, d.next("ana"))
	})
}

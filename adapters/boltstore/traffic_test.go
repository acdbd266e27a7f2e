package boltstore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// What is counted by hour must never keep a customer from a person.
func TestAnHourThatIsDamagedIsToldAndBeginsAnew(t *testing.T) {
	t.Parallel()
	path := rich(t)
	edit(t, path, func(tx *bolt.Tx) error {
		hours := tx.Bucket([]byte("traffic"))
		k, b := hours.Cursor().First()
		broken := append([]byte(nil), b...)
		broken[2] ^= 1
		return hours.Put(append([]byte(nil), k...), broken)
	})
	if found := inspect(t, path); len(found) != 1 || found[0].Mendable {
		t.Errorf("found %+v", found)
	}
	s := open(t, path, quick())
	hour := hello("").Conversation.UpdatedAt.Truncate(time.Hour)
	wantHour := func(want []bot.Traffic) {
		t.Helper()
		got, err := s.Traffic(t.Context(), "support", hour, hour.Add(time.Hour))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the hour (-want +got):\n%s", diff)
		}
	}
	wantHour(nil)
	c := hello("cem")
	c.Conversation.Ticket = "tcem"
	c.Ticket = &handoff.Ticket{ID: "tcem", Conversation: "cem", Queue: "support", OpenedAt: c.Conversation.UpdatedAt}
	must(t, s.Commit(t.Context(), []bot.Change{c}))
	wantHour([]bot.Traffic{{Queue: "support", Hour: hour, Opened: 1}})
}

package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// TestWhatIsUrgentIsNextUntilAWindowIsNear: it comes before all who have time, also
// after the timers judged places again, and after nobody whose window is near.
func TestWhatIsUrgentIsNextUntilAWindowIsNear(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		first := d.asks(mara)
		time.Sleep(8 * time.Hour)
		urgent := d.asks("later")
		must(t, d.engine.Prefer(t.Context(), urgent, "ana", handoff.Urgent))
		line := func() (ids []string) {
			rows, _, err := d.store.Tickets(t.Context(), bot.TicketFilter{Waiting: true}, "", 10)
			must(t, err)
			for _, row := range rows {
				ids = append(ids, row.Conversation.ID)
			}
			return ids
		}
		check(t, "while there is time", []string{urgent, first}, line())
		time.Sleep(13 * time.Hour) // three hours before mara's window closes
		synctest.Wait()
		check(t, "when a window is near", []string{first, urgent}, line())
		if got := d.row("later").Ticket; got.Priority != handoff.Urgent || got.Place.Class != handoff.Later {
			t.Errorf("%s at %+v", got.Priority, got.Place)
		}
	})
}

package bot_test

import (
	"errors"
	"sync"
	"testing"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// TestOfManyWhoGiveOneAwayOneDoes: the others are told who has it.
func TestOfManyWhoGiveOneAwayOneDoes(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		id := d.row(mara).Conversation.ID
		colleagues := names("agent", 8)
		errs := make([]error, len(colleagues))
		var group sync.WaitGroup
		for i, colleague := range colleagues {
			group.Go(func() { errs[i] = d.engine.Assign(t.Context(), id, "ana", colleague, "") })
		}
		group.Wait()
		owner, told := d.row(mara).Ticket.Agent, 0
		for i, err := range errs {
			var taken *handoff.TakenError
			switch {
			case err == nil:
				check(t, "who got it", owner, colleagues[i])
			case errors.As(err, &taken) && taken.Agent == owner:
				told++
			default:
				t.Errorf("%s: %v", colleagues[i], err)
			}
		}
		check(t, "how many were told", len(colleagues)-1, told)
		must(t, d.engine.Transfer(t.Context(), id, owner, "support", ""))
		rows, _, err := d.store.Tickets(t.Context(), bot.TicketFilter{Waiting: true}, "", 10)
		if err != nil || len(rows) != 1 {
			t.Errorf("%d wait, %v", len(rows), err)
		}
	})
}

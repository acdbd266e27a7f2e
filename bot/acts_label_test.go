package bot_test

import (
	"testing"
)

func TestTheNextTicketBeginsWithTheConversationsLabels(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		id := d.asks(mara)
		must(t, d.engine.Label(t.Context(), id, "ana", "VIP", true))
		must(t, d.engine.Label(t.Context(), id, "ana", "refund", true))
		must(t, d.engine.Label(t.Context(), id, "ana", "refund", false))
		must(t, d.engine.Label(t.Context(), id, "ana", "refund", false)) // it is off already
		must(t, d.engine.Resolve(t.Context(), id, "ana"))
		d.asks(mara)
		check(t, "labels", []string{"vip"}, d.row(mara).Ticket.Labels)
		lines := d.transcript(mara)
		check(t, "what is told", []string{
			"system noted ana added the label vip", "system noted ana added the label refund", "system noted ana took off the label refund",
			"system noted ana resolved the conversation",
		}, lines[3:7])
	})
}

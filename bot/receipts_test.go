package bot_test

import (
	"testing"
	"testing/synctest"

	"frontdesk/bot"
)

// Platforms that were held up tell the whole way of a message at once.
func TestWhatIsToldOfAMessageInOneWebhookIsOneCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		d.says(mara, "1")
		synctest.Wait()
		before := d.row(mara).Conversation
		first, second := bot.MessageID(before.ID, 2), bot.MessageID(before.ID, 4)
		writes := d.writes.Load()
		d.receipts(
			bot.Receipt{Message: first, State: bot.StateSent},
			bot.Receipt{Message: second, State: bot.StateSent},
			bot.Receipt{Message: first, State: bot.StateRead},
			bot.Receipt{Message: first, State: bot.StateDelivered}, // too late to count
			bot.Receipt{Message: second, State: bot.StateDelivered},
			bot.Receipt{Message: "nobody-1", State: bot.StateSent},
			bot.Receipt{Message: "nobody-1", State: bot.StateRead},
		)
		if n := d.writes.Load() - writes; n != 3 {
			t.Errorf("%d writes, want one for each message, and one for what is nobody's", n)
		}
		check(t, "transcript", []string{
			"customer received hi", "bot read Hello!", "customer received 1", "bot delivered " + prices,
		}, d.transcript(mara))
	})
}

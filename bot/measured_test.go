package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

func TestWhatTheBotDidIsCountedByMessage(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		again := d.message(mara, "hi")
		d.handle(again)
		d.handle(again) // handled before: no step
		d.says(mara, "gibberish one")
		d.says(mara, "gibberish two")
		d.says(mara, "are you there?")
		synctest.Wait()
		steps := &d.stats.Steps
		got := map[string]int64{
			"answered": steps.Answered.Load(), "not understood": steps.NotUnderstood.Load(), "escalated": steps.Escalated.Load(),
			"people": steps.People.Load(), "waiting": steps.Waiting.Load(), "silent": steps.Silent.Load(),
		}
		check(t, "steps", map[string]int64{"answered": 1, "not understood": 1, "escalated": 1, "people": 1, "waiting": 0, "silent": 0}, got)
		check(t, "batches", uint64(5), d.stats.Handle.Snapshot().Count)
		check(t, "escalations", int64(1), d.stats.Escalations.Load())
	})
}

func TestAnAnswerIsMeasuredFromTheMessageToThePlatformsTakingIt(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = func(n int, _ bot.Outgoing) error {
			if n == 1 {
				return &bot.SendError{Class: bot.ClassRetry, Code: "503", RetryAfter: 7 * time.Second}
			}
			return nil
		}
		d.says(mara, "hi")
		time.Sleep(time.Minute)
		synctest.Wait()
		s := d.stats.Channel("phone").Answer.Snapshot()
		if s.Count != 1 || s.Sum < 7 || s.Sum > 30 {
			t.Errorf("%d answers took %v s, want one of 7 s or little more", s.Count, s.Sum)
		}
		sends := d.stats.Channel("phone").Sends()
		if sends["ok"].Count != 1 || sends["retry"].Count != 1 {
			t.Errorf("requests by class: %v taken, %v to be tried again, want one each", sends["ok"].Count, sends["retry"].Count)
		}
	})
}

func TestThePriceOfAMessageIsCountedOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		synctest.Wait()
		id := d.far.sent[0].Message.ID()
		free := &bot.Pricing{Category: "service", Type: "free_customer_service", Model: "PMP"}
		for _, state := range []bot.MessageState{bot.StateSent, bot.StateDelivered, bot.StateRead} {
			d.receipts(bot.Receipt{Message: id, ExternalID: "ext-" + id, State: state, Pricing: free})
		}
		d.receipts(
			bot.Receipt{Message: id, ExternalID: "ext-another", State: bot.StateFailed, Pricing: free},  // costs nothing
			bot.Receipt{Message: "nobodys-1", ExternalID: "ext-2", State: bot.StateRead, Pricing: free}, // another program's
		)
		check(t, "prices", []bot.Priced{{Category: "service", Type: "free_customer_service", Messages: 1}}, d.stats.Channel("phone").Prices.All())
	})
}

package bot_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// A receipt that comes while its message is being sent says more than the answer to
// the send: the message was put back, and goes once more.
func TestWhatAReceiptPutBackOutlivesTheEndOfItsSend(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		hang time.Duration // between the receipt and the answer
	}{
		{"in the same moment", 0},
		{"when it is due again before the answer", 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t)
				d.far.answer = func(n int, o bot.Outgoing) error {
					if n > 1 {
						return nil
					}
					d.receipts(bot.Receipt{Message: o.Message.ID(), ExternalID: "x", State: bot.StateFailed, Code: "131016", Class: bot.ClassRetry})
					time.Sleep(c.hang)
					return &bot.SendError{Class: bot.ClassFail, Code: "131000"}
				}
				d.says("491701", "hi")
				time.Sleep(c.hang + 40*time.Second)
				if got := d.far.texts(); !slices.Equal(got, []string{"Hello!"}) {
					t.Errorf("sent %q, want the answer once", got)
				}
				if lines := d.transcript("491701"); len(lines) != 2 {
					t.Errorf("something followed from it: %q", lines)
				}
			})
		})
	}
}

func TestAFailureCountsInThePaceOfItsCustomer(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{Pair: 6 * time.Second, PairBurst: 1})
	p.answer = func(context.Context, bot.Outgoing) error { return &bot.SendError{Class: bot.ClassFail, Code: "131026"} }
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		counted := &putBack{Outbox: o.store}
		o.outbox = counted
		o.waits("phone", 5, "c")
		o.start()
		time.Sleep(time.Minute)
		tries := p.tries()
		check(t, "tries", 5, len(tries))
		for i := 2; i < len(tries); i++ { // one more than the pace may come at once
			if gap := tries[i].Sub(tries[i-1]); gap < 6*time.Second {
				t.Errorf("message %d came %v after the one before", i, gap)
			}
		}
		check(t, "leased too soon, and put back", int64(0), counted.n.Load())
	})
}

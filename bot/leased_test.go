package bot_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// lateAnswer is an outbox that stores a retry, and says so only later.
type lateAnswer struct{ bot.Outbox }

func (o lateAnswer) Retry(ctx context.Context, r bot.Retry) error {
	err := o.Outbox.Retry(ctx, r)
	time.Sleep(5 * time.Second)
	return err
}

// A busy machine may hand out a delivery again before the goroutine has ended that
// put it back. Its lease belongs to nobody then.
func TestADeliveryThatIsLeasedAgainTooSoonIsNotForgotten(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	p.answer = func(context.Context, bot.Outgoing) error {
		if len(p.tries()) == 1 {
			return &bot.SendError{Class: bot.ClassRetry, Code: "131000"}
		}
		return nil
	}
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.outbox = lateAnswer{o.store}
		o.waits("phone", 1, "c")
		o.start()
		time.Sleep(2 * time.Second)
		o.d.Wake() // it is due again, and leased
		time.Sleep(10 * time.Second)
		synctest.Wait()
		check(t, "what was sent", []string{"c-1"}, p.took())
		check(t, "tries", 2, len(p.tries()))
	})
}

// stubborn is an outbox that does not take the result of one delivery.
type stubborn struct {
	bot.Outbox
	conversation string
}

func (o *stubborn) Done(ctx context.Context, out bot.Outcome) error {
	if out.Conversation == o.conversation {
		return errors.New("a damaged record")
	}
	return o.Outbox.Done(ctx, out)
}

func TestOthersGoOnAsSoonAsAResultHoldsThemUpNoMore(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.outbox = &stubborn{Outbox: o.store, conversation: "bad"}
		o.waits("phone", 1, "bad")
		o.start()
		synctest.Wait()
		o.waits("phone", 1, "good")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		check(t, "what was sent", []string{"bad-1", "good-1"}, p.took())
	})
}

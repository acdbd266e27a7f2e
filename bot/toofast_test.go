package bot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

func tooFast() error {
	return &bot.SendError{Class: bot.ClassWait, Code: "130429", Reason: "too fast", Account: true}
}

// waited is how long each message waited until the send began that was taken, shortest first.
func (p *platform) waited() (waits []time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, o := range p.taken {
		waits = append(waits, p.at[i].Sub(o.Message.At))
	}
	slices.Sort(waits)
	return waits
}

func TestARefusalNowAndThenCostsNextToNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(bot.Pace{Rate: 80, Burst: 8})
		chance := rand.New(rand.NewPCG(1, 2))
		p.answer = func(bot.Outgoing) error { // the platform's lock is held
			if chance.IntN(100) == 0 {
				return tooFast()
			}
			return nil
		}
		s := dispatching(t, p, nil)
		const messages = 1500
		for i := range messages {
			s.comes(t, fmt.Sprintf("c%d", i), 1)
			time.Sleep(25 * time.Millisecond) // half of what the number may send
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		waits := p.waited()
		check(t, "all were sent", messages, len(waits))
		if p99 := waits[messages*99/100]; p99 > 400*time.Millisecond {
			t.Errorf("of 100 messages one waited for %v", p99)
		}
		if most := waits[messages-1]; most > time.Second {
			t.Errorf("somebody waited for %v", most)
		}
	})
}

// A number that is used in the Business app as well may send 20 a second, which
// its operator did not say.
func TestTheRateOfASlowerNumberIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(bot.Pace{Rate: 80, Burst: 8})
		const rate, burst = 20, 20
		left, filled, refused := float64(burst), time.Now(), 0
		p.answer = func(bot.Outgoing) error {
			now := time.Now()
			left, filled = min(burst, left+rate*now.Sub(filled).Seconds()), now
			if left < 1 {
				refused++
				return tooFast()
			}
			left--
			return nil
		}
		s := dispatching(t, p, nil)
		const messages = 1200
		backlog(t, s.store, messages, 1)
		s.wake()
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		waits := p.waited()
		check(t, "all were sent", messages, len(waits))
		last := waits[messages-1]
		if last > messages*time.Second/rate*4/3 {
			t.Errorf("all were sent after %v, want not much more than %v", last, messages*time.Second/rate)
		}
		if refused > messages/8 {
			t.Errorf("%d of %d were refused", refused, messages)
		}
	})
}

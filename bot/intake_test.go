package bot_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// slowKeep is a ledger that takes a second to keep events, side by side.
type slowKeep struct {
	bot.Ledger
	mu         sync.Mutex
	busy, most int
}

func (l *slowKeep) Keep(context.Context, []bot.Event) error {
	l.count(1)
	defer l.count(-1)
	time.Sleep(time.Second)
	return nil
}

func (l *slowKeep) count(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy += n
	l.most = max(l.most, l.busy)
}

// Where more comes in than can be answered, it is what comes in that waits, for as
// long as its sender does.
func TestMoreBatchesThanCanBeAnsweredWaitTheirTurn(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		ledger := &slowKeep{Ledger: d.store}
		engine := bot.NewEngine(bot.EngineConfig{
			Ledger: ledger, Set: d.set, Hub: &bot.Hub{}, Wake: d.wake, Hold: func(string) {},
			Stats: bot.NewStats(nil), Log: slog.New(slog.DiscardHandler),
		})
		ctx, cancel := context.WithTimeout(t.Context(), 2500*time.Millisecond)
		defer cancel()
		errs := make([]error, 1000)
		var group sync.WaitGroup
		for i := range errs {
			group.Go(func() { errs[i] = engine.Handle(ctx, bot.Batch{Events: []bot.Event{{Channel: "phone"}}}) })
		}
		group.Wait()
		synctest.Wait()
		handled := 0
		for _, err := range errs {
			if err == nil {
				handled++
			} else if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
		check(t, "handled at once", 128, ledger.most)
		check(t, "handled before their senders went away", 3*128, handled)
	})
}

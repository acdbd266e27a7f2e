package web

import (
	"context"
	"fmt"
	"time"

	"frontdesk/bot"
)

// askWithin is how long a scrape waits for what it asks: less than Prometheus
// waits for a scrape, twice over.
const askWithin = 2 * time.Second

// turn lets one at a time ask the same, so that a source which hangs holds one
// goroutine, however often it is asked.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// within asks, and gives up after askWithin, whether or not ask looks at its
// context. A panic of ask is an error. The goroutine ends when ask does.
func within[T any](t turn, ask func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	var (
		answer T
		err    error
		done   = make(chan struct{})
	)
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return answer, ctx.Err()
	}
	go func() {
		defer func() {
			if fault := recover(); fault != nil {
				err = fmt.Errorf("a fault: %v", fault)
			}
			close(done)
			<-t
		}()
		answer, err = ask(ctx)
	}()
	select {
	case <-done:
		return answer, err
	case <-ctx.Done():
		var none T // the other is still being written
		return none, ctx.Err()
	}
}

func (m *Metrics) readiness(ctx context.Context) (struct{}, error) { return struct{}{}, m.Ready(ctx) }

func (m *Metrics) gaugesAt(now time.Time) func(context.Context) (bot.Gauges, error) {
	return func(ctx context.Context) (bot.Gauges, error) { return m.Gauges(ctx, now) }
}

package load

import (
	"context"
	"time"
)

// Window is what happened in one second.
type Window struct {
	At       time.Duration // its end, since the beginning
	Took     time.Duration // its length
	Sent     int           // messages
	Answered int           // messages
	Waiting  int           // messages with a 200 and without an answer, at its end
	Webhook  Spread
	Answer   Spread
	Sample   *Sample // nil: the program did not tell
}

// watch looks at a run every second.
type watch struct {
	p       *player
	begun   time.Time
	sampler *sampler // nil: the program is not asked
	windows []Window
	first   *Sample // before anything was sent
	cpu     float64 // of this process, at the beginning
	last    tally
	lastAt  time.Duration
}

func newWatch(p *player) *watch {
	w := &watch{p: p, cpu: cpu()}
	if p.o.Ops != "" {
		w.sampler = newSampler(p.o.Ops)
		w.first = w.sample(context.Background())
	}
	return w
}

// run watches until ctx ends, and looks once more then.
func (w *watch) run(ctx context.Context, progress func(Window)) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.look(ctx, progress)
		case <-ctx.Done():
			w.look(context.WithoutCancel(ctx), progress)
			if w.sampler != nil {
				w.sampler.close()
			}
			return
		}
	}
}

func (w *watch) look(ctx context.Context, progress func(Window)) {
	now, t := time.Since(w.begun), w.p.ledger.tally()
	w.p.late.lap()
	v := Window{
		At: now, Took: now - w.lastAt, Sent: t.messages - w.last.messages, Answered: t.answered - w.last.answered, Waiting: t.waiting,
		Webhook: w.p.webhooks.lap(), Answer: w.p.graph.answers.lap(), Sample: w.sample(ctx),
	}
	w.last, w.lastAt = t, now
	w.windows = append(w.windows, v)
	progress(v)
}

// sample asks the program; one that does not answer in time is asked again at
// the next look.
func (w *watch) sample(ctx context.Context) *Sample {
	if w.sampler == nil {
		return nil
	}
	s, err := w.sampler.sample(ctx)
	if err != nil {
		return nil
	}
	if !w.begun.IsZero() {
		s.At = time.Since(w.begun)
	}
	return &s
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

const (
	// planEvery is how often the line is planned at most.
	planEvery = 5 * time.Second
	// planAnyway is after how long it is planned although nothing changed: time
	// that nobody used is gone.
	planAnyway = time.Minute
	// learnEvery is how often it is looked up what came to the queues.
	learnEvery = 5 * time.Minute
	// mostRanked is how many tickets are moved in one round: each is a commit.
	mostRanked = 200
	// forecastHours is how far a forecast goes.
	forecastHours = 48
	// longestLine is how far ahead shifts are asked for.
	longestLine = 14 * 24 * time.Hour
)

// Planner puts those behind whom the people on duty cannot answer in time, so that
// they hold up nobody who can be, and forecasts how many windows will be missed.
type Planner struct {
	reader Reader
	engine *Engine
	log    *slog.Logger
	wake   chan struct{}
	told   atomic.Pointer[map[string]Forecast]

	// Run's own.
	outlooks map[string]Outlook // by queue
	version  string             // of the flows that they are for
	learned  time.Time
	forecast time.Time // the next one is not made before
	faults   int       // in a row
	silent   time.Time // until when nothing more is said of them
}

// PlannerConfig is what a Planner needs. All fields are required.
type PlannerConfig struct {
	Reader Reader
	Engine *Engine
	Log    *slog.Logger
}

// NewPlanner makes a Planner; Run does the work.
func NewPlanner(c PlannerConfig) *Planner {
	return &Planner{reader: c.Reader, engine: c.Engine, log: c.Log, wake: make(chan struct{}, 1)}
}

// Wake says that the line may have changed. It never waits.
func (p *Planner) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Forecasts are the newest, by queue of the flow file; they are a minute old at most
// while Run works. It may be called from many goroutines. The map must not be changed.
func (p *Planner) Forecasts() map[string]Forecast {
	if told := p.told.Load(); told != nil {
		return *told
	}
	return nil
}

// Run works until ctx ends and returns when the round under way is over. It starts
// no goroutine.
func (p *Planner) Run(ctx context.Context) {
	for ctx.Err() == nil {
		begun := time.Now()
		if err := p.round(ctx, begun.UTC()); err != nil && ctx.Err() == nil {
			p.complain(ctx, err, begun)
		} else {
			p.faults = 0
		}
		rest(ctx, nil, begun.Add(planEvery))
		rest(ctx, p.wake, begun.Add(planAnyway))
	}
}

// complain tells of a fault of the store, less and less often while it stays.
func (p *Planner) complain(ctx context.Context, err error, now time.Time) {
	if p.faults == 0 || !now.Before(p.silent) {
		p.faults++
		p.silent = now.Add(backoff(p.faults, 2))
		p.log.ErrorContext(ctx, "cannot plan the line", "error", err)
	}
}

// round plans each queue, and makes the forecast if it is time for it.
func (p *Planner) round(ctx context.Context, now time.Time) error {
	set := *p.engine.current.Load()
	if err := p.learn(ctx, set, now); err != nil {
		return err
	}
	lines := make(map[string][]handoff.Ticket)
	err := p.reader.Line(ctx, true, func(t handoff.Ticket) error {
		lines[t.Queue] = append(lines[t.Queue], t)
		return nil
	})
	if err != nil && len(lines) == 0 {
		return err
	}
	// What is damaged is told of, and the rest planned all the same.
	err = errors.Join(err, p.rank(ctx, plan(lines, set.queues, now), now))
	if !now.Before(p.forecast) {
		p.foresee(lines, set.queues, now)
	}
	return err
}

// rank moves tickets, as many as are moved in one round.
func (p *Planner) rank(ctx context.Context, moves []ranking, now time.Time) error {
	var faults error
	for _, m := range moves[:min(len(moves), mostRanked)] {
		if err := p.engine.Rank(ctx, m.Conversation, m.behind); err != nil {
			if ctx.Err() != nil {
				return err
			}
			faults = errors.Join(faults, fmt.Errorf("placing conversation %s: %w", m.Conversation, err)) // the others are placed all the same
			continue
		}
		if m.Place = m.CallBack(now); m.behind {
			m.Place = m.PutBehind(now)
		}
	}
	return faults
}

// learn looks up what came to the queues, from time to time, and when they are others.
func (p *Planner) learn(ctx context.Context, set edition, at time.Time) error {
	if p.version == set.version && at.Before(p.learned.Add(learnEvery)) && !at.Before(p.learned) {
		return nil
	}
	outlooks, took := make(map[string]Outlook), make(map[string]time.Duration)
	for name, q := range set.queues {
		rows, err := p.reader.Traffic(ctx, name, at.Add(-TrafficFor), at)
		if err != nil {
			return err
		}
		o := Ahead(rows, q, at)
		if outlooks[name] = o; o.Measured > 0 {
			took[name] = o.Handling
		}
	}
	p.outlooks, p.version, p.learned = outlooks, set.version, at
	p.engine.Took(took)
	return nil
}

// foresee makes the forecast. It takes a twentieth of the time at most.
func (p *Planner) foresee(lines map[string][]handoff.Ticket, queues map[string]flows.Queue, now time.Time) {
	told := make(map[string]Forecast, len(queues))
	for name, q := range queues {
		told[name] = foresee(lines[name], q, p.outlooks[name], now)
	}
	p.told.Store(&told)
	p.forecast = now.Add(min(share*time.Since(now), planAnyway))
}

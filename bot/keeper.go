package bot

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	// walkEvery is how often the whole store is walked through.
	walkEvery = 24 * time.Hour
	// leastStep is the pause between two steps of a walk.
	leastStep = 100 * time.Millisecond
	// mostStep is the longest pause, however busy the store is.
	mostStep = time.Minute
	// share is how many times as long as a step took is waited after it: a store
	// that is busy answers later, and is asked less often for it.
	share = 20
	// savesWalk is how often it is stored how far a walk has come.
	savesWalk = 5 * time.Minute
)

// SweptStats counts what a Keeper let go of since the program started.
type SweptStats struct {
	Messages, Tickets, Conversations, Contacts, Events, Audit, Costs, Marks, Traffic, Misses atomic.Int64
	Walks                                                                                    atomic.Int64 // through the whole store
}

func (s *SweptStats) add(n Swept) {
	s.Messages.Add(int64(n.Messages))
	s.Tickets.Add(int64(n.Tickets))
	s.Conversations.Add(int64(n.Conversations))
	s.Contacts.Add(int64(n.Contacts))
	s.Events.Add(int64(n.Events))
	s.Audit.Add(int64(n.Audit))
	s.Costs.Add(int64(n.Costs))
	s.Marks.Add(int64(n.Marks))
	s.Traffic.Add(int64(n.Traffic))
	s.Misses.Add(int64(n.Misses))
}

// Keeper lets go of what is old: it walks through the store about once a day, in
// steps so small that nobody notices.
type Keeper struct {
	sweeper   Sweeper
	retention Retention
	stats     *SweptStats
	log       *slog.Logger

	walk    Walk
	savedAt time.Time // when walk was stored
	total   Swept     // of this walk, since the program started
	faults  int       // in a row
}

// KeeperConfig is what a Keeper needs. All fields are required.
type KeeperConfig struct {
	Sweeper   Sweeper
	Retention Retention
	Stats     *SweptStats
	Log       *slog.Logger
}

// NewKeeper makes a Keeper; Run does the work.
func NewKeeper(c KeeperConfig) *Keeper {
	return &Keeper{sweeper: c.Sweeper, retention: c.Retention, stats: c.Stats, log: c.Log}
}

// Run works until ctx ends and returns when the step under way is over. It starts
// no goroutine.
func (k *Keeper) Run(ctx context.Context) {
	var err error
	if k.walk, err = k.sweeper.Walk(ctx); err != nil && ctx.Err() == nil {
		k.log.ErrorContext(ctx, "cannot tell how far the last walk through the store came; a new one begins", "error", err)
	}
	for ctx.Err() == nil {
		pause := k.step(ctx)
		rest(ctx, nil, time.Now().Add(pause))
	}
	if !k.walk.Over && k.walk.At != "" {
		k.save(context.WithoutCancel(ctx))
	}
}

// step does one step of a walk, if one is due, and says how long to rest.
func (k *Keeper) step(ctx context.Context) time.Duration {
	now := time.Now().UTC()
	if wait := k.begin(now); wait > 0 {
		return wait
	}
	swept, next, err := k.sweeper.Sweep(ctx, now, k.retention, k.walk.At)
	if ctx.Err() != nil {
		return 0 // as the program ends; it is looked at again
	}
	k.stats.add(swept)
	k.total.add(swept)
	if err != nil {
		k.faults++
		k.log.ErrorContext(ctx, "cannot let go of all that is old", "error", err)
		if next == k.walk.At {
			return backoff(k.faults, 4)
		}
	}
	k.faults = 0
	k.walk.At, k.walk.Over = next, next == ""
	if k.walk.Over {
		k.over(ctx)
	}
	if k.walk.Over || now.Sub(k.savedAt) >= savesWalk {
		k.save(ctx)
	}
	return min(max(share*time.Since(now), leastStep), mostStep)
}

// begin begins a walk when it is time for one, or says how long it is until then.
// A clock that went back does not put it off for longer than a walk's time.
func (k *Keeper) begin(now time.Time) time.Duration {
	if !k.walk.Over && !k.walk.BegunAt.IsZero() {
		return 0
	}
	if wait := walkEvery - now.Sub(k.walk.BegunAt); k.walk.Over && wait > 0 && wait <= walkEvery {
		return wait
	}
	k.walk, k.total, k.savedAt = Walk{BegunAt: now}, Swept{}, now
	return 0
}

func (k *Keeper) over(ctx context.Context) {
	k.stats.Walks.Add(1)
	n := k.total
	if n == (Swept{}) {
		return
	}
	k.log.InfoContext(ctx, "let go of what is old", "messages", n.Messages, "tickets", n.Tickets, "conversations", n.Conversations,
		"contacts", n.Contacts, "events", n.Events, "audit", n.Audit, "marks", n.Marks, "traffic", n.Traffic, "misses", n.Misses)
}

func (k *Keeper) save(ctx context.Context) {
	k.savedAt = time.Now().UTC()
	if err := k.sweeper.SaveWalk(ctx, k.walk); err != nil && ctx.Err() == nil {
		k.log.ErrorContext(ctx, "cannot store how far the walk through the store has come", "error", err)
	}
}

func (s *Swept) add(n Swept) {
	s.Messages += n.Messages
	s.Tickets += n.Tickets
	s.Conversations += n.Conversations
	s.Contacts += n.Contacts
	s.Events += n.Events
	s.Audit += n.Audit
	s.Costs += n.Costs
	s.Marks += n.Marks
	s.Traffic += n.Traffic
	s.Misses += n.Misses
}

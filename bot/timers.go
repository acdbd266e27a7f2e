package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"frontdesk/flows"
)

const (
	// mostWoken is how many conversations are woken at once, so that they share
	// the store's commits.
	mostWoken = 128
	// mostCalls is how many requests to the business's systems are under way at
	// once. Whoever hangs there keeps a call waiting, and nothing else.
	mostCalls = 64
	// longestFull is after how long a conversation whose call finds no room is woken
	// all the same: its customer may have written meanwhile.
	longestFull = 10 * time.Second
	// often is how many times in a row a conversation may be due again before a
	// person should know of it.
	often = 4
)

// Timers lets happen what was decided to happen at a time: it wakes the
// conversations that have something due, and carries their calls.
type Timers struct {
	agenda Agenda
	engine *Engine
	log    *slog.Logger
	grace  time.Duration
	wake   chan struct{}
	faults int           // of the agenda, in a row; Run's own
	silent time.Time     // until when nothing more is said of them
	clock  clock         // Run's own
	back   time.Duration // how far it was set back since Run began, as far as is known

	mu      sync.Mutex
	busy    map[string]bool // conversations that are being woken
	held    map[string]hold // those that must wait although they are due
	calling int             // places taken among mostCalls
}

// hold is why a conversation that is due is left alone.
type hold struct {
	until time.Time // not before
	times int       // in a row
	full  bool      // unless a call may be begun before
}

// TimersConfig is what Timers need. All fields are required.
type TimersConfig struct {
	Agenda Agenda
	Engine *Engine
	Log    *slog.Logger
	Grace  time.Duration // how long calls under way may take to end when Run is stopped
}

// NewTimers makes Timers; Run does the work.
func NewTimers(c TimersConfig) *Timers {
	return &Timers{
		agenda: c.Agenda, engine: c.Engine, log: c.Log, grace: c.Grace,
		wake: make(chan struct{}, 1), busy: make(map[string]bool), held: make(map[string]hold),
	}
}

// Wake says that something new may be due. It never waits.
func (t *Timers) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, then lets the calls under way end, for at most
// Grace, stores their results and returns. It owns every goroutine it starts.
func (t *Timers) Run(ctx context.Context) {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var group sync.WaitGroup
	t.rewind(ctx, &group)
	for ctx.Err() == nil {
		t.look(ctx, &group)
		next := t.round(work, &group)
		rest(ctx, t.wake, next)
	}
	late := time.AfterFunc(t.grace, cut)
	defer late.Stop()
	group.Wait()
}

// look notices that the clock was set back.
func (t *Timers) look(ctx context.Context, group *sync.WaitGroup) {
	steady, wall := t.clock.both()
	back := steady.Round(0).Sub(wall.Round(0))
	if back > t.back+leapLeast {
		t.rewind(ctx, group)
	}
	t.back = back
}

// round wakes what is due. It returns when to look again unless woken before;
// zero means only when woken, as whoever ends wakes it.
func (t *Timers) round(ctx context.Context, group *sync.WaitGroup) time.Time {
	now := time.Now().UTC()
	due, next, err := t.agenda.Wakes(ctx, now, t.width())
	t.forget(due, now)
	for _, conversation := range due {
		start, room, at := t.take(conversation, now)
		if start {
			group.Go(func() { t.fire(ctx, conversation, room) })
		}
		next = earliest(next, at)
	}
	if t.full() {
		next = time.Time{} // what there was no place for is due already
	}
	return earliest(next, t.complain(ctx, err, now))
}

// complain tells of a fault of the store, less and less often while it stays, and
// when to look again because of it. Everybody who commits wakes us meanwhile.
func (t *Timers) complain(ctx context.Context, err error, now time.Time) time.Time {
	switch {
	case err == nil:
		t.faults, t.silent = 0, time.Time{}
	case !now.Before(t.silent):
		t.faults++
		t.silent = now.Add(backoff(t.faults, 2))
		t.log.ErrorContext(ctx, "cannot read all of the agenda", "error", err)
	}
	return t.silent
}

// width is how many conversations must be listed so that as many as can be woken
// at once are among them that nothing keeps back.
func (t *Timers) width() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return mostWoken + len(t.busy) + len(t.held)
}

func (t *Timers) full() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.busy) >= mostWoken
}

// forget lets go of what is known of conversations that are not due any more.
func (t *Timers) forget(due []string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.held) == 0 {
		return
	}
	still := make(map[string]bool, len(due))
	for _, conversation := range due {
		still[conversation] = true
	}
	for conversation, h := range t.held {
		if !still[conversation] && (h.full || !h.until.After(now)) {
			delete(t.held, conversation)
		}
	}
}

// take decides whether a conversation that is due is woken now, and keeps a
// place among the calls for it if one is free. Otherwise at is when it is its
// turn; zero: that is not known.
func (t *Timers) take(conversation string, now time.Time) (start, room bool, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.held[conversation]
	free := t.calling < mostCalls
	switch {
	case t.busy[conversation] || len(t.busy) >= mostWoken:
		return false, false, time.Time{}
	case h.until.After(now) && (!h.full || !free):
		return false, false, h.until
	}
	t.busy[conversation] = true
	if free {
		t.calling++
	}
	return true, free, time.Time{}
}

// fire wakes one conversation and carries the call that it began.
func (t *Timers) fire(ctx context.Context, conversation string, room bool) {
	fired, err := t.engine.Fire(ctx, conversation, room)
	t.done(ctx, conversation, fired, err)
	t.Wake() // it may be due again, and there is a place for another
	if fired.Call != nil {
		t.call(ctx, conversation, *fired.Call)
	}
	if room {
		t.leave()
		t.Wake()
	}
}

// done says when the conversation may be woken again. One that cannot be woken,
// or is due all the time, waits longer and longer.
func (t *Timers) done(ctx context.Context, conversation string, fired Fired, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, conversation)
	h := hold{times: t.held[conversation].times + 1}
	now := time.Now().UTC()
	switch {
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrChannelOff) && !fired.Due: // it is not kept any more, or was put off
		delete(t.held, conversation)
		return
	case errors.Is(err, ErrChannelOff):
		h.until = now.Add(maxBackoff)
	case err != nil && ctx.Err() != nil: // cut short, as the program ends
	case err != nil:
		h.until = now.Add(backoff(h.times, 2))
		t.log.ErrorContext(ctx, "cannot do what is due; it is tried again", "conversation", conversation, "error", err, "until", h.until)
	case fired.Waits:
		h.full, h.until = true, now.Add(min(backoff(h.times, 2), longestFull))
		if fired.Else.After(now) {
			h.until = earliest(h.until, fired.Else)
		}
	case fired.Due && h.times == 1: // one thing led to the next
	case fired.Due:
		h.until = now.Add(backoff(h.times-1, 2))
		if h.times > often {
			t.log.WarnContext(ctx, "a conversation is due again and again", "conversation", conversation, "until", h.until)
		}
	default:
		delete(t.held, conversation)
		return
	}
	t.held[conversation] = h
}

func (t *Timers) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calling--
}

// call makes one attempt and hands its result to the engine. When it is cut
// because the program ends, nothing is stored: the attempt counts as lost, and
// is made again with the same id.
func (t *Timers) call(ctx context.Context, conversation string, c Call) {
	timed, cancel := context.WithTimeout(ctx, c.Request.Timeout+callGrace/2)
	defer cancel()
	result, again, after := t.traced(timed, conversation, c)
	if ctx.Err() != nil {
		return
	}
	if err := t.engine.Called(context.WithoutCancel(ctx), conversation, c.ID, result, again, after); err != nil && !errors.Is(err, ErrNotFound) {
		t.log.ErrorContext(ctx, "cannot store the result of a call; it counts as lost", "conversation", conversation, "error", err)
	}
}

func (t *Timers) traced(ctx context.Context, conversation string, c Call) (flows.Called, bool, time.Duration) {
	ctx, end := StartSpan(ctx, t.engine.tracer, "call", slog.String("conversation", conversation), slog.String("call", c.ID))
	result, again, after := t.attempt(ctx, c)
	end(callFault(result))
	return result, again, after
}

// callFault is why there was no answer to a call; nil: there was one.
func callFault(c flows.Called) error {
	if c.Error == "" {
		return nil
	}
	return errors.New(c.Error)
}

func (t *Timers) attempt(ctx context.Context, c Call) (result flows.Called, again bool, after time.Duration) {
	defer func() {
		if fault := recover(); fault != nil {
			t.log.ErrorContext(ctx, "a call panicked", "call", c.ID, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			result, again, after = flows.Called{Error: "fault"}, false, 0
		}
	}()
	return t.engine.caller.Call(ctx, c.ID, c.Request)
}

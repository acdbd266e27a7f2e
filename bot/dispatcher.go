package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

const (
	// lease is for how long a delivery belongs to the process that sends it;
	// well above sendTimeout, so that it never ends while a send is under way.
	lease       = 2 * time.Minute
	sendTimeout = 30 * time.Second
	// perChannel is how many sends of one channel are under way at once, so that
	// a platform that hangs cannot hold up the others.
	perChannel = 64
	// A channel with fewer free places is left alone for a round, so that one
	// that hangs does not make the others go in small steps.
	fewLeft = 8
	// unknownTries is how many sends may stay without a known result before a
	// person must look.
	unknownTries = 3
	// lostTries is the same for results that were lost with the process, or could
	// not be stored. Each was waited for in vain, so more of them are let pass.
	lostTries  = 6
	maxBackoff = 5 * time.Minute
	maxPause   = 15 * time.Minute
	longPause  = 10 * time.Minute // a person should know of it
	lookAgain  = time.Minute      // at the latest; an outbox with nothing due is read in a microsecond
	retryFault = time.Second      // after a fault of the store
)

// Dispatcher sends what was decided: it leases due deliveries, judges them
// again in the instant of sending, and stores every result.
type Dispatcher struct {
	outbox   Outbox
	channels map[string]Channel
	hub      *Hub
	stats    *Stats
	log      *slog.Logger
	grace    time.Duration
	wake     chan struct{}
	since    time.Time // when Run began

	mu     sync.Mutex
	sent   map[string]time.Time // the newest success, by channel
	busy   map[string]int       // sends under way, by channel
	paused map[string]pause     // channels that must wait
}

// pause is why and until when a channel sends nothing.
type pause struct {
	until time.Time
	times int  // in a row
	alarm bool // because of the account; a success shows that it was not
}

// DispatcherConfig is what a Dispatcher needs. All fields are required.
type DispatcherConfig struct {
	Outbox   Outbox
	Channels map[string]Channel // by Channel.Name
	Hub      *Hub
	Stats    *Stats
	Log      *slog.Logger
	Grace    time.Duration // how long sends under way may take to end when Run is stopped
}

// NewDispatcher makes a Dispatcher; Run does the work.
func NewDispatcher(c DispatcherConfig) *Dispatcher {
	return &Dispatcher{
		outbox: c.Outbox, channels: c.Channels, hub: c.Hub, stats: c.Stats, log: c.Log, grace: c.Grace,
		wake: make(chan struct{}, 1), busy: make(map[string]int), sent: make(map[string]time.Time), paused: make(map[string]pause),
	}
}

// Wake says that something new may be due. It never waits.
func (d *Dispatcher) Wake() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Run sends until ctx ends, then lets the sends under way end, for at most
// Grace, stores their results and returns. It owns every goroutine it starts.
func (d *Dispatcher) Run(ctx context.Context) {
	d.since = time.Now().UTC()
	sends, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var group sync.WaitGroup
	for ctx.Err() == nil {
		next := d.round(ctx, sends, &group)
		rest(ctx, d.wake, next)
	}
	late := time.AfterFunc(d.grace, cut)
	defer late.Stop()
	group.Wait()
}

// round leases what is due and starts sending it. It returns when to look again
// unless woken before; zero means only when woken.
func (d *Dispatcher) round(ctx, sends context.Context, group *sync.WaitGroup) time.Time {
	now := time.Now().UTC()
	room, resume := d.room(now)
	if len(room) == 0 {
		return resume
	}
	// Not Run's context: a lease that is stored while Run is stopped must be known.
	due, next, err := d.outbox.Due(context.WithoutCancel(ctx), now, lease, room)
	if err != nil {
		d.log.ErrorContext(ctx, "cannot read all of the outbox", "error", err)
		next = earliest(next, now.Add(retryFault))
	}
	for _, a := range due {
		if ctx.Err() != nil { // stopped meanwhile: as if it had not been leased
			d.retry(a, Retry{At: now})
			continue
		}
		channel := a.Conversation.Channel
		d.occupy(channel, 1)
		group.Go(func() {
			defer d.Wake() // there is room again, and the next of the conversation may be due
			defer d.occupy(channel, -1)
			d.send(sends, a)
		})
	}
	return earliest(next, resume)
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// rest waits until the moment, a wake or the end, and for at most lookAgain:
// nobody tells when a lease runs out whose result could not be stored.
func rest(ctx context.Context, wake <-chan struct{}, until time.Time) {
	wait := lookAgain
	if !until.IsZero() {
		wait = min(wait, time.Until(until))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// room is how many deliveries of each channel may be leased, and when the first
// of the paused ones may again.
func (d *Dispatcher) room(now time.Time) (room map[string]int, resume time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	room = make(map[string]int)
	for name := range d.channels {
		left := perChannel - d.busy[name]
		if p := d.paused[name]; now.Before(p.until) {
			resume = earliest(resume, p.until)
		} else if left >= fewLeft {
			room[name] = left
		}
	}
	return room, resume
}

func (d *Dispatcher) occupy(channel string, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy[channel] += n
}

// send judges one delivery, sends it and stores what came of it.
func (d *Dispatcher) send(ctx context.Context, a Attempt) {
	defer func() {
		if fault := recover(); fault != nil {
			d.log.Error("a send panicked", "message", a.Message.ID(), "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			if channel, ok := d.channels[a.Conversation.Channel]; ok {
				d.failed(a, channel, &SendError{Class: ClassUnknown, Code: "fault", Reason: "a fault in frontdesk; the log says more"})
			}
		}
	}()
	channel, ok := d.channels[a.Conversation.Channel]
	if !ok {
		// Switched off, perhaps only until its secrets are back: it waits.
		d.retry(a, Retry{At: time.Now().UTC().Add(maxBackoff), Code: "no_channel", Reason: "the channel is switched off"})
		return
	}
	stats := d.stats.Channel(channel.Name())
	verdict := judge(a, channel.Limits(), time.Now().UTC(), d.since)
	switch {
	case verdict.outcome != nil:
		switch verdict.outcome.State {
		case StateCancelled:
			stats.Cancelled.Add(1)
		case StateUnknown:
			stats.Unknown.Add(1)
		default:
			stats.Closed.Add(1)
		}
		d.done(a, *verdict.outcome)
		return
	case verdict.retry != nil:
		d.retry(a, *verdict.retry)
		return
	}
	timed, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	sent, err := channel.Send(timed, Outgoing{Message: a.Message, To: aliasesOn(a.Contact.Aliases, channel.Name())})
	if err == nil {
		stats.Sent.Add(1)
		d.succeeded(channel.Name())
		d.done(a, Outcome{State: StateSent, ExternalID: sent.ExternalID, Aliases: sent.Aliases})
		return
	}
	d.failed(a, channel, err)
}

func aliasesOn(all []Alias, channel string) []Alias {
	var out []Alias
	for _, a := range all {
		if a.Channel == channel {
			out = append(out, a)
		}
	}
	return out
}

// failed stores what follows from a send that was not accepted.
func (d *Dispatcher) failed(a Attempt, channel Channel, err error) {
	var se *SendError
	if !errors.As(err, &se) {
		se = &SendError{Class: ClassUnknown, Code: "error", Reason: "the channel gave no reason"}
	}
	now := time.Now().UTC()
	stats := d.stats.Channel(channel.Name())
	stats.failed(se.Class)
	log := d.log.With("channel", channel.Name(), "message", a.Message.ID(), "class", string(se.Class), "code", se.Code)

	f := followUp(a, se, channel.Limits(), now)
	if se.Class == ClassAlarm && d.others(a) {
		// Others were sent since this one was refused as the account's trouble:
		// it is this conversation's, and must not stop the channel again.
		f.pause, f.retry.At = 0, now.Add(backoff(f.retry.Tally.Alarms, 4))
	}
	if f.pause > 0 {
		f.retry.At = d.hold(channel.Name(), now, f.pause, se.Class == ClassAlarm)
	}
	switch {
	case f.pause >= longPause || (se.Class == ClassAlarm && f.pause > 0):
		log.Error("nothing is sent on the channel for a while; nothing is lost", "reason", se.Reason, "until", f.retry.At)
	case f.outcome != nil && f.outcome.State == StateUnknown:
		log.Error("the platform never told whether it took a message; it is not sent again", "reason", se.Reason)
	default:
		log.Warn("a message was not accepted", "reason", se.Reason)
	}
	if f.outcome != nil {
		d.done(a, *f.outcome)
		return
	}
	d.retry(a, *f.retry)
}

// Hold pauses a channel because of what a platform told elsewhere than in the
// answer to a send.
func (d *Dispatcher) Hold(channel string) {
	d.hold(channel, time.Now().UTC(), time.Minute, true)
}

// hold pauses a channel, twice as long each time in a row, and says until when.
func (d *Dispatcher) hold(channel string, now time.Time, least time.Duration, alarm bool) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.paused[channel]
	if now.Before(p.until) { // several sends were under way when the first was refused
		if until := now.Add(least); until.After(p.until) {
			p.until = until
		}
		p.alarm = p.alarm && alarm
	} else {
		p.until = now.Add(min(least<<min(p.times, 8), max(least, maxPause)))
		p.alarm = alarm
		p.times++
	}
	d.paused[channel] = p
	d.stats.Channel(channel).pausedUntil.Store(p.until.UnixNano())
	return p.until
}

// succeeded ends the row of pauses.
func (d *Dispatcher) succeeded(channel string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now().UTC()
	d.sent[channel] = now
	if p, ok := d.paused[channel]; ok && (p.alarm || !now.Before(p.until)) {
		delete(d.paused, channel)
		d.stats.Channel(channel).pausedUntil.Store(0)
	}
}

// others reports whether the channel accepted something since a was first
// refused with an alarm.
func (d *Dispatcher) others(a Attempt) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	tally := a.Delivery.Tally
	return tally.Alarms > 0 && !d.sent[a.Conversation.Channel].Before(tally.AlarmedAt)
}

// done and retry store a result. They do not end with Run's context: what was
// sent must be known, or it might be sent twice.

func (d *Dispatcher) done(a Attempt, o Outcome) {
	o.Conversation, o.Seq, o.At = a.Delivery.Conversation, a.Delivery.Seq, time.Now().UTC()
	d.stored(a, d.outbox.Done(context.Background(), o))
}

func (d *Dispatcher) retry(a Attempt, r Retry) {
	r.Conversation, r.Seq = a.Delivery.Conversation, a.Delivery.Seq
	d.stored(a, d.outbox.Retry(context.Background(), r))
}

func (d *Dispatcher) stored(a Attempt, err error) {
	if err != nil {
		// The lease stays; when it runs out the result counts as unknown.
		d.log.Error("cannot store the result of a send", "message", a.Message.ID(), "error", err)
		return
	}
	d.hub.Publish(Hint{Conversation: a.Delivery.Conversation})
}

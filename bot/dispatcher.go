package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// lease is for how long a delivery belongs to the process that sends it.
	lease = 2 * time.Minute
	// lookAgain is when the outbox is looked at again at the latest; one with
	// nothing due is read in a microsecond.
	lookAgain  = time.Minute
	retryFault = time.Second // after a fault of the store
)

// Dispatcher sends what was decided: it leases due deliveries, judges them
// again in the instant of sending, and stores every result. It leases no more
// than can be sent at once, so that whoever comes next finds the order as it is.
type Dispatcher struct {
	outbox Outbox
	unsent func(context.Context, Outcome) error
	hub    *Hub
	stats  *Stats
	tracer Tracer
	log    *slog.Logger
	grace  time.Duration
	wake   chan struct{}
	since  time.Time // when Run began
	lanes  []*lane   // by name
	lane   map[string]*lane
	hosts  []*host
	fault  time.Time // Run's: when the store may be asked again that had a fault
	first  int       // Run's: the lane that is asked first

	mu       sync.Mutex // of what follows, and of what changes in lanes and hosts
	clock    clock
	out      map[string]*Attempt // messages under way; not nil: leased again meanwhile
	unstored int                 // results for which all wait
	written  time.Time           // when the newest result was stored
}

// DispatcherConfig is what a Dispatcher needs. All fields are required but for
// Unsent and Tracer.
type DispatcherConfig struct {
	Outbox   Outbox
	Unsent   func(context.Context, Outcome) error // Engine.Unsent; nil: nothing follows from what is not sent
	Channels map[string]Channel                   // by Channel.Name
	Hub      *Hub
	Stats    *Stats
	Tracer   Tracer // nil: nothing is traced
	Log      *slog.Logger
	Grace    time.Duration // how long sends under way may take to end when Run is stopped
}

// NewDispatcher makes a Dispatcher; Run does the work.
func NewDispatcher(c DispatcherConfig) *Dispatcher {
	d := &Dispatcher{
		outbox: c.Outbox, unsent: c.Unsent, hub: c.Hub, stats: c.Stats, tracer: c.Tracer, log: c.Log, grace: c.Grace,
		wake: make(chan struct{}, 1), lane: make(map[string]*lane), out: make(map[string]*Attempt),
	}
	d.lanes, d.hosts = newLanes(c.Channels, c.Stats)
	for _, l := range d.lanes {
		d.lane[l.name] = l
	}
	return d
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
	d.since = d.now()
	sends, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var group sync.WaitGroup
	for ctx.Err() == nil {
		next := d.round(ctx, sends, &group)
		d.rest(ctx, next)
	}
	late := time.AfterFunc(d.grace, cut)
	defer late.Stop()
	group.Wait()
}

// round leases what is due and can be sent, and starts sending it. It returns
// when to look again unless woken before; zero means only when woken.
func (d *Dispatcher) round(ctx, sends context.Context, group *sync.WaitGroup) time.Time {
	now := d.now()
	if now.Before(d.fault) {
		return d.fault
	}
	d.probe(ctx, now, group)
	room, again := d.room(now)
	if len(room) == 0 {
		return again
	}
	// Not Run's context: a lease that is stored while Run is stopped must be known.
	due, next, err := d.outbox.Due(context.WithoutCancel(ctx), now, lease, room)
	if err != nil {
		d.log.ErrorContext(ctx, "cannot read all of the outbox", "error", err)
		next = earliest(next, now.Add(retryFault))
		if len(due) == 0 {
			d.fault = now.Add(retryFault)
		}
	}
	for _, a := range due {
		l := d.lane[a.Conversation.Channel]
		if !d.begin(l, a, now) {
			continue
		}
		group.Go(func() {
			defer d.Wake() // there is room again, and the next of the conversation may be due
			defer d.end(sends, l, a)
			if ctx.Err() != nil { // stopped meanwhile: as if it had not been leased
				d.retry(sends, a, Retry{At: a.Delivery.DueAt})
				return
			}
			d.send(sends, l, a)
		})
	}
	return earliest(next, again)
}

// room is how many deliveries of each channel may be leased at now, and when to
// look again for those that may have none.
func (d *Dispatcher) room(now time.Time) (room map[string]int, again time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lanes {
		l.stats.setRate(l.bucket.rate(now))
	}
	if d.unstored > 0 {
		return nil, time.Time{}
	}
	d.first++
	return shares(d.lanes, d.first, now)
}

// begin counts a delivery in. false: it is under way already, as its lease ran
// out before the send ended, or as it was put back and the send is about to end.
func (d *Dispatcher) begin(l *lane, a Attempt, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := a.Message.ID()
	if _, ok := d.out[id]; ok {
		d.out[id] = &a
		return false
	}
	d.out[id] = nil
	l.busy++
	l.host.busy++
	l.bucket.take(now)
	return true
}

// end counts a delivery out whose result is stored. When it was leased again
// before, nobody has that lease: it is given back, which does nothing when the
// result was stored after it.
func (d *Dispatcher) end(ctx context.Context, l *lane, a Attempt) {
	if again := d.left(l, a.Message.ID()); again != nil {
		d.retry(ctx, *again, Retry{At: again.Delivery.DueAt})
	}
}

// putBack gives the lease of a message under way that was leased again because a
// receipt put it back, and not because its lease ran out; nil: there is none. The
// result of the send that is under way must not end that delivery.
func (d *Dispatcher) putBack(id string) *Attempt {
	d.mu.Lock()
	defer d.mu.Unlock()
	again := d.out[id]
	if again == nil || !again.Delivery.BegunAt.IsZero() {
		return nil
	}
	d.out[id] = nil
	return again
}

func (d *Dispatcher) left(l *lane, id string) (again *Attempt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	again = d.out[id]
	delete(d.out, id)
	l.busy--
	l.host.busy--
	return again
}

// now is the dispatcher's time.
func (d *Dispatcher) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.clock.now()
}

// moment is what the dispatcher judges a message by now. After a leap of the clock
// nobody knows whether the time went by: a receipt that was waited for is waited
// for again, and a message that waited is sent, as the platform knows whether its
// window is open and tells.
func (d *Dispatcher) moment(m Message) moment {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, wall := d.clock.both()
	at := moment{now: now, wall: d.clock.since(m.At, wall), since: d.since}
	if to := d.clock.leapt.to; to.After(at.since) {
		at.since = to
	}
	return at
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// rest waits until the moment, of the dispatcher's time, a wake or the end.
func (d *Dispatcher) rest(ctx context.Context, until time.Time) {
	if !until.IsZero() {
		until = time.Now().Add(until.Sub(d.now()))
	}
	rest(ctx, d.wake, until)
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

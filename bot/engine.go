package bot

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"frontdesk/flows"
)

const (
	// lanes is how many locks conversations share. It only needs to be well
	// above the number of messages handled at once.
	lanes = 1024
	// atOnce is how many batches are handled at once: enough to share the store's
	// commits, and fewer than sends are under way at once. Where more comes in than
	// can be answered, what comes in must wait, or whoever got a 200 waits for the
	// answer longer and longer.
	atOnce = perHost / 2
	// sideBySide is how many conversations of one batch are handled at once, so
	// that they share the store's commits.
	sideBySide = 128
	// tries is how often a decision is made again after ErrConflict. Every
	// conflict means that somebody else got on, so few are ever needed.
	tries = 50
)

// Engine is the walk of a message: Load, decide, Commit. Its methods may be
// called from many goroutines; it keeps none between calls.
type Engine struct {
	ledger   Ledger
	channels map[string]Channel
	current  atomic.Pointer[edition]
	shelf    *shelf
	caller   Caller
	hub      *Hub
	wake     func()
	hold     func(channel string)
	stats    *Stats
	tracer   Tracer
	log      *slog.Logger
	since    time.Time                                // when it was made
	took     atomic.Pointer[map[string]time.Duration] // see Took
	leads    leads
	seed     maphash.Seed
	lane     [lanes]sync.Mutex
	places   chan struct{} // one for each batch that is being handled
}

// EngineConfig is what an Engine needs. All fields are required but Library,
// Parse, Caller and Tracer.
type EngineConfig struct {
	Ledger   Ledger
	Channels map[string]Channel // by Channel.Name
	Set      *flows.Set
	// Library has the older versions of the flows, and Parse makes a set of one,
	// nil when it cannot. Without them a conversation that began before the
	// program started, on a version other than Set, begins anew.
	Library Library
	Parse   func(flows.Files) *flows.Set
	Caller  Caller // nil: every call is refused
	Hub     *Hub
	// Wake is told after every commit, as something may be due: to Dispatcher and
	// to Timers. It must not wait.
	Wake func()
	// Hold is told that a platform reported trouble with a channel's account; must not wait.
	Hold   func(channel string)
	Stats  *Stats
	Tracer Tracer // nil: nothing is traced
	Log    *slog.Logger
}

// NewEngine makes an Engine.
func NewEngine(c EngineConfig) *Engine {
	e := &Engine{
		ledger: c.Ledger, channels: c.Channels, hub: c.Hub, wake: c.Wake, hold: c.Hold,
		stats: c.Stats, tracer: c.Tracer, log: c.Log, seed: maphash.MakeSeed(), since: time.Now().UTC(),
		caller: c.Caller, shelf: newShelf(c.Library, c.Parse, c.Log),
		places: make(chan struct{}, atOnce),
	}
	now := editionOf(c.Set)
	e.current.Store(&now)
	return e
}

// Flows is the set of flows that answers now.
func (e *Engine) Flows() *flows.Set { return e.current.Load().set }

// Versions are the versions of the flows that a message may be answered by which
// is being decided now: the current one, and those used last before. A Library
// must keep them, although nobody may be seen to stand in them yet.
func (e *Engine) Versions() []string { return append(e.shelf.versions(), e.current.Load().version) }

// SetFlows swaps the flows at once for every decision from now on. Conversations
// that are under way finish on the version they began on, unless the new one
// says where they go on.
func (e *Engine) SetFlows(s *flows.Set) {
	now := editionOf(s)
	e.shelf.put(*e.current.Swap(&now))
}

// Handle takes what a channel decoded and returns when all of it is durable:
// the messages of one conversation in their order, conversations side by side.
// A message that was handled before is success. Where many batches come at once
// some wait for their turn, until ctx ends. On an error part of the batch may be
// durable; handing in the whole batch again is harmless.
func (e *Engine) Handle(ctx context.Context, b Batch) (err error) {
	ctx, end := StartSpan(ctx, e.tracer, "handle", slog.Int("messages", len(b.Messages)), slog.Int("receipts", len(b.Receipts)))
	defer func(begun time.Time) { e.stats.handled(time.Since(begun), err); end(err) }(time.Now())
	select {
	case e.places <- struct{}{}:
		defer func() { <-e.places }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for its turn: %w", ctx.Err())
	}
	return e.work(ctx, e.jobs(b))
}

// work does independent pieces of work side by side.
func (e *Engine) work(ctx context.Context, work []func(context.Context) error) error {
	if len(work) == 1 {
		return e.safely(ctx, work[0])
	}
	var (
		group sync.WaitGroup
		slots = make(chan struct{}, sideBySide)
		errs  = make([]error, len(work))
	)
	for i, job := range work {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			errs[i] = e.safely(ctx, job)
		})
	}
	group.Wait()
	return errors.Join(errs...)
}

// safely makes an error of a panic: one message must not end the program, and
// again each time the platform sends it.
func (e *Engine) safely(ctx context.Context, job func(context.Context) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			e.panicked(ctx, fault)
			err = errPanicked
		}
	}()
	return job(ctx)
}

func (e *Engine) panicked(ctx context.Context, fault any) {
	e.log.ErrorContext(ctx, "a decision panicked", "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
}

// errPanicked is what a caller is told of a fault of ours; the log says more.
var errPanicked = errors.New("a fault in frontdesk; the log says more")

// jobs sorts a batch into independent pieces of work: one for each conversation
// with messages, one for each with receipts, one for everything else.
func (e *Engine) jobs(b Batch) []func(context.Context) error {
	var (
		work   []func(context.Context) error
		events []Event
	)
	for _, talk := range grouped(b.Messages, e.sender) {
		if e.sender(talk[0]) == (Alias{}) {
			for _, in := range talk {
				events = append(events, unaddressed(in))
			}
			continue
		}
		work = append(work, func(ctx context.Context) error { return e.receive(ctx, talk) })
	}
	for _, receipts := range grouped(b.Receipts, Receipt.conversation) {
		work = append(work, func(ctx context.Context) error { return e.told(ctx, receipts) })
	}
	if events = append(events, b.Events...); len(events) > 0 {
		work = append(work, func(ctx context.Context) error { return e.keep(ctx, events) })
	}
	return work
}

// sender is who wrote a message; zero when no channel of ours is meant by it, or
// nobody wrote it.
func (e *Engine) sender(in Inbound) Alias {
	if _, ok := e.channels[in.Channel]; !ok || len(in.From) == 0 {
		return Alias{}
	}
	return in.From[0]
}

// grouped gives all by key, in the order in which each key came first.
func grouped[T any, K comparable](all []T, key func(T) K) [][]T {
	if len(all) == 1 { // as a rule
		return [][]T{all}
	}
	var groups [][]T
	place := make(map[K]int)
	for _, one := range all {
		k := key(one)
		i, known := place[k]
		if !known {
			i = len(groups)
			place[k], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], one)
	}
	return groups
}

// unaddressed keeps a message that no channel of ours is meant by.
func unaddressed(in Inbound) Event {
	body, err := json.Marshal(in)
	if err != nil { // cannot be: it is plain data
		body = []byte("{}")
	}
	return Event{Channel: in.Channel, Kind: "unaddressed", At: in.Message.At, Body: body}
}

// receive handles messages of one customer on one channel, in their order, in one commit.
func (e *Engine) receive(ctx context.Context, in []Inbound) error {
	first := in[0]
	// Platforms promise no order; what they say of the time is the best there is.
	slices.SortStableFunc(in, func(a, b Inbound) int { return a.Message.At.Compare(b.Message.At) })
	lookup := Lookup{Channel: first.Channel, Around: time.Now()}
	for _, m := range in {
		lookup.Events = append(lookup.Events, m.Event)
		for _, a := range m.From {
			if !slices.Contains(lookup.Aliases, a) {
				lookup.Aliases = append(lookup.Aliases, a)
			}
		}
	}
	defer e.enter(first.From[0].Channel, first.From[0].Kind, first.From[0].Value)()
	e.stats.Channel(first.Channel).Inbound.Add(int64(len(in)))

	lead := time.Duration(0)
	for _, m := range in {
		lead = e.leads.seen(m.Channel, m.Message.At, time.Now())
	}
	var steps []*atomic.Int64
	err := e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		var changes []Change
		r.lead = lead
		steps = steps[:0] // of the try before
		for _, m := range in {
			if s.Seen[m.Event] {
				e.stats.Duplicates.Add(1)
				continue
			}
			s.Seen[m.Event] = true // a batch may hold the same message twice
			c := decideSafely(s, m, r, now, func(fault any) { e.panicked(ctx, fault) })
			changes = append(changes, c)
			steps = append(steps, e.stats.Steps.of(s.Conversation, c))
			s = s.advance(c)
		}
		return changes, nil
	})
	if err != nil {
		return fmt.Errorf("handling a message on %s: %w", first.Channel, err)
	}
	for _, step := range steps {
		step.Add(1)
	}
	return nil
}

func (e *Engine) keep(ctx context.Context, events []Event) error {
	for _, ev := range events {
		e.stats.Channel(ev.Channel).Events.Add(1)
		e.log.InfoContext(ctx, "kept an event of the platform", "channel", ev.Channel, "kind", ev.Kind)
	}
	if err := e.ledger.Keep(ctx, events); err != nil {
		return fmt.Errorf("keeping events: %w", err)
	}
	return nil
}

// commit is the one loop of Load, decide, Commit. It begins again when somebody
// else changed the conversation in between, or handled one of the events.
func (e *Engine) commit(ctx context.Context, l Lookup, decided act) error {
	for range tries {
		s, err := e.load(ctx, l)
		if err != nil {
			return fmt.Errorf("loading: %w", err)
		}
		r, err := e.rules(ctx, l, s)
		if err != nil {
			return err
		}
		e.watch(ctx, l, s, r)
		changes, err := e.decide(ctx, s, r, decided)
		if err != nil || len(changes) == 0 {
			return err
		}
		err = e.store(ctx, changes)
		switch {
		case err == nil:
			e.tell(changes)
			return nil
		case errors.Is(err, ErrConflict) || errors.Is(err, ErrDuplicate):
			e.stats.Conflicts.Add(1)
		default:
			return fmt.Errorf("committing: %w", err)
		}
	}
	return fmt.Errorf("gave up after %d tries: %w", tries, ErrConflict)
}

func (e *Engine) load(ctx context.Context, l Lookup) (Snapshot, error) {
	ctx, end := StartSpan(ctx, e.tracer, "load", slog.String("channel", l.Channel))
	s, err := e.ledger.Load(ctx, l)
	end(err)
	if s.Seen == nil {
		s.Seen = make(map[string]bool)
	}
	return s, err
}

func (e *Engine) decide(ctx context.Context, s Snapshot, r rules, decided act) ([]Change, error) {
	_, end := StartSpan(ctx, e.tracer, "decide", slog.String("conversation", s.Conversation.ID))
	now := time.Now()
	changes, err := decided(s, r, now.UTC())
	e.stats.Decide.Took(time.Since(now))
	end(err)
	return changes, err
}

// store commits, not with the end of ctx: the caller may be gone, what is stored
// must be sent all the same.
func (e *Engine) store(ctx context.Context, changes []Change) error {
	ctx, end := StartSpan(ctx, e.tracer, "commit", slog.String("conversation", changes[0].Conversation.ID))
	err := e.ledger.Commit(context.WithoutCancel(ctx), changes)
	end(err)
	return err
}

// rules gives what a decision about s follows.
func (e *Engine) rules(ctx context.Context, l Lookup, s Snapshot) (rules, error) {
	channel := s.Conversation.Channel
	if channel == "" {
		channel = l.Channel
	}
	r := rules{current: *e.current.Load(), newID: newID, callers: e.caller != nil, since: e.since, took: e.took.Load()}
	c, ok := e.channels[channel]
	if ok {
		r.limits = c.Limits()
	}
	r.off = !ok
	if st := s.Conversation.Flow; !r.current.runs(st) {
		if _, moves := r.current.Adopt(st); !moves || s.Conversation.Call != nil {
			var err error
			if r.older, err = e.shelf.take(ctx, st.Version); err != nil {
				return rules{}, err
			}
		}
	}
	return r, nil
}

// tell wakes who sends and hints who looks. Every commit may have made something
// due: a new delivery, or the one behind what a receipt settled or a takeover cancelled.
func (e *Engine) tell(changes []Change) {
	now := time.Now()
	for _, c := range changes {
		if c.opened() {
			e.stats.Escalations.Add(1)
		}
		e.stats.booked(c)
		e.stats.asked.decided(c, now)
		e.stats.Heard.add(c)
	}
	e.wake()
	for i, c := range changes {
		if i == 0 || c.Conversation.ID != changes[i-1].Conversation.ID {
			e.hub.Publish(Hint{Conversation: c.Conversation.ID})
		}
	}
}

// enter takes the lane of a conversation and returns the function that leaves
// it. Lanes keep the order and spare conflicts; correctness is the version's.
func (e *Engine) enter(parts ...string) func() {
	l := &e.lane[maphash.String(e.seed, strings.Join(parts, "\x00"))%lanes]
	l.Lock()
	return l.Unlock
}

// newID is 80 random bits in lower-case base32: short enough to read out,
// long enough never to meet twice.
func newID() string { return strings.ToLower(rand.Text()[:16]) }

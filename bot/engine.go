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
	set      atomic.Pointer[flows.Set]
	hub      *Hub
	wake     func()
	hold     func(channel string)
	stats    *Stats
	log      *slog.Logger
	seed     maphash.Seed
	lane     [lanes]sync.Mutex
}

// EngineConfig is what an Engine needs. All fields are required.
type EngineConfig struct {
	Ledger   Ledger
	Channels map[string]Channel // by Channel.Name
	Set      *flows.Set
	Hub      *Hub
	Wake     func() // told after every commit, as something may be due; must not wait
	// Hold is told that a platform reported trouble with a channel's account; must not wait.
	Hold  func(channel string)
	Stats *Stats
	Log   *slog.Logger
}

// NewEngine makes an Engine.
func NewEngine(c EngineConfig) *Engine {
	e := &Engine{
		ledger: c.Ledger, channels: c.Channels, hub: c.Hub, wake: c.Wake, hold: c.Hold,
		stats: c.Stats, log: c.Log, seed: maphash.MakeSeed(),
	}
	e.set.Store(c.Set)
	return e
}

// Flows is the set of flows that answers now.
func (e *Engine) Flows() *flows.Set { return e.set.Load() }

// SetFlows swaps the flows at once for every message that is decided from now on.
func (e *Engine) SetFlows(s *flows.Set) { e.set.Store(s) }

// Handle takes what a channel decoded and returns when all of it is durable:
// the messages of one conversation in their order, conversations side by side.
// A message that was handled before is success. On an error part of the batch
// may be durable; handing in the whole batch again is harmless.
func (e *Engine) Handle(ctx context.Context, b Batch) error {
	work := e.jobs(b)
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
		work     []func(context.Context) error
		talks    = make(map[Alias][]Inbound, len(b.Messages))
		receipts = make(map[string][]Receipt)
		events   []Event
	)
	for _, in := range b.Messages {
		if _, ok := e.channels[in.Channel]; !ok || len(in.From) == 0 {
			events = append(events, unaddressed(in))
			continue
		}
		key := in.From[0]
		if _, ok := talks[key]; !ok {
			work = append(work, func(ctx context.Context) error { return e.receive(ctx, talks[key]) })
		}
		talks[key] = append(talks[key], in)
	}
	for _, rc := range b.Receipts {
		key := rc.conversation()
		if _, ok := receipts[key]; !ok {
			work = append(work, func(ctx context.Context) error { return e.told(ctx, key, receipts[key]) })
		}
		receipts[key] = append(receipts[key], rc)
	}
	if events = append(events, b.Events...); len(events) > 0 {
		work = append(work, func(ctx context.Context) error { return e.keep(ctx, events) })
	}
	return work
}

// unaddressed keeps a message that no channel of ours is meant by.
func unaddressed(in Inbound) Event {
	body, err := json.Marshal(in)
	if err != nil { // cannot be: it is plain data
		body = []byte("{}")
	}
	return Event{Channel: in.Channel, Kind: "unaddressed", At: in.Message.At, Body: body}
}

// conversation names, as well as a receipt can, whose message it speaks of:
// receipts with the same name are handled one after the other.
func (r Receipt) conversation() string {
	if id, _, err := ParseMessageID(r.Message); err == nil {
		return id
	}
	if len(r.From) > 0 {
		a := r.From[0]
		return strings.Join([]string{a.Channel, a.Kind, a.Value}, "\x00")
	}
	return r.Channel
}

// receive handles messages of one customer on one channel, in their order, in one commit.
func (e *Engine) receive(ctx context.Context, in []Inbound) error {
	first := in[0]
	// Platforms promise no order; what they say of the time is the best there is.
	slices.SortStableFunc(in, func(a, b Inbound) int { return a.Message.At.Compare(b.Message.At) })
	lookup := Lookup{Channel: first.Channel}
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

	err := e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		var changes []Change
		for _, m := range in {
			if s.Seen[m.Event] {
				e.stats.Duplicates.Add(1)
				continue
			}
			s.Seen[m.Event] = true // a batch may hold the same message twice
			c := decideSafely(s, m, r, now, func(fault any) { e.panicked(ctx, fault) })
			changes = append(changes, c)
			s = s.advance(c)
		}
		return changes, nil
	})
	if err != nil {
		return fmt.Errorf("handling a message on %s: %w", first.Channel, err)
	}
	return nil
}

// told handles receipts that may be of one conversation, one after the other.
func (e *Engine) told(ctx context.Context, lane string, receipts []Receipt) error {
	defer e.enter(lane)()
	var errs []error
	for _, rc := range receipts {
		errs = append(errs, e.receipt(ctx, rc))
	}
	return errors.Join(errs...)
}

// receipt moves a message forward. What names no message of ours is kept as an event.
func (e *Engine) receipt(ctx context.Context, rc Receipt) error {
	lookup := Lookup{Channel: rc.Channel, ExternalID: rc.ExternalID}
	switch {
	case rc.Message != "":
		lookup = Lookup{Message: rc.Message}
	case !rc.Until.IsZero():
		lookup = Lookup{Channel: rc.Channel, Aliases: rc.From, Until: rc.Until}
	}
	e.stats.Channel(rc.Channel).Receipts.Add(1)
	moved := false
	err := e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		moved = false
		if s.Conversation.Channel != rc.Channel {
			return nil, nil // an echoed id must not reach into another channel
		}
		var c Change
		if c, moved = decideReceipt(s, rc, r, now); !moved {
			return nil, nil
		}
		return []Change{c}, nil
	})
	switch {
	case errors.Is(err, ErrNotFound):
		return e.keep(ctx, []Event{unmatched(rc)})
	case err != nil:
		return fmt.Errorf("handling a receipt on %s: %w", rc.Channel, err)
	case moved && rc.State == StateFailed:
		e.failed(ctx, rc)
	}
	return nil
}

func unmatched(rc Receipt) Event {
	body, err := json.Marshal(rc)
	if err != nil { // cannot be: it is plain data
		body = []byte("{}")
	}
	return Event{Channel: rc.Channel, Kind: "unmatched_" + string(rc.State), At: rc.At, Body: body}
}

// failed is what follows, besides the message's state, when the platform
// accepted a message and reports now that it cannot deliver it.
func (e *Engine) failed(ctx context.Context, rc Receipt) {
	log := e.log.With("channel", rc.Channel, "class", string(rc.Class), "code", rc.Code)
	e.stats.Channel(rc.Channel).failed(rc.Class)
	if rc.Class == ClassAlarm {
		log.ErrorContext(ctx, "the platform refuses this account; sending pauses", "reason", rc.Reason)
		e.hold(rc.Channel)
		return
	}
	log.WarnContext(ctx, "a message was accepted and not delivered", "reason", rc.Reason)
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

// Claim gives the conversation's ticket to agent. When two agents claim at
// once one wins and the other gets *handoff.TakenError.
func (e *Engine) Claim(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", claim(agent))
}

// Reply sends agent's words to the customer. The agent must own the
// conversation. With a nonce that was used before by the agent on the
// conversation nothing is sent again. Errors: ErrEmptyReply, ErrWindowClosed,
// handoff.ErrNotClaimed, handoff.ErrResolved, *handoff.TakenError.
func (e *Engine) Reply(ctx context.Context, conversation, agent, text, nonce string) error {
	event := ""
	if nonce != "" {
		event = strings.Join([]string{"reply", conversation, agent, nonce}, "/")
	}
	return e.act(ctx, conversation, event, reply(agent, text, event))
}

// Release puts the agent's conversation back into the queue.
func (e *Engine) Release(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", release(agent))
}

// HandBack gives the conversation to the bot, which begins the flow anew.
func (e *Engine) HandBack(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", handBack(agent))
}

// Resolve closes the conversation; the customer's next message wakes the bot.
func (e *Engine) Resolve(ctx context.Context, conversation, agent string) error {
	return e.act(ctx, conversation, "", resolve(agent))
}

func (e *Engine) act(ctx context.Context, conversation, event string, decided act) error {
	lookup := Lookup{Conversation: conversation}
	if event != "" {
		lookup.Events = []string{event}
	}
	return e.commit(ctx, lookup, func(s Snapshot, r rules, now time.Time) ([]Change, error) {
		if event != "" && s.Seen[event] {
			return nil, nil
		}
		return decided(s, r, now)
	})
}

// commit is the one loop of Load, decide, Commit. It begins again when somebody
// else changed the conversation in between, or handled one of the events.
func (e *Engine) commit(ctx context.Context, l Lookup, decided act) error {
	for range tries {
		s, err := e.ledger.Load(ctx, l)
		if err != nil {
			return fmt.Errorf("loading: %w", err)
		}
		if s.Seen == nil {
			s.Seen = make(map[string]bool)
		}
		changes, err := decided(s, e.rules(l, s), time.Now().UTC())
		if err != nil || len(changes) == 0 {
			return err
		}
		// Not with ctx: the caller may be gone, what is stored must be sent all the same.
		err = e.ledger.Commit(context.WithoutCancel(ctx), changes)
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

func (e *Engine) rules(l Lookup, s Snapshot) rules {
	channel := s.Conversation.Channel
	if channel == "" {
		channel = l.Channel
	}
	r := rules{set: e.set.Load(), newID: newID}
	c, ok := e.channels[channel]
	if ok {
		r.limits = c.Limits()
	}
	r.off = !ok
	return r
}

// tell wakes who sends and hints who looks. Every commit may have made something
// due: a new delivery, or the one behind what a receipt settled or a takeover cancelled.
func (e *Engine) tell(changes []Change) {
	for _, c := range changes {
		if c.Ticket != nil && c.Ticket.OpenedAt.Equal(c.Conversation.UpdatedAt) {
			e.stats.Escalations.Add(1)
		}
	}
	e.wake()
	e.hub.Publish(Hint{Conversation: changes[0].Conversation.ID})
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

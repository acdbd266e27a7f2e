package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/bot"
)

// model is what the store should do, in as few words as possible: a list of
// deliveries for each conversation, of which only the first ever moves, and
// indexes that are made anew whenever they are asked.
type model struct {
	t        *rapid.T
	f        Fixture
	s        bot.Store
	now      time.Time
	convs    []*modelConversation
	versions map[string]string // of flows -> Files.Root
	event    int
}

type modelConversation struct {
	bot.Conversation
	states map[uint64]bot.MessageState
	queue  []*modelDelivery
	leased []uint64 // every message that was ever handed out
}

type modelDelivery struct {
	bot.Delivery
	past  bot.Delivery // before the lease
	until time.Time    // of the lease; zero: none
}

func testModel(t *testing.T, open func(t *testing.T) Fixture) {
	rapid.Check(t, func(rt *rapid.T) {
		f := open(t)
		defer f.Close()
		m := &model{t: rt, f: f, s: f.Store, now: noon(), versions: make(map[string]string)}
		for i, channel := range []string{"x", "x", "y"} {
			first := newcomerOn(channel, fmt.Sprint("c", i))
			m.must(m.s.Commit(background(), []bot.Change{first.Change}))
			m.convs = append(m.convs, &modelConversation{Conversation: first.Conversation, states: make(map[uint64]bot.MessageState)})
		}
		rt.Repeat(map[string]func(*rapid.T){
			"":                     func(*rapid.T) { m.check() },
			"the bot says":         func(rt *rapid.T) { m.says(rt, bot.AuthorBot) },
			"an agent says":        func(rt *rapid.T) { m.says(rt, bot.AuthorAgent) },
			"a takeover":           m.takeover,
			"time passes":          func(rt *rapid.T) { m.now = m.now.Add(m.seconds(rt, "passes")) },
			"due":                  m.due,
			"due again":            m.due,
			"done":                 m.done,
			"retry":                m.retry,
			"a receipt settles":    m.receipt,
			"a stale decision":     m.stale,
			"a conversation moves": m.moves,
			"who wakes is handled": m.handles,
			"a version is kept":    m.keeps,
			"the process crashes":  func(*rapid.T) { m.crash() },
		})
		m.drain()
	})
}

func (m *model) must(err error) {
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *model) seconds(rt *rapid.T, what string) time.Duration {
	return time.Duration(rapid.IntRange(0, 90).Draw(rt, what)) * time.Second
}

func (m *model) pick(rt *rapid.T) *modelConversation {
	return rapid.SampledFrom(m.convs).Draw(rt, "conversation")
}

// commit commits, and checks that the event cannot come twice.
func (m *model) commit(c *modelConversation, d *draft) {
	m.event++
	d.event(fmt.Sprint("e", m.event))
	d.Conversation.UpdatedAt = m.now
	m.must(m.s.Commit(background(), []bot.Change{d.Change}))
	if err := m.s.Commit(background(), []bot.Change{d.Change}); !errors.Is(err, bot.ErrDuplicate) {
		m.t.Fatalf("the same event again: %v", err)
	}
	for _, msg := range d.Messages {
		c.states[msg.Seq] = msg.State
	}
	for _, del := range d.Deliveries {
		c.queue = append(c.queue, &modelDelivery{Delivery: del})
	}
	c.Conversation = d.Conversation
}

func (m *model) says(rt *rapid.T, author bot.Author) {
	c := m.pick(rt)
	d := after(c.Conversation)
	for range rapid.IntRange(1, 3).Draw(rt, "messages") {
		d.says(author, "Hi", m.now.Add(m.seconds(rt, "due in")-30*time.Second))
		d.Deliveries[len(d.Deliveries)-1].Courtesy = rapid.Bool().Draw(rt, "courtesy")
	}
	m.commit(c, d)
}

func (m *model) takeover(rt *rapid.T) {
	c := m.pick(rt)
	m.commit(c, after(c.Conversation).takenOver(m.now))
	c.queue = slices.DeleteFunc(c.queue, func(d *modelDelivery) bool {
		if d.Author != bot.AuthorBot || d.Epoch >= c.Epoch {
			return false
		}
		if !d.until.IsZero() {
			d.Cancel = true
			return false
		}
		c.drop(d, d.doubtful())
		return true
	})
}

func (d *modelDelivery) doubtful() bool { return d.Unknown || !d.BegunAt.IsZero() }

func (c *modelConversation) drop(d *modelDelivery, doubtful bool) {
	if doubtful {
		c.advance(d.Seq, bot.StateUnknown)
	} else {
		c.advance(d.Seq, bot.StateCancelled)
	}
}

func (c *modelConversation) advance(seq uint64, s bot.MessageState) {
	if c.states[seq].Advance(s) {
		c.states[seq] = s
	}
}

func (d *modelDelivery) dueAt() time.Time {
	if !d.until.IsZero() {
		return d.until
	}
	return d.DueAt
}

// courtesy reports whether nobody waits for anything in the conversation.
func (c *modelConversation) courtesy() bool {
	return !slices.ContainsFunc(c.queue, func(d *modelDelivery) bool { return !d.Courtesy })
}

// heads are the first deliveries of the conversations that are due and have
// room, and when the next is.
func (m *model) heads(room map[string]int) (due []*modelDelivery, next time.Time) {
	var ready []*modelDelivery
	later := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, c := range m.convs {
		if len(c.queue) == 0 || room[c.Channel] <= 0 {
			continue
		}
		switch d := c.queue[0]; {
		case !d.dueAt().After(m.now):
			ready = append(ready, d)
		case d.until.IsZero():
			later(d.DueAt)
		}
	}
	slices.SortStableFunc(ready, m.sooner)
	left := maps.Clone(room)
	for _, d := range ready {
		channel := m.of(d).Channel
		if left[channel]--; left[channel] >= 0 {
			due = append(due, d)
		} else {
			later(d.dueAt())
		}
	}
	return due, next
}

func (m *model) sooner(a, b *modelDelivery) int {
	if x, y := m.of(a).courtesy(), m.of(b).courtesy(); x != y {
		return map[bool]int{false: -1, true: 1}[x]
	}
	return a.dueAt().Compare(b.dueAt())
}

const modelLease = 40 * time.Second

func (m *model) due(rt *rapid.T) {
	room := map[string]int{
		"x": rapid.IntRange(-1, 3).Draw(rt, "room on x"), "y": rapid.IntRange(0, 2).Draw(rt, "room on y"),
	}
	got, next, err := m.s.Due(background(), m.now, modelLease, room)
	m.must(err)
	heads, wantNext := m.heads(room)
	if len(got) != len(heads) {
		m.t.Fatalf("%d are due, got %d", len(heads), len(got))
	}
	if !next.Equal(wantNext) {
		m.t.Fatalf("next is %v, want %v", next, wantNext)
	}
	var out []*modelDelivery
	for i, a := range got {
		d := m.of(&modelDelivery{Delivery: a.Delivery}).queue[0]
		if d.Seq != a.Delivery.Seq || m.sooner(d, heads[i]) != 0 { // those of one rank due at the same moment come in any order
			m.t.Fatalf("handed out as number %d: %+v, want %+v", i, a.Delivery, heads[i].Delivery)
		}
		out = append(out, d)
	}
	for i, a := range got {
		d := out[i]
		m.compare(a, d)
		d.past, d.until = d.Delivery, m.now.Add(modelLease)
		d.Unknown = d.doubtful()
		d.Attempts, d.BegunAt = d.Attempts+1, m.now
		c := m.of(d)
		c.leased = append(c.leased, d.Seq)
	}
}

func (m *model) of(d *modelDelivery) *modelConversation {
	return m.convs[slices.IndexFunc(m.convs, func(c *modelConversation) bool { return c.ID == d.Conversation })]
}

// compare checks that an attempt is the delivery as it was before its lease.
func (m *model) compare(a bot.Attempt, d *modelDelivery) {
	g, w := a.Delivery, d.Delivery
	if g.Attempts != w.Attempts || !g.BegunAt.Equal(w.BegunAt) || g.Unknown != w.Unknown || g.Cancel != w.Cancel ||
		g.Courtesy != w.Courtesy || !g.DueAt.Equal(w.DueAt) || g.Tally != w.Tally || g.Epoch != w.Epoch || g.Author != w.Author || a.Message.Seq != w.Seq {
		m.t.Fatalf("handed out %+v, want %+v", g, w)
	}
}

// known picks a message that was handed out, mostly one that still is, and its
// delivery if it is still there.
func (m *model) known(rt *rapid.T) (c *modelConversation, seq uint64, d *modelDelivery) {
	var out []*modelConversation
	for _, c := range m.convs {
		if len(c.queue) > 0 && !c.queue[0].until.IsZero() {
			out = append(out, c)
		}
	}
	if len(out) > 0 && rapid.IntRange(0, 3).Draw(rt, "known") > 0 {
		c = rapid.SampledFrom(out).Draw(rt, "conversation")
		return c, c.queue[0].Seq, c.queue[0]
	}
	c = m.pick(rt)
	if len(c.leased) == 0 {
		rt.Skip("nothing was handed out")
	}
	seq = rapid.SampledFrom(c.leased).Draw(rt, "seq")
	if i := c.find(seq); i >= 0 {
		d = c.queue[i]
	}
	return c, seq, d
}

func (c *modelConversation) find(seq uint64) int {
	return slices.IndexFunc(c.queue, func(d *modelDelivery) bool { return d.Seq == seq })
}

func (c *modelConversation) remove(seq uint64) {
	if i := c.find(seq); i >= 0 {
		c.queue = slices.Delete(c.queue, i, i+1)
	}
}

func (m *model) done(rt *rapid.T) {
	c, seq, d := m.known(rt)
	state := rapid.SampledFrom([]bot.MessageState{bot.StateSent, bot.StateFailed, bot.StateCancelled, bot.StateUnknown}).Draw(rt, "state")
	next := m.now.Add(m.seconds(rt, "next in") - 45*time.Second)
	m.must(m.s.Done(background(), bot.Outcome{Conversation: c.ID, Seq: seq, State: state, At: m.now, NextAt: next}))
	if d != nil && d.until.IsZero() {
		return // it was put back meanwhile
	}
	if d != nil || c.states[seq].Advance(state) {
		c.Version++
	}
	c.advance(seq, state)
	c.remove(seq)
	if d != nil {
		c.turn(m.now, next)
	}
}

// turn lets the next delivery wait behind those that wait at these moments.
func (c *modelConversation) turn(moments ...time.Time) {
	if len(c.queue) == 0 || !c.queue[0].until.IsZero() {
		return
	}
	for _, at := range moments {
		if at.After(c.queue[0].DueAt) {
			c.queue[0].DueAt = at
		}
	}
}

func (m *model) retry(rt *rapid.T) {
	c, seq, d := m.known(rt)
	r := bot.Retry{
		Conversation: c.ID, Seq: seq, At: m.now.Add(m.seconds(rt, "again in")),
		Begun: rapid.Bool().Draw(rt, "begun"), Unknown: rapid.Bool().Draw(rt, "unknown"),
		Tally: bot.Tally{Faults: rapid.IntRange(0, 9).Draw(rt, "faults")},
	}
	m.must(m.s.Retry(background(), r))
	if d == nil || d.until.IsZero() {
		return
	}
	c.Version++
	if d.Cancel {
		c.drop(d, r.Unknown || (&modelDelivery{Delivery: d.past}).doubtful())
		c.remove(seq)
		return
	}
	if r.Unknown {
		c.advance(seq, bot.StateUnknown)
	}
	if r.Begun {
		d.BegunAt, d.Tally = time.Time{}, r.Tally
	} else {
		d.Attempts, d.BegunAt, d.Unknown = d.past.Attempts, d.past.BegunAt, d.past.Unknown
	}
	d.Unknown = d.Unknown || r.Unknown
	d.DueAt, d.until = r.At, time.Time{}
}

// receipt settles any message of ours, waiting, leased or long gone.
func (m *model) receipt(rt *rapid.T) {
	c := m.pick(rt)
	if c.LastSeq == 0 {
		rt.Skip("nothing was said")
	}
	seq := rapid.Uint64Range(1, c.LastSeq).Draw(rt, "seq")
	state := rapid.SampledFrom([]bot.MessageState{bot.StateSent, bot.StateDelivered, bot.StateRead, bot.StateFailed}).Draw(rt, "state")
	snap, err := m.s.Load(background(), bot.Lookup{Message: bot.MessageID(c.ID, seq)})
	m.must(err)
	msg := snap.Messages[0]
	if !msg.State.Advance(state) {
		rt.Skip("old news")
	}
	msg.State = state
	d := after(c.Conversation)
	d.Messages, d.Settled = []bot.Message{msg}, []uint64{seq}
	m.commit(c, d)
	c.remove(seq)
}

func (m *model) stale(rt *rapid.T) {
	c := m.pick(rt)
	old := c.Conversation
	old.Version += rapid.SampledFrom([]uint64{1, ^uint64(0)}).Draw(rt, "off by")
	if old.Version == 0 {
		rt.Skip("that would be a new conversation")
	}
	err := m.s.Commit(background(), []bot.Change{
		after(old).says(bot.AuthorBot, "Late", m.now).wakes(m.now).stands("v1", "start", "late").Change,
	})
	if !errors.Is(err, bot.ErrConflict) {
		m.t.Fatalf("a stale decision: %v", err)
	}
}

func (m *model) crash() {
	m.s = m.f.Reopen()
	for _, c := range m.convs {
		for _, d := range c.queue {
			d.until = time.Time{}
		}
	}
}

// check compares all that can be seen without a lease.
func (m *model) check() {
	for _, c := range m.convs {
		snap, err := m.s.Load(background(), bot.Lookup{Conversation: c.ID})
		m.must(err)
		if got := snap.Conversation; got.Version != c.Version || got.LastSeq != c.LastSeq || got.Epoch != c.Epoch {
			m.t.Fatalf("the conversation is %+v, want %+v", got, c.Conversation)
		}
		list, err := m.s.Transcript(background(), c.ID, 0, 10_000)
		m.must(err)
		if len(list) != len(c.states) {
			m.t.Fatalf("%d messages are stored, want %d", len(list), len(c.states))
		}
		for _, msg := range list {
			if msg.State != c.states[msg.Seq] {
				m.t.Fatalf("message %s is %s, want %s", msg.ID(), msg.State, c.states[msg.Seq])
			}
		}
	}
	m.checkFlows()
}

// drain sends all that is left: nothing may be lost, and each conversation must
// keep its order.
func (m *model) drain() {
	m.now = m.now.Add(time.Hour)
	for {
		got, _, err := m.s.Due(background(), m.now, modelLease, roomFor(1, "x", "y"))
		m.must(err)
		if len(got) == 0 {
			break
		}
		for _, a := range got {
			c := m.of(&modelDelivery{Delivery: a.Delivery})
			if len(c.queue) == 0 || c.queue[0].Seq != a.Delivery.Seq {
				m.t.Fatalf("%s came out of order", a.Message.ID())
			}
			m.must(m.s.Done(background(), bot.Outcome{Conversation: c.ID, Seq: a.Delivery.Seq, State: bot.StateSent, At: m.now}))
			c.Version++
			c.advance(a.Delivery.Seq, bot.StateSent)
			c.remove(a.Delivery.Seq)
		}
	}
	for _, c := range m.convs {
		if len(c.queue) != 0 {
			m.t.Fatalf("%d deliveries of %s were lost", len(c.queue), c.ID)
		}
	}
	m.check()
}

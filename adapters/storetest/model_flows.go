package storetest

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"frontdesk/bot"
	"frontdesk/flows"
)

// moves changes where a conversation stands and when it wakes; few values, so
// that many stand in one place and wake at one moment.
func (m *model) moves(rt *rapid.T) {
	c := m.pick(rt)
	list := []*draft{after(c.Conversation)}
	for rapid.IntRange(0, 3).Draw(rt, "more") == 0 {
		list = append(list, after(list[len(list)-1].Conversation))
		m.move(rt, &list[len(list)-2].Conversation) // nobody sees what is not last
	}
	last := list[len(list)-1]
	m.move(rt, &last.Conversation)
	m.must(m.s.Commit(background(), changes(list)))
	c.Conversation = last.Conversation
}

func (m *model) move(rt *rapid.T, c *bot.Conversation) {
	if rapid.Bool().Draw(rt, "stands") {
		c.Flow.Version = rapid.SampledFrom([]string{"v1", "v2", "v3"}).Draw(rt, "version")
		c.Flow.Flow = rapid.SampledFrom([]string{"", "start", "orders"}).Draw(rt, "flow")
		c.Flow.Node = rapid.SampledFrom([]string{"", "ask"}).Draw(rt, "state")
	}
	for _, at := range []*time.Time{&c.AnswerAt, &c.SilentAt, &c.CloseAt} {
		switch rapid.IntRange(0, 3).Draw(rt, "wakes") {
		case 0:
			*at = time.Time{}
		case 1:
			*at = m.now.Add(time.Duration(rapid.IntRange(-1, 3).Draw(rt, "at")) * 30 * time.Second)
		}
	}
}

// handles does what there is to do for those that wake.
func (m *model) handles(rt *rapid.T) {
	limit := rapid.IntRange(0, 3).Draw(rt, "limit")
	for _, c := range m.compareWakes(limit) {
		next := after(c.Conversation)
		for _, at := range []*time.Time{&next.Conversation.AnswerAt, &next.Conversation.SilentAt, &next.Conversation.CloseAt} {
			if !at.After(m.now) {
				*at = time.Time{}
			}
		}
		m.commit(c, next)
	}
}

// compareWakes gives those that Wakes lists. Who wakes at the same moment comes
// in any order.
func (m *model) compareWakes(limit int) (listed []*modelConversation) {
	got, next, err := m.s.Wakes(background(), m.now, limit)
	m.must(err)
	sleepers := slices.DeleteFunc(slices.Clone(m.convs), func(c *modelConversation) bool { return c.WakeAt().IsZero() })
	slices.SortFunc(sleepers, func(a, b *modelConversation) int { return a.WakeAt().Compare(b.WakeAt()) })
	due := 0
	for due < min(limit, len(sleepers)) && !sleepers[due].WakeAt().After(m.now) {
		due++
	}
	var want time.Time
	if due < len(sleepers) {
		want = sleepers[due].WakeAt()
	}
	// To look earlier than somebody wakes is allowed, but not to be told of it at once again.
	early := next.After(m.now) && (want.IsZero() || next.Before(want))
	if len(got) != due || (!next.Equal(want) && !early) {
		m.t.Fatalf("%v wake and the next at %v, want %d and %v", got, next, due, want)
	}
	for i, id := range got {
		at := slices.IndexFunc(sleepers, func(c *modelConversation) bool { return c.ID == id })
		if at < 0 || !sleepers[at].WakeAt().Equal(sleepers[i].WakeAt()) || slices.Contains(listed, sleepers[at]) {
			m.t.Fatalf("%v wake, where number %d does not belong", got, i)
		}
		listed = append(listed, sleepers[at])
	}
	return listed
}

// keeps stores a version of flows.
func (m *model) keeps(rt *rapid.T) {
	version := rapid.SampledFrom([]string{"v1", "v2", "v3", "v4"}).Draw(rt, "version")
	use := rapid.SliceOfN(rapid.SampledFrom([]string{"v1", "v2", "v3", "v4"}), 0, 2).Draw(rt, "use")
	m.event++
	root := time.Duration(m.event).String()
	m.must(m.s.KeepFlows(background(), version, flows.Files{Root: root}, use...))
	m.versions[version] = root
	use = append(use, version)
	for _, s := range m.standings() {
		use = append(use, s.Version)
	}
	maps.DeleteFunc(m.versions, func(v, _ string) bool { return !slices.Contains(use, v) })
}

// standings counts anew.
func (m *model) standings() []bot.Standing {
	counts := make(map[bot.Standing]int)
	for _, c := range m.convs {
		if c.Flow.Begun() {
			counts[bot.Standing{Version: c.Flow.Version, Place: c.Flow.Place()}]++
		}
	}
	var list []bot.Standing
	for s, n := range counts {
		s.Conversations = n
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b bot.Standing) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Place.Flow, b.Place.Flow), cmp.Compare(a.Place.Node, b.Place.Node))
	})
	return list
}

// checkFlows compares wakes, standings and versions.
func (m *model) checkFlows() {
	for limit := range 3 {
		m.compareWakes(limit)
	}
	got, err := m.s.Standings(background())
	m.must(err)
	if want := m.standings(); !slices.Equal(got, want) {
		m.t.Fatalf("conversations stand at %+v, want %+v", got, want)
	}
	for _, v := range []string{"v1", "v2", "v3", "v4"} {
		files, err := m.s.Flows(background(), v)
		root, kept := m.versions[v]
		if kept != (err == nil) || files.Root != root || (err != nil && !errors.Is(err, bot.ErrNotFound)) {
			m.t.Fatalf("the flows of %s are %q, %v, want %q", v, files.Root, err, root)
		}
	}
}

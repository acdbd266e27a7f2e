package bot

import (
	"maps"
	"slices"
	"testing"
	"time"
)

// lanesOf makes lanes of these names, all on one host.
func lanesOf(names ...string) []*lane {
	h := newHost()
	var all []*lane
	for _, name := range names {
		all = append(all, &lane{name: name, host: h, stats: newChannelStats()})
	}
	return all
}

func TestRoomIsWhatCanBeSentNow(t *testing.T) {
	t.Parallel()
	soon := noon.Add(time.Minute)
	for _, c := range []struct {
		name  string
		set   func(l []*lane)
		want  map[string]int
		again time.Time
	}{
		{"nothing is under way", func([]*lane) {}, map[string]int{"a": 64, "b": 64}, time.Time{}},
		{"one is busy", func(l []*lane) { l[0].busy = 50 }, map[string]int{"a": 14, "b": 64}, time.Time{}},
		{"one has few places left", func(l []*lane) { l[0].busy = 60 }, map[string]int{"b": 64}, time.Time{}},
		{"one is paused", func(l []*lane) { l[0].paused.until = soon }, map[string]int{"b": 64}, soon},
		{"one has few tokens", func(l []*lane) {
			l[0].bucket = newBucket(Pace{Rate: 10, Burst: 3})
		}, map[string]int{"a": 3, "b": 64}, time.Time{}},
		{"one has no token", func(l []*lane) {
			l[0].bucket = newBucket(Pace{Rate: 10, Burst: 1})
			l[0].bucket.take(noon)
		}, map[string]int{"b": 64}, noon.Add(100 * time.Millisecond)},
		{"one has no token for a moment", func(l []*lane) {
			l[0].bucket = newBucket(Pace{Rate: 1000, Burst: 1})
			l[0].bucket.take(noon)
		}, map[string]int{"b": 64}, noon.Add(gathering)},
		{"the host has room for a hundred", func(l []*lane) { l[0].host.busy = perHost - 100 }, map[string]int{"a": 50, "b": 50}, time.Time{}},
		{"what one does not want is the other's", func(l []*lane) {
			l[0].busy, l[0].host.busy = 44, perHost-80
		}, map[string]int{"a": 20, "b": 60}, time.Time{}},
		{"the host is full", func(l []*lane) { l[0].host.busy = perHost }, map[string]int{}, time.Time{}},
		{"the host is shut", func(l []*lane) {
			l[0].host.shut, l[0].host.probeAt = true, soon
		}, map[string]int{}, soon},
		{"the host is being asked", func(l []*lane) {
			l[0].host.shut, l[0].host.probeAt, l[0].host.probing = true, noon, true
		}, map[string]int{}, time.Time{}},
		{"another's host is shut", func(l []*lane) {
			l[0].host = newHost()
			l[0].host.shut, l[0].host.probeAt = true, soon
		}, map[string]int{"b": 64}, soon},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			lanes := lanesOf("a", "b")
			c.set(lanes)
			room, again := shares(lanes, 0, noon)
			differ(t, "room", c.want, room)
			differ(t, "again", c.again, again)
		})
	}
}

// A host that has room for one more gives it to its channels by turns.
func TestChannelsOfOneHostTakeTurns(t *testing.T) {
	t.Parallel()
	lanes := lanesOf("a", "b", "c")
	lanes[0].host.most, lanes[0].host.busy = 2, 1
	seen := map[string]int{}
	for first := range 6 {
		room, _ := shares(lanes, first, noon)
		differ(t, "channels with room", 1, len(room))
		for name := range room {
			seen[name]++
		}
	}
	differ(t, "turns", map[string]int{"a": 2, "b": 2, "c": 2}, seen)
}

// Nobody would wake a channel that was left out for one that has nothing to send.
func TestAHostThatIsTriedOutTakesOneOfEachChannel(t *testing.T) {
	t.Parallel()
	for first := range 3 {
		lanes := lanesOf("a", "b", "c")
		lanes[0].host.open(noon)
		room, _ := shares(lanes, first, noon)
		differ(t, "room", map[string]int{"a": 1, "b": 1, "c": 1}, room)
		lanes[0].host.busy = 1
		room, _ = shares(lanes, first, noon)
		differ(t, "room while one is under way", map[string]int{}, room)
	}
}

func TestNoMoreThanAHostTakesIsGivenToAll(t *testing.T) {
	t.Parallel()
	lanes := lanesOf("a", "b", "c", "d", "e", "f", "g")
	room, _ := shares(lanes, 3, noon)
	total := 0
	for _, n := range slices.Sorted(maps.Values(room)) {
		total += n
	}
	differ(t, "in all", perHost, total)
	differ(t, "channels", len(lanes), len(room))
}

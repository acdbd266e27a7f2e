package bot

import (
	"maps"
	"slices"
	"time"
)

const (
	// perChannel is how many sends of one channel are under way at once, so that
	// a platform that hangs cannot hold up the others.
	perChannel = 64
	// A channel with fewer free places is left alone, so that a busy one does not
	// go in small steps.
	fewLeft = 8
)

// lane is a channel and how fast it may send. The dispatcher's lock guards it.
//
// Nothing in it grows with what waits in the outbox: of a million deliveries at
// most perChannel are in memory for a channel, and perHost for a server.
type lane struct {
	name    string
	channel Channel
	stats   *ChannelStats
	host    *host
	busy    int       // sends under way
	sent    time.Time // the newest success
	paused  pause
	bucket  bucket
	pairs   pairs
}

// newLanes makes the lanes, sorted by name, and the hosts they depend on.
func newLanes(channels map[string]Channel, stats *Stats) (lanes []*lane, hosts []*host) {
	byName := make(map[string]*host)
	for _, name := range slices.Sorted(maps.Keys(channels)) {
		c := channels[name]
		limits := c.Limits()
		at := limits.Pace.Host
		if at == "" {
			at = "\x00" + name // nobody else's
		}
		if byName[at] == nil {
			byName[at] = newHost()
			hosts = append(hosts, byName[at])
		}
		h := byName[at]
		if p, ok := c.(Prober); ok && h.prober == nil {
			h.prober = p
		}
		lanes = append(lanes, &lane{
			name: name, channel: c, stats: stats.Channel(name), host: h,
			bucket: newBucket(limits.Pace), pairs: newPairs(limits.Pace),
		})
	}
	return lanes, hosts
}

// free is how many sends of the channel may begin at now, but for its host; when
// none, again is when to look. Zero: when one has ended.
func (l *lane) free(now time.Time) (n int, again time.Time) {
	if now.Before(l.paused.until) {
		return 0, l.paused.until
	}
	left := perChannel - l.busy
	if left < fewLeft {
		return 0, time.Time{}
	}
	return l.bucket.free(now, left)
}

// shares is how many deliveries of each channel may be leased at now, and when to
// look again for those that may have none. The channels of one host share what
// is free there; first is who is asked first, as there may be less than channels.
// Where nothing is under way to a host, each of its channels may send one: who
// was left out for one that has nothing to send would be woken by nobody.
func shares(lanes []*lane, first int, now time.Time) (room map[string]int, again time.Time) {
	want, rivals := make([]int, len(lanes)), make(map[*host]int)
	for i, l := range lanes {
		n, at := l.free(now)
		again = earliest(again, at)
		if want[i] = n; n > 0 {
			rivals[l.host]++
		}
	}
	room, given := make(map[string]int), make(map[*host]int)
	for turn := range lanes {
		i := (turn + first) % len(lanes)
		l := lanes[i]
		if want[i] == 0 {
			continue
		}
		left, at := l.host.free()
		again = earliest(again, at)
		left -= given[l.host]
		fair := (left + rivals[l.host] - 1) / rivals[l.host]
		rivals[l.host]--
		if fair <= 0 && given[l.host] > 0 && l.host.busy == 0 {
			fair = 1
		}
		if n := min(want[i], fair); n > 0 {
			room[l.name] = n
			given[l.host] += n
		}
	}
	return room, again
}

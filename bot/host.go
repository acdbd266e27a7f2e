package bot

import "time"

const (
	// perHost is how many sends to one server are under way at once.
	perHost = 256
	// shutAfter is how many sends in a row must find a server away or silent
	// before nothing more is sent there.
	shutAfter = 3
	// A server that is shut is asked after 1 s, 2 s, 4 s ... 30 s whether it is back.
	probeFirst   = time.Second
	probeMost    = 30 * time.Second
	probeTimeout = 10 * time.Second
)

// host is a platform's server, on which channels depend together. When it hangs
// it is shut: a message that is sent to it would only lose its tries, one after
// the other. The dispatcher's lock guards it.
type host struct {
	prober  Prober // asks whether it is back; nil: one real delivery does
	busy    int    // sends under way
	most    int    // of these at once: few when it is back, so that not all come at once
	faults  int    // in a row
	shut    bool
	probing bool
	opened  time.Time     // when it was back last
	wait    time.Duration // before the next probe
	probeAt time.Time
}

func newHost() *host { return &host{most: perHost} }

// free is how many sends may begin; when none, again is when to look. Zero:
// when one has ended.
func (h *host) free() (n int, again time.Time) {
	switch {
	case !h.shut:
		return max(h.most-h.busy, 0), time.Time{}
	case h.probing:
		return 0, time.Time{}
	default:
		return 0, h.probeAt
	}
}

// answered notes that the server said something, be it a refusal, and reports
// whether that opens it.
func (h *host) answered(now time.Time) (opens bool) {
	if opens = h.shut; opens {
		h.open(now)
	}
	h.faults, h.wait = 0, 0
	h.most = min(h.most+1, perHost) // each makes room for two, so a round of answers doubles it
	return opens
}

// failed notes that a send which began at begun found it away or silent, and
// reports whether that shuts it. What began before it was opened says nothing new.
func (h *host) failed(begun, now time.Time) (shuts bool) {
	if h.shut || begun.Before(h.opened) {
		return false
	}
	if h.faults++; h.faults < shutAfter {
		return false
	}
	h.shut = true
	h.later(now)
	return true
}

// later puts off the next probe, twice as long each time nothing was answered.
func (h *host) later(now time.Time) {
	h.wait = min(max(2*h.wait, probeFirst), probeMost)
	h.probeAt = now.Add(h.wait)
}

// open lets one send of each channel go. When one fails as well the host is shut
// again at once.
func (h *host) open(now time.Time) {
	h.shut, h.opened, h.most, h.faults = false, now, 1, shutAfter-1
}

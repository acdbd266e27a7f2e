package bot

import (
	"maps"
	"sync"
	"time"

	"frontdesk/handoff"
)

// mostAsked bounds how many customers' waits are measured at once. The others
// are answered like any, and not measured.
const mostAsked = 20_000

// longestAsked is for how long a wait is measured: an answer that was never taken
// would otherwise make the next one look as if it had taken days.
const longestAsked = 2 * time.Hour

// asked remembers since when customers wait for the bot's answer. It is a
// measurement only: what it forgets when the program ends is not measured.
type asked struct {
	mu    sync.Mutex
	since map[string]time.Time // by conversation
	sweep time.Time            // when those that are too old were let go of last
}

// decided notes what a commit says of a wait: it begins with a customer's
// message to which the bot has an answer, or will have one, and it ends without
// an answer when people take over or nothing is left to be said.
func (a *asked) decided(c Change, now time.Time) {
	talk := c.Conversation
	pending := len(c.Deliveries) > 0 || talk.Call != nil || len(talk.Gathered) > 0
	a.mu.Lock()
	defer a.mu.Unlock()
	since, waits := a.since[talk.ID]
	switch {
	case talk.Status != handoff.Bot && len(c.Deliveries) == 0:
		delete(a.since, talk.ID)
	case !pending || !heard(c) || (waits && now.Sub(since) <= longestAsked):
	case waits || a.room(now):
		a.since[talk.ID] = now
	}
}

// room reports whether one more wait can be measured, and lets go of those that
// last for too long when there is none: once a minute, as they are many.
func (a *asked) room(now time.Time) bool {
	if a.since == nil {
		a.since = make(map[string]time.Time)
	}
	if len(a.since) >= mostAsked && now.Sub(a.sweep) >= time.Minute {
		a.sweep = now
		maps.DeleteFunc(a.since, func(_ string, since time.Time) bool { return now.Sub(since) > longestAsked })
	}
	return len(a.since) < mostAsked
}

// heard reports whether the customer wrote something in c.
func heard(c Change) bool {
	for _, m := range c.Messages {
		if m.Incoming() {
			return true
		}
	}
	return false
}

// answered ends a wait and says how long it was; ok is false when none is known,
// or it lasted for too long.
func (a *asked) answered(conversation string, now time.Time) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	since, ok := a.since[conversation]
	delete(a.since, conversation)
	wait = now.Sub(since)
	return wait, ok && wait <= longestAsked
}

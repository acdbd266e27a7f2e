package bot

import (
	"sync"
	"time"

	"frontdesk/handoff"
)

// mostAsked bounds how many customers' waits are measured at once. The others
// are answered like any, and not measured.
const mostAsked = 20_000

// asked remembers since when customers wait for the bot's answer. It is a
// measurement only: what it forgets when the program ends is not measured.
type asked struct {
	mu    sync.Mutex
	since map[string]time.Time // by conversation
}

// decided notes what a commit says of a wait: it begins with a customer's
// message to which the bot has an answer, or will have one, and it ends without
// an answer when people take over or nothing is left to be said.
func (a *asked) decided(c Change, now time.Time) {
	talk := c.Conversation
	pending := len(c.Deliveries) > 0 || talk.Call != nil || len(talk.Gathered) > 0
	a.mu.Lock()
	defer a.mu.Unlock()
	_, waits := a.since[talk.ID]
	switch {
	case talk.Status != handoff.Bot && len(c.Deliveries) == 0:
		delete(a.since, talk.ID)
	case waits || !pending || !heard(c) || len(a.since) >= mostAsked:
	default:
		if a.since == nil {
			a.since = make(map[string]time.Time)
		}
		a.since[talk.ID] = now
	}
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

// answered ends a wait and says how long it was; ok is false when none is known.
func (a *asked) answered(conversation string, now time.Time) (wait time.Duration, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	since, ok := a.since[conversation]
	delete(a.since, conversation)
	return now.Sub(since), ok
}

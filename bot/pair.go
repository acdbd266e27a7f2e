package bot

import "time"

// pairs bounds how fast each customer of a channel is written to. It remembers
// only those who were written to a moment ago: one message is forgotten after
// Pace.Pair. So at R messages a second there are R times Pair of them, and never
// more than what can be sent in Pair times PairBurst: 480 and 21,600 on a number
// with 80 a second.
type pairs struct {
	gcra  gcra                 // every 0: without bound
	full  map[string]time.Time // by conversation: when its bucket is full again
	swept time.Time
}

func newPairs(p Pace) pairs {
	return pairs{gcra: gcra{max(p.Pair, 0), max(p.PairBurst, 1)}, full: make(map[string]time.Time)}
}

// next is when the customer may be written to; not after now: at once.
func (p *pairs) next(conversation string, now time.Time) time.Time {
	if p.gcra.every == 0 {
		return now
	}
	return p.gcra.next(p.full[conversation], now)
}

// take counts a message to the customer.
func (p *pairs) take(conversation string, now time.Time) { p.takeN(conversation, now, 1) }

// empty is for a platform that says that it was one too many.
func (p *pairs) empty(conversation string, now time.Time) { p.takeN(conversation, now, p.gcra.burst) }

func (p *pairs) takeN(conversation string, now time.Time, n int) {
	if p.gcra.every == 0 {
		return
	}
	p.full[conversation] = p.gcra.take(p.full[conversation], now, n)
	if passed := now.Sub(p.swept); passed < 0 || passed >= p.gcra.every {
		p.sweep(now)
	}
}

// sweep forgets whose bucket is full.
func (p *pairs) sweep(now time.Time) {
	p.swept = now
	for conversation, full := range p.full {
		if !p.gcra.sane(full, now).After(now) {
			delete(p.full, conversation)
		}
	}
}

package load

import (
	"sync"
	"time"
)

// ledger notes what became of every message, and judges. Times are since the
// beginning of the run. Its methods may be called from many goroutines.
type ledger struct {
	mu       sync.Mutex
	senders  []sender
	counted  Verdict
	messages int // that were sent, each once
	taken    int // that got their 200
	answered int // that have an answer
	waiting  int // that got their 200 and have no answer yet
}

// sender is a customer.
type sender struct {
	messages []message
	name     int           // the number in the name by which the program knows the customer; 0: not taken yet
	after    time.Duration // the latest beginning among the messages that are answered
}

// message is one that was sent, or is about to be.
type message struct {
	due, sent, taken time.Duration // 0 of sent and taken: not yet
	answers          uint16
	asked            bool // the program has asked the Graph API to send an answer
	unknown          bool // the program cannot know whether an answer was accepted
}

// Verdict counts what must not be.
type Verdict struct {
	Lost      int `json:"lost"`      // got a 200 and no answer
	Doubled   int `json:"doubled"`   // answered again, although the first answer was known to be accepted
	Unsure    int `json:"unsure"`    // answered again after a request whose result the program could not know: lawful
	Reordered int `json:"reordered"` // answered before one that was sent only after it had its 200
	Strayed   int `json:"strayed"`   // the answer of one customer came to another
	Refused   int `json:"refused"`   // never got a 200
	Unheard   int `json:"unheard"`   // answers to what was never sent, or that tell no message
}

func newLedger(senders int) *ledger { return &ledger{senders: make([]sender, senders)} }

// at gives the note of a message, which is made when it is not there.
func (l *ledger) at(s slot) *message {
	c := &l.senders[s.sender]
	for len(c.messages) < s.number {
		c.messages = append(c.messages, message{})
	}
	return &c.messages[s.number-1]
}

// known gives the note of a message that was sent, or nil.
func (l *ledger) known(s slot) *message {
	if s.sender >= len(l.senders) || s.number > len(l.senders[s.sender].messages) {
		return nil
	}
	if m := &l.senders[s.sender].messages[s.number-1]; m.sent > 0 {
		return m
	}
	return nil
}

// send notes that a message goes out for the first time, and gives the number
// in the customer's name. A conversation begins by greeting by name: until one
// message is taken the name tells the message, and from then on stays.
func (l *ledger) send(s slot, due, now time.Duration) (name int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.at(s)
	m.due, m.sent = due, max(now, 1)
	l.messages++
	if name = l.senders[s.sender].name; name == 0 {
		name = s.number
	}
	return name
}

// take notes the 200 of a message.
func (l *ledger) take(s slot, name int, now time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.at(s)
	m.taken = max(now, 1)
	l.senders[s.sender].name = name
	l.taken++
	if m.answers == 0 {
		l.waiting++
	}
}

// ask notes that the program asks to send an answer. It gives when the message
// was due, and whether this is the first time.
func (l *ledger) ask(s slot) (due time.Duration, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.known(s)
	if m == nil || m.asked {
		return 0, false
	}
	m.asked = true
	return m.due, true
}

// accept notes an answer that the Graph API took, for the customer to.
func (l *ledger) accept(s slot, to int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m := l.known(s)
	switch {
	case m == nil:
		l.counted.Unheard++
		return
	case s.sender != to:
		l.counted.Strayed++
		return
	case m.answers > 0 && m.unknown:
		l.counted.Unsure++
	case m.answers > 0:
		l.counted.Doubled++
	default:
		l.first(&l.senders[to], m)
	}
	m.answers++
}

// first notes the first answer of a message. It is late when one was answered
// before it that was sent after this one had its 200. Those that were under way
// at the same time have no order, as the program cannot know it.
func (l *ledger) first(c *sender, m *message) {
	l.answered++
	if m.taken > 0 {
		l.waiting--
		if m.taken < c.after {
			l.counted.Reordered++
		}
	}
	c.after = max(c.after, m.sent)
}

// doubt notes that the program cannot know what became of a request.
func (l *ledger) doubt(s slot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m := l.known(s); m != nil {
		m.unknown = true
	}
}

// unheard notes an answer that tells no message.
func (l *ledger) unheard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counted.Unheard++
}

// tally is how far a run is.
type tally struct{ messages, taken, answered, waiting int }

func (l *ledger) tally() tally {
	l.mu.Lock()
	defer l.mu.Unlock()
	return tally{l.messages, l.taken, l.answered, l.waiting}
}

// verdict is called when nothing comes any more.
func (l *ledger) verdict() Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.counted
	v.Lost, v.Refused = l.waiting, l.messages-l.taken
	return v
}

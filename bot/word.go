package bot

import (
	"time"

	"frontdesk/flows"
)

// However short money is, a customer for whom a person is asked hears once that one
// will answer, or that nobody is there: silence would cost more than that message.

// wordEvery is how long passes at least between two such words: about a window.
const wordEvery = 24 * time.Hour

// word reports whether a customer may hear such a word now, and counts it.
func (d *draft) word() bool {
	c := &d.Conversation
	if !c.WordAt.IsZero() && d.now.Before(c.WordAt.Add(wordEvery)) {
		return false
	}
	c.WordAt = d.now
	return true
}

// worded reports whether a message is such a word: nothing else is said in a
// decision that says one.
func (a Attempt) worded() bool {
	return !a.Conversation.WordAt.IsZero() && a.Message.At.Equal(a.Conversation.WordAt)
}

// fetching is what a customer hears for whom a person of a queue is asked: that
// nobody is there, if the flows have words for that, or that somebody will answer.
func (d *draft) fetching(set edition, st flows.State, queue string) (flows.Say, bool) {
	if d.nobody(queue) {
		if say, ok := set.Away(st, d.env()); ok {
			return say, true
		}
	}
	return set.Fetching(st, d.env())
}

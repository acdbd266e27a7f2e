package bot

import "time"

// Stilled is a conversation in which nothing that was due by now happens any
// more: in a store that was put back from a backup it has happened already, as
// far as anybody knows. false: nothing was due.
//
// Texts that were gathered stay unanswered, silence untold and the window's close
// unnoticed. What waited for a call begins anew when the customer writes, as the
// call is not made.
func (c Conversation) Stilled(now time.Time) (Conversation, bool) {
	due := func(at time.Time) bool { return !at.IsZero() && !at.After(now) }
	if !due(c.WakeAt()) {
		return c, false
	}
	if due(c.AnswerAt) {
		c.Gathered, c.AnswerAt = nil, time.Time{}
	}
	if due(c.SilentAt) {
		c.SilentAt = time.Time{}
	}
	if due(c.closing()) {
		c.CloseAt = time.Time{}
	}
	if c.Call != nil && due(c.Call.DueAt) {
		c.Call, c.Flow = nil, anew(c.Flow)
	}
	return c, true
}

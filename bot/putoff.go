package bot

import "time"

const (
	// Of what is due on a channel that is switched off is asked again after five
	// minutes, as it may be off only until its secrets are back. When nothing has
	// happened for long it is asked less and less often: see putOff.
	leastOff = 5 * time.Minute
	mostOff  = 24 * time.Hour
	partOff  = 24 // of the time in which nothing happened
)

// putOff moves what is due in a conversation whose channel is switched off to a
// later moment, in the store: there may be many of them, and each would be read
// again whenever somebody else wakes. moved is false when nothing can be. To
// whoever asks when something happened last, nothing did.
func putOff(s Snapshot, r rules, now time.Time) (_ Change, moved bool) {
	d := change(s, r, now)
	c := &d.Conversation
	c.UpdatedAt = s.Conversation.UpdatedAt
	later := now.Add(min(max(now.Sub(c.UpdatedAt)/partOff, leastOff), mostOff))
	for _, at := range []*time.Time{&c.AnswerAt, &c.SilentAt, &c.CloseAt} {
		if !at.IsZero() && !at.After(now) {
			*at, moved = later, true
		}
	}
	if !c.RankAt.IsZero() && !c.RankAt.After(now) {
		d.rank() // a place in line is the same whatever the channel is
		moved = true
	}
	if c.Call != nil && !c.Call.DueAt.After(now) {
		call := *c.Call
		call.DueAt = later
		c.Call, moved = &call, true
	}
	return d.Change, moved
}

package handoff

import "time"

// Priority is how soon people want a ticket to be answered, beyond what its times say.
type Priority int

// The priorities.
const (
	Normal Priority = iota
	High
	Urgent
)

// String is the priority in a word.
func (p Priority) String() string {
	switch p {
	case High:
		return "high"
	case Urgent:
		return "urgent"
	default:
		return "normal"
	}
}

// ParsePriority reads what String writes.
func ParsePriority(s string) (p Priority, ok bool) {
	for _, p := range []Priority{Normal, High, Urgent} {
		if p.String() == s {
			return p, true
		}
	}
	return Normal, false
}

// sooner is by how much a priority moves a ticket forward: a day, or a week, which is
// longer than any window.
func (p Priority) sooner() time.Duration {
	switch p {
	case High:
		return 24 * time.Hour
	case Urgent:
		return 7 * 24 * time.Hour
	default:
		return 0
	}
}

// Prefer gives the ticket a priority; its owner may do so, or anybody while it waits.
func (t Ticket) Prefer(agent string, p Priority) (Ticket, error) {
	if err := t.movable(agent); err != nil {
		return t, err
	}
	t.Priority = p
	return t, nil
}

// prefer moves a place forward among those that have time, and among those for which
// it is too late: nowhere does it go before a window that is near, or take the room
// of one that can be met.
func (t *Ticket) prefer(p Place) Place {
	if p.Class == Later || p.Class == Lost {
		p.At = p.At.Add(-t.Priority.sooner())
	}
	return p
}

// Begin is the moment of the ticket's place without its priority: mostly the last one
// at which a person must begin.
func (t Ticket) Begin() time.Time {
	if t.Place.Class == Later || t.Place.Class == Lost {
		return t.Place.At.Add(t.Priority.sooner())
	}
	return t.Place.At
}

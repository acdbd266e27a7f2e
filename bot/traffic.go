package bot

import (
	"time"

	"frontdesk/handoff"
)

const (
	// TrafficFor is for how long traffic is kept: every hour of the week comes eight times.
	TrafficFor = 8 * 7 * 24 * time.Hour
	// mostHandling is what a ticket counts as at most, or mostTimes what was expected
	// of it: whoever leaves one open overnight was not busy with it all night.
	mostHandling = 2 * time.Hour
	mostTimes    = 4
)

// Traffic is what came to a queue in an hour, and what people got done. It says
// nothing of anybody.
type Traffic struct {
	Queue    string
	Hour     time.Time     // its beginning, UTC
	Opened   int           // tickets
	Windows  int           // of these, those whose window was open and closes some time
	Window   time.Duration // from their opening until it closes, all together
	Handled  int           // tickets that somebody had and ended
	Handling time.Duration // from the claim to the end, all together; see TrafficOf
}

// TrafficOf is what a change of a ticket adds to the traffic of its queue; nothing,
// as a rule. was is zero when it is new. A ticket counts as handled with two hours
// at most, or with four times what was expected where that is more.
func TrafficOf(was, is handoff.Ticket) (t Traffic, any bool) {
	t.Queue = is.Queue
	switch {
	case is.Open() && !is.OpenedAt.IsZero() && (!was.Open() || was.Queue != is.Queue): // what is transferred comes to both
		t.Hour, t.Opened = hourOf(is.OpenedAt), 1
		if left := is.WindowCloses.Sub(is.OpenedAt); left > 0 {
			t.Windows, t.Window = 1, left
		}
	case was.Open() && !is.Open() && is.Agent != "" && is.ClosedAt.After(is.ClaimedAt):
		t.Hour, t.Handled = hourOf(is.ClosedAt), 1
		t.Handling = min(is.ClosedAt.Sub(is.ClaimedAt), max(mostHandling, mostTimes*is.Handling))
	default:
		return Traffic{}, false
	}
	return t, true
}

// With is the sum of two of one queue and hour.
func (t Traffic) With(o Traffic) Traffic {
	t.Opened += o.Opened
	t.Windows += o.Windows
	t.Window += o.Window
	t.Handled += o.Handled
	t.Handling += o.Handling
	return t
}

func hourOf(t time.Time) time.Time { return t.UTC().Truncate(time.Hour) }

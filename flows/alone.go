package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/source"
)

// checkAlone warns of times in which nobody of a queue is there for so long that a
// window opens and closes in between, when the file does not say what is done then.
func (l *loader) checkAlone() {
	within := l.shortestWindow()
	if within == 0 || l.handoff.Has("nobody") || l.handoff.Strange() > 0 {
		return
	}
	var worst lonely
	for _, e := range l.queues {
		worst = worst.or(l.lonely(l.set.Queues[e.Name], e.Key))
	}
	if len(l.queues) == 0 {
		worst = l.lonely(l.set.Queues[l.set.queue], l.top.Key("hours"))
	}
	unread := func(d Diagnostic) bool { return strings.HasPrefix(d.Code, "F1") && d.Severity == SeverityError }
	if worst.to.Sub(worst.from) <= within-worst.queue.Lead || slices.ContainsFunc(l.findings(), unread) {
		return
	}
	worst.at.Warn(codeAlone, worst.String(),
		fmt.Sprintf(`who writes then cannot be answered in the %s after it; write what they are told: "nobody: {say: ...}" under handoff`, hoursOf(within)))
}

// lonely is a time of a week in which nobody of a queue is there.
type lonely struct {
	queue    Queue
	at       source.Node // where the queue's hours are decided
	from, to time.Time
}

func (l *loader) lonely(q Queue, at source.Node) lonely {
	from, to := q.Staff.Gap()
	return lonely{queue: q, at: at, from: from, to: to}
}

// or is the longer of two, as seen from the lead of each queue.
func (a lonely) or(b lonely) lonely {
	if b.to.Sub(b.from)+b.queue.Lead > a.to.Sub(a.from)+a.queue.Lead {
		return b
	}
	return a
}

// String says when it is, in words.
func (a lonely) String() string {
	const week = 7 * 24 * time.Hour
	if a.to.Sub(a.from) == week {
		return fmt.Sprintf("nobody is ever there in the queue %q", a.queue.Name)
	}
	const moment = "Monday 15:04"
	return fmt.Sprintf("from %s to %s nobody of the queue %q is there", a.from.Format(moment), a.to.Format(moment), a.queue.Name)
}

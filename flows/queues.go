package flows

import (
	"fmt"
	"strings"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
)

// What holds of a queue when the file does not say it, and the longest that it may say.
const (
	defaultQueue    = "support"
	defaultLead     = 15 * time.Minute
	defaultHandling = 5 * time.Minute
	longestHandling = 8 * time.Hour
)

func (l *loader) buildQueues() {
	l.set.Queues = map[string]Queue{}
	for i, e := range l.queues {
		l.set.Queues[e.Name] = l.buildQueue(e)
		if i == 0 {
			l.set.queue = e.Name
		}
	}
	if len(l.queues) == 0 {
		l.set.queue = defaultQueue
		l.set.Queues[defaultQueue] = l.newQueue(defaultQueue)
	}
}

func (l *loader) buildQueue(e source.Entry) Queue {
	q := l.newQueue(e.Name)
	if e.Value.IsNothing() { // "billing:" alone promises nothing
		return q
	}
	fields := e.Value.Fields(syntax.queue.keys())
	q.FirstReply, _ = fields.Get("first_reply").Duration()
	if fields.Has("hours") {
		q.Hours = l.week(fields.Get("hours"))
		q.Staff = q.Hours.Staff(l.set.zone, 1, nil)
	}
	if fields.Has("staff") {
		q.Staff, q.Staffed = l.staff(fields.Get("staff"), q.Hours), true
	}
	if d, ok := fields.Get("lead").Duration(); ok {
		if q.Lead = d; d >= longestWindow {
			fields.Get("lead").Report(codeValue, "the window is open for 24h", "write a time shorter than that, such as 30m")
		}
	}
	if d, ok := fields.Get("handling").Duration(); ok {
		if q.Handling = d; d <= 0 || d > longestHandling {
			fields.Get("handling").Report(codeValue, "handling is more than nothing and at most "+hoursOf(longestHandling),
				"write how long a conversation takes one of you, such as 6m")
		}
	}
	return q
}

// newQueue is a queue of which nothing is written.
func (l *loader) newQueue(name string) Queue {
	q := Queue{Name: name, Hours: l.set.hours, Handling: defaultHandling, Staff: l.set.hours.Staff(l.set.zone, 1, nil), Zone: l.set.zone}
	if l.shortestWindow() > 0 {
		q.Lead = defaultLead
	}
	return q
}

// shortestWindow is that of the channels on which the file is served; 0: none has one.
func (l *loader) shortestWindow() time.Duration {
	shortest := time.Duration(0)
	for _, kind := range l.set.Channels {
		if limits, _ := carry.Of(kind); limits.Within > 0 && (shortest == 0 || limits.Within < shortest) {
			shortest = limits.Within
		}
	}
	return shortest
}

// queue reads the name of a queue; "" when it is absent or wrong.
func (l *loader) queue(n source.Node) string {
	name, ok := n.Text()
	if !ok {
		return ""
	}
	if _, ok := l.set.Queues[name]; ok {
		return name
	}
	names := make([]string, 0, len(l.queues))
	for _, e := range l.queues {
		names = append(names, e.Name)
	}
	if l.opaque {
		return "" // it may be in the file that could not be read
	}
	hint := "queues are: " + strings.Join(names, ", ")
	if meant, ok := source.Nearest(name, names); ok {
		hint = fmt.Sprintf("did you mean %q (%s)?", meant, l.queueKey(meant).Where(n))
	}
	if len(names) == 0 {
		hint = fmt.Sprintf("no queues are written in this file; the only one is %q", defaultQueue)
	}
	n.Report(codeQueue, fmt.Sprintf("unknown queue %q", name), hint)
	return ""
}

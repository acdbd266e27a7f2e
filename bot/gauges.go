package bot

import "time"

// Gauges is how the store stands at one moment. It is read when somebody asks
// for the metrics, so nothing in it may cost a walk through the whole store:
// what may be many is counted up to a bound of the store's choice.
type Gauges struct {
	Outbox    map[string]OutboxGauge // by Channel.Name; without entry: nothing waits
	Queues    map[string]QueueGauge  // open tickets, by queue
	Deadline  time.Time              // the earliest handoff.Ticket.Deadline of the open ones; zero: none
	Windows   WindowGauge
	FreeLeft  map[string]int // by Channel.Name: messages that are left of the month's free ones; without entry: there are none such
	Timers    int            // conversations whose WakeAt has come
	TimersDue time.Time      // the earliest WakeAt of these; zero: none
	FileBytes int64          // size of the store's file
	FreeBytes int64          // of these, in pages that are written anew before the file grows
}

// OutboxGauge is what waits in the outbox of one channel.
type OutboxGauge struct {
	Conversations int       // that have something to be sent, leased or not
	OldestDue     time.Time // the earliest DueAt among what is due first in each; zero: nothing waits
}

// QueueGauge is how many tickets of a queue are open.
type QueueGauge struct{ Waiting, Claimed int }

// WindowGauge counts open tickets by when the customer's window closes. Each
// number includes the one before it, but for Closed.
type WindowGauge struct {
	Closed   int // it has closed while the ticket was open
	Within15 int // minutes
	Within1h int
	Within4h int
}

// Count adds an open ticket whose window closes in the given time from now.
func (w *WindowGauge) Count(in time.Duration) {
	if in <= 0 {
		w.Closed++
		return
	}
	for _, h := range []struct {
		within time.Duration
		n      *int
	}{{15 * time.Minute, &w.Within15}, {time.Hour, &w.Within1h}, {4 * time.Hour, &w.Within4h}} {
		if in <= h.within {
			*h.n++
		}
	}
}

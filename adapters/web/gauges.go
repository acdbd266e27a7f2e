package web

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
)

// How things stand, as read when somebody asks.
var (
	descBuild     = desc("build_info", "Which program this is.", "version", "revision", "go_version")
	descFlows     = desc("flows_info", "Which flows new conversations begin on.", "version")
	descReady     = desc("ready", "1 when the program can serve, as /readyz says.")
	descReadable  = desc("store_readable", "1 when the store told in time how it stands; else what it tells is missing.")
	descOutbox    = desc("outbox_conversations", "Conversations that have something to be sent.", "channel")
	descOutboxAge = desc("outbox_age_seconds", "For how long the oldest delivery has been due; 0: none is.", "channel")
	descTickets   = desc("tickets_open", "Open tickets.", "queue", "state")
	descDeadline  = desc("ticket_deadline_timestamp_seconds", "The earliest deadline of an open ticket; missing: there is none.")
	descClosing   = desc("windows_closing", "Open tickets whose customer can be answered for less than that.", "within")
	descClosed    = desc("windows_closed", "Open tickets whose customer cannot be answered any more.")
	descMissed    = desc("windows_missed_forecast", "Windows that will have closed unanswered within that time, with the people that are planned, one fewer and one more.", "queue", "staff", "within")
	descTimers    = desc("timers_due", "Conversations that have something to do now.")
	descTimersAge = desc("timers_age_seconds", "For how long the oldest of them has been due; 0: none is.")
	descFreeLeft  = desc("free_messages_left", "Messages that the channel may send for nothing in the rest of the month; missing: there is no such bound.", "channel")
	descFile      = desc("store_file_bytes", "Size of the store's file.")
	descFree      = desc("store_free_bytes", "Of the store's file, what is written anew before it grows.")
)

func read() []*prometheus.Desc {
	return []*prometheus.Desc{
		descBuild, descFlows, descReady, descReadable, descOutbox, descOutboxAge, descTickets, descDeadline,
		descClosing, descClosed, descMissed, descTimers, descTimersAge, descFreeLeft, descFile, descFree,
	}
}

// about tells what the program itself is.
func (m *Metrics) about(to shown) {
	to.gauge(descBuild, 1, m.Build.Version, m.Build.Revision, m.Build.Go)
	if m.Flows != nil {
		version, _ := m.Flows()
		to.gauge(descFlows, 1, version)
	}
	if m.Ready != nil {
		_, err := within(m.ready, m.readiness)
		to.gauge(descReady, yes(err == nil))
	}
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// stands tells how the store stands.
func (m *Metrics) stands(to shown) {
	if m.Gauges == nil {
		return
	}
	now := time.Now()
	g, err := within(m.store, m.gaugesAt(now))
	to.gauge(descReadable, yes(err == nil))
	if err != nil {
		return
	}
	for _, name := range names(m.Channels, g.Outbox) {
		to.gauge(descOutbox, float64(g.Outbox[name].Conversations), name)
		to.gauge(descOutboxAge, age(g.Outbox[name].OldestDue, now), name)
	}
	for name, left := range g.FreeLeft {
		to.gauge(descFreeLeft, float64(left), name)
	}
	m.tickets(to, g)
	to.gauge(descTimers, float64(g.Timers))
	to.gauge(descTimersAge, age(g.TimersDue, now))
	to.gauge(descFile, float64(g.FileBytes))
	to.gauge(descFree, float64(g.FreeBytes))
}

func (m *Metrics) tickets(to shown, g bot.Gauges) {
	var queues []string
	if m.Flows != nil {
		_, queues = m.Flows()
	}
	for _, name := range names(queues, g.Queues) {
		to.gauge(descTickets, float64(g.Queues[name].Waiting), name, "waiting")
		to.gauge(descTickets, float64(g.Queues[name].Claimed), name, "claimed")
	}
	if !g.Deadline.IsZero() {
		to.gauge(descDeadline, float64(g.Deadline.UnixMilli())/1000)
	}
	to.gauge(descClosing, float64(g.Windows.Within15), "15m")
	to.gauge(descClosing, float64(g.Windows.Within1h), "1h")
	to.gauge(descClosing, float64(g.Windows.Within4h), "4h")
	to.gauge(descClosed, float64(g.Windows.Closed))
}

// names are those that are known and those of which something is told, each
// once: what was switched off may have something waiting.
func names[T any](known []string, told map[string]T) []string {
	all := append(slices.Collect(maps.Keys(told)), known...)
	slices.Sort(all)
	return slices.Compact(all)
}

// age is how many seconds ago something was; 0 when it never was, or will be.
func age(at, now time.Time) float64 {
	if at.IsZero() || at.After(now) {
		return 0
	}
	return now.Sub(at).Seconds()
}

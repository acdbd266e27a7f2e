package flows

import (
	"testing"
	"time"
)

func TestAQueueKnowsItsPeople(t *testing.T) {
	t.Parallel()
	const rest = "handoff: {words: [agent]}\nflows: {main: {start: a, states: {a: {say: A, end: true}}}}\n"
	const head = "version: 1\nbusiness: B\ntimezone: Europe/Berlin\nhours: {mon-fri: 09:00-18:00}\n"
	noon := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, src      string
		lead, handling time.Duration
		people         int // at noon
	}{
		{"without a word of queues", head, 15 * time.Minute, 5 * time.Minute, 1},
		{"of which nothing is written", head + "queues: {support: }\n", 15 * time.Minute, 5 * time.Minute, 1},
		{"with all that can be", head + "queues: {support: {lead: 30m, handling: 6m, staff: 3}}\n", 30 * time.Minute, 6 * time.Minute, 3},
		{"with people by times", head + "queues: {support: {staff: {mon-fri: {09:00-12:00: 3, 12:00-18:00: 2}}}}\n", 15 * time.Minute, 5 * time.Minute, 2},
		{"that is wanted at the last moment", head + "queues: {support: {lead: 0s}}\n", 0, 5 * time.Minute, 1},
		{"where no channel has a window", head + "channels: [webchat]\n", 0, 5 * time.Minute, 1},
		{"with hours of its own and people in these", head + "queues: {support: {hours: {wed: 14:00-15:00}, staff: 2}}\n", 15 * time.Minute, 5 * time.Minute, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			q := mustParse(t, []byte(c.src+rest)).Queues["support"]
			people := 0
			for _, s := range q.Staff.Shifts(noon, noon.Add(time.Minute)) {
				people = s.People
			}
			if q.Lead != c.lead || q.Handling != c.handling || people != c.people {
				t.Errorf("lead %v, handling %v, %d people; want %v, %v, %d", q.Lead, q.Handling, people, c.lead, c.handling, c.people)
			}
		})
	}
}

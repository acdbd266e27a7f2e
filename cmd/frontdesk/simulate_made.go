package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows/hours"
	"frontdesk/handoff"
)

// What made days are like. docs/queue.md lists it, too; it was written down before
// the first result was seen.
const (
	lateShare   = 0.10          // of those on channels with a window the bot hands over only when it closes soon
	beforeClose = 2 * time.Hour // then, as in flows.example.yaml
	againShare  = 0.25          // of the customers write again while they wait ...
	againMean   = 3 * time.Hour // ... after so long on average, exponential
	spread      = 0.7           // sigma of the lognormal handling times: the standard deviation is 0.8 of the mean
)

// simKind is a sort of conversations: a channel or a queue.
type simKind struct {
	name     string
	share    float64
	handling time.Duration // on average
	weight   int           // as the program has it
}

func simChannels() []simKind {
	return []simKind{{name: "whatsapp", share: 0.6, weight: 1}, {name: "messenger", share: 0.2, weight: 2}, {name: "webchat", share: 0.2}}
}

func simQueues() []simKind {
	return []simKind{
		{name: "questions", share: 0.5, handling: 4 * time.Minute},
		{name: "orders", share: 0.3, handling: 7 * time.Minute},
		{name: "advice", share: 0.2, handling: 12 * time.Minute},
	}
}

// How many write in an hour of the day, and on a day of the week from Monday on.
func byHour() [24]float64 {
	return [24]float64{1, 0.6, 0.4, 0.3, 0.3, 0.5, 1.2, 2.5, 4, 6, 7, 7, 6.5, 6, 6, 6, 6, 6, 6, 6.5, 6.5, 5, 3.5, 2}
}

func byDay() [7]float64 { return [7]float64{1.2, 1.1, 1.05, 1, 1, 0.8, 0.6} }

// simBegin is the first Monday of the first whole month in which WhatsApp charges
// for answers.
func simBegin() time.Time { return time.Date(2026, time.November, 2, 0, 0, 0, 0, time.UTC) }

// maker makes up conversations.
type maker struct {
	*simulation
	rand  *rand.Rand
	duty  hours.Roster
	clock simClock
	table window.Table
	sums  []float64 // of arrivals until the end of each hour
}

// made makes days in which people have a share of what they can do: conversations
// come to people until it is reached.
func (s *simulation) made(duty hours.Roster, load float64) (simTrace, error) {
	t := simTrace{load: load, from: simBegin(), conversations: s.conversations}
	t.to = t.from.AddDate(0, 0, s.days)
	t.clock = clockOf(duty, t.from, t.to)
	m := maker{s, rand.New(rand.NewPCG(s.seed, 0)), duty, t.clock, window.Shipped(), hourSums(s.days)} //nolint:gosec // made days hold no secret
	left := time.Duration(load * float64(t.clock.work(t.from, t.to)))
	if left <= 0 {
		return t, fmt.Errorf("--hours: nobody is there in these %d days", s.days)
	}
	for left > 0 {
		if len(t.tickets) == s.conversations {
			return t, fmt.Errorf("%d conversations are too few for a load of %v; write more with --conversations, or fewer --agents", s.conversations, load)
		}
		ticket := m.ticket(len(t.tickets))
		if !ticket.expires() {
			left -= ticket.takes
		}
		t.tickets = append(t.tickets, ticket)
	}
	slices.SortStableFunc(t.tickets, func(a, b simTicket) int { return a.OpenedAt.Compare(b.OpenedAt) })
	return t, nil
}

func hourSums(days int) (sums []float64) {
	hour, day, sum := byHour(), byDay(), 0.0
	for i := range days * 24 {
		sum += hour[i%24] * day[i/24%7]
		sums = append(sums, sum)
	}
	return sums
}

func (m *maker) ticket(n int) simTicket {
	wrote := m.moment()
	channel, queue := m.pick(simChannels()), m.pick(simQueues())
	t := simTicket{channel: channel.name, takes: m.lognormal(queue.handling)}
	t.Ticket = handoff.Ticket{
		ID: fmt.Sprintf("%07d", n), Queue: queue.name, Handling: queue.handling, Weight: channel.weight, OpenedAt: wrote,
	}
	rules := m.table.For(channel.name, window.HumanAgent).Rules
	if closes := closesAfter(rules, window.Human, wrote); !closes.IsZero() {
		lastWord(&t.Ticket, m.duty, m.lead, wrote, closes)
		if m.rand.Float64() < lateShare {
			t.OpenedAt = later(wrote, handedOver(t.Ticket, closesAfter(rules, window.Bot, wrote)))
		}
		m.writesAgain(&t, rules)
	}
	if m.firstReply > 0 {
		t.PromisedBy = t.OpenedAt.Add(m.firstReply)
	}
	t.settle(m.clock)
	return t
}

// handedOver is when the bot gives up what it could not finish.
func handedOver(t handoff.Ticket, closes time.Time) time.Time {
	at := closes.Add(-beforeClose)
	if !t.AnswerBy.IsZero() && t.AnswerBy.Before(at) {
		return t.AnswerBy
	}
	return at
}

func (m *maker) writesAgain(t *simTicket, rules window.Rules) {
	again := t.OpenedAt.Add(time.Duration(m.rand.ExpFloat64() * float64(againMean)))
	if m.rand.Float64() >= againShare || !again.Before(t.WindowCloses) {
		return
	}
	t.again.OpenedAt = again
	lastWord(&t.again, m.duty, m.lead, again, closesAfter(rules, window.Human, again))
}

func closesAfter(rules window.Rules, author window.Author, wrote time.Time) time.Time {
	return rules.Closes(author, window.Clock{Acted: wrote, Wrote: wrote}, wrote)
}

// moment is when somebody writes.
func (m *maker) moment() time.Time {
	i, _ := slices.BinarySearch(m.sums, m.rand.Float64()*m.sums[len(m.sums)-1])
	return simBegin().Add(time.Duration((float64(i) + m.rand.Float64()) * float64(time.Hour)))
}

func (m *maker) pick(kinds []simKind) simKind {
	at := m.rand.Float64()
	for _, k := range kinds {
		if at -= k.share; at < 0 {
			return k
		}
	}
	return kinds[len(kinds)-1]
}

func (m *maker) lognormal(mean time.Duration) time.Duration {
	return time.Duration(float64(mean) * math.Exp(spread*m.rand.NormFloat64()-spread*spread/2))
}

package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// mostCounted bounds what Gauges counts one by one, so that asking costs little
// when much waits. A gauge that shows this number means "at least".
const mostCounted = 10_000

// Gauges tells how the store stands at now: it is for the metrics.
func (s *Store) Gauges(ctx context.Context, now time.Time) (bot.Gauges, error) {
	if err := ctx.Err(); err != nil {
		return bot.Gauges{}, err
	}
	var g bot.Gauges
	err := s.view(func(v view) error {
		g.FileBytes, g.FreeBytes = v.tx.Size(), free(s.db)
		g.Outbox = v.outboxGauges()
		v.ticketGauges(&g, now)
		g.Timers, g.TimersDue = v.timerGauges(now)
		return nil
	})
	if err != nil {
		return bot.Gauges{}, fmt.Errorf("reading how the store stands: %w", err)
	}
	return g, nil
}

// outboxGauges counts the conversations of each channel that have something to be
// sent: the due bucket has one entry for each.
func (v view) outboxGauges() map[string]bot.OutboxGauge {
	gauges := make(map[string]bot.OutboxGauge)
	c := v.cursor(inDue)
	for k, b := c.First(); k != nil; {
		channel, _, ok := bytes.Cut(k, []byte{0})
		if !ok {
			k, b = c.Next() // Due tells what is damaged
			continue
		}
		var g bot.OutboxGauge
		prefix := joined(string(channel), "")
		for ; bytes.HasPrefix(k, prefix) && g.Conversations < mostCounted; k, b = c.Next() {
			g.Conversations++
			w, err := readWaiting(k, b)
			if err == nil && !leased(b) && (g.OldestDue.IsZero() || w.at.Before(g.OldestDue)) {
				g.OldestDue = w.at
			}
		}
		gauges[string(prefix[:len(prefix)-1])] = g
		k, b = c.Seek(joined(string(prefix[:len(prefix)-1]) + "\x01"))
	}
	return gauges
}

func (v view) ticketGauges(g *bot.Gauges, now time.Time) {
	g.Queues = make(map[string]bot.QueueGauge)
	counts, _ := v.ticketCounts(now) // TicketCounts tells what is damaged
	for name, n := range counts.Queues {
		g.Queues[name] = bot.QueueGauge{Waiting: n.Waiting, Claimed: n.Claimed}
	}
	prefix := joined(listAll, "")
	if k, b := v.cursor(inOpenTickets).Seek(prefix); bytes.HasPrefix(k, prefix) {
		if t, err := readLined(k, b); err == nil && t.Place.Class < handoff.Lost {
			g.Deadline = t.Begin()
		}
	}
	n := 0
	_ = v.eachListed(prefix, prefix, bot.TicketFilter{ShutAt: now.Add(4 * time.Hour)}, func(_ []byte, l listed) (bool, error) {
		n++
		g.Windows.Count(l.closes.Sub(now))
		return n < mostCounted, nil
	})
}

// timerGauges counts the entries that have come. Some of them are of
// conversations that wake later, see moveWake: they are moved when Wakes meets them.
func (v view) timerGauges(now time.Time) (n int, due time.Time) {
	c := v.cursor(inWakes)
	for k, _ := c.First(); k != nil && n < mostCounted; k, _ = c.Next() {
		at, h, err := v.wake(k)
		if err != nil || at.After(now) {
			if err == nil {
				return n, due
			}
			continue
		}
		if h.wake.Equal(at) {
			if n++; due.IsZero() {
				due = at
			}
		}
	}
	return n, due
}

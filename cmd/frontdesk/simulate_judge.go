package main

import (
	"slices"
	"time"
)

// What simulate reports.
type (
	simReport struct {
		People int        `json:"people"`
		Hours  string     `json:"hours"`
		Seed   uint64     `json:"seed"`
		Runs   []simRun   `json:"runs"`
		Bot    *simSpeech `json:"bot,omitempty"`
	}
	// simRun is one trace, with what each order made of it.
	simRun struct {
		Load          float64        `json:"load"`
		From          time.Time      `json:"from"`
		Until         time.Time      `json:"until"`
		Conversations int            `json:"conversations,omitempty"`
		Handed        int            `json:"handed_over"`
		Channels      map[string]int `json:"channels"`
		Nobody        int            `json:"nobody_there"` // in time, whatever the order: neither met nor missed
		Orders        []simResult    `json:"orders"`
	}
	// simResult is what became of those whom somebody could have answered.
	simResult struct {
		Order   string         `json:"order"`
		Met     int            `json:"met"`
		Missed  int            `json:"missed"`
		By      map[string]int `json:"missed_by_channel,omitempty"`
		Share   float64        `json:"of_the_best"` // met, as a share of what the best meets
		WaitP50 simWait        `json:"wait_p50,omitempty"`
		WaitP95 simWait        `json:"wait_p95,omitempty"`
	}
	// simWait is a time in seconds; nobody waits in the best order, which is reckoned only.
	simWait float64
)

func (t simTrace) judge() simRun {
	r := simRun{
		Load: t.load, From: t.from, Until: t.to, Conversations: t.conversations, Handed: len(t.tickets), Channels: make(map[string]int),
	}
	for _, ticket := range t.tickets {
		r.Channels[ticket.channel]++
		if ticket.nobody {
			r.Nobody++
		}
	}
	best := t.best()
	r.Orders = []simResult{runLine(bySlack(), t), runLine(timesKnown(), t), runLine(firstCome(), t), best}
	for i := range r.Orders {
		r.Orders[i].Share = float64(r.Orders[i].Met) / float64(max(best.Met, 1))
	}
	return r
}

// tell counts what became of a ticket.
func (r *simResult) tell(t *simTicket, met bool) {
	switch {
	case t.nobody:
	case met:
		r.Met++
	default:
		if r.By == nil {
			r.By = make(map[string]int)
		}
		r.Missed++
		r.By[t.channel]++
	}
}

func (r *simResult) count(waits []time.Duration) {
	slices.Sort(waits)
	if n := len(waits); n > 0 {
		r.WaitP50, r.WaitP95 = simWait(waits[n/2].Seconds()), simWait(waits[n*95/100].Seconds())
	}
}

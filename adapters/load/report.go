package load

import (
	"context"
	"runtime"
	"time"
)

// Report is what a run has shown.
type Report struct {
	Begun    time.Time `json:"begun"`
	Seconds  float64   `json:"seconds"` // while webhooks were sent
	Stopped  bool      `json:"stopped"` // ended early: what waits then is not lost
	Played   Played    `json:"played"`
	Messages int       `json:"messages"` // sent
	Taken    int       `json:"taken"`    // of them: got their 200
	Answered int       `json:"answered"`
	Waiting  int       `json:"waiting"` // when it ended

	Late     Spread         `json:"late"`             // from the moment a webhook was due to its sending
	Webhook  Spread         `json:"webhook"`          // from that moment to its 200
	Answer   Spread         `json:"answer"`           // from that moment to the Graph request with the answer
	Disk     Spread         `json:"disk_flush"`       // of 4 KiB, beside the program's data; no count: not measured
	Statuses map[string]int `json:"webhook_statuses"` // of all webhooks, those of statuses among them
	Graph    GraphCounts    `json:"graph"`
	Told     StatusCounts   `json:"told"`
	Verdict  Verdict        `json:"verdict"`
	Program  *Program       `json:"program,omitempty"` // nil: it did not tell
	ToolCPU  float64        `json:"tool_cpu_seconds"`

	Timeline []Window `json:"-"`
}

// Played is what was asked for.
type Played struct {
	Rate        float64 `json:"rate"` // messages a second; 0: as many as possible
	Concurrency int     `json:"concurrency"`
	Senders     int     `json:"senders"`
	Channels    int     `json:"channels"`
	Batch       int     `json:"batch"`
	CPUs        int     `json:"cpus"` // of the machine, which the program and this tool share
}

// Program is what the program told of itself.
type Program struct {
	CPU      float64  `json:"cpu_seconds"` // during the run
	Before   Sample   `json:"before"`
	After    Sample   `json:"after"`
	Most     Sample   `json:"most"` // of each value, of any moment
	Growth   float64  `json:"memory_growth_bytes"`
	Unsteady []string `json:"unsteady"` // what was not flat in the second half
}

func (p *player) report(ctx context.Context, w *watch, sent time.Duration) *Report {
	t := p.ledger.tally()
	r := &Report{
		Begun: p.begun.UTC(), Seconds: sent.Seconds(), Stopped: ctx.Err() != nil,
		Played: Played{
			Rate: p.o.Rate, Concurrency: p.o.Concurrency, Senders: p.pacer.schedule.senders(),
			Channels: len(p.o.Channels), Batch: p.o.Batch, CPUs: runtime.NumCPU(),
		},
		Messages: t.messages, Taken: t.taken, Answered: t.answered, Waiting: t.waiting,
		Late: p.late.all(), Webhook: p.webhooks.all(), Answer: p.graph.answers.all(), Disk: p.disk.flushes.all(), Verdict: p.ledger.verdict(),
		Program: programOf(w.first, w.samples(), p.o.Concurrency), ToolCPU: cpu() - w.cpu, Timeline: w.windows,
	}
	r.Statuses, r.Graph, r.Told = p.counts.now()
	r.Told.Untold += p.teller.waiting()
	if r.Stopped {
		r.Verdict.Lost = 0 // nobody waited for it
	}
	return r
}

func (w *watch) samples() []Sample {
	var all []Sample
	for _, v := range w.windows {
		if v.Sample != nil {
			all = append(all, *v.Sample)
		}
	}
	return all
}

// programOf sums up what the program told; nil when it told nothing.
func programOf(first *Sample, all []Sample, concurrency int) *Program {
	if first == nil || len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	p := &Program{CPU: last.CPU - first.CPU, Before: *first, After: last, Most: *first}
	for _, s := range all {
		p.Most.CPU = s.CPU
		p.Most.Resident = max(p.Most.Resident, s.Resident)
		p.Most.Memory = max(p.Most.Memory, s.Memory)
		p.Most.Goroutines = max(p.Most.Goroutines, s.Goroutines)
	}
	p.Growth, p.Unsteady = growth(all), unsteady(all, concurrency)
	return p
}

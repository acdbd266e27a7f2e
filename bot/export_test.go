package bot

import (
	"time"

	"frontdesk/flows"
)

// Play is a script for tests of the whole desk: it does what the test says.
type Play struct {
	Does   func(flows.State, flows.Input) flows.Result
	Gather time.Duration
	Close  time.Duration
	Rungs  []time.Duration
}

// Follow lets a play answer instead of the flows.
func (e *Engine) Follow(p *Play) {
	queues := map[string]flows.Queue{"support": {Name: "support"}}
	script := &play{does: p.Does, gather: p.Gather, close: p.Close, rungs: p.Rungs}
	e.current.Store(&edition{script: script, version: "v1", queues: queues})
}

// Skew lets the machine's clock be wrong by what off tells, from now on.
func (d *Dispatcher) Skew(off func() time.Duration) { d.clock.skew = off }

// Skew is Dispatcher.Skew; before Run.
func (t *Timers) Skew(off func() time.Duration) { t.clock.skew = off }

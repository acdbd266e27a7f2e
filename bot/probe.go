package bot

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// probe asks the servers that are shut, and whose time has come, whether they are
// back. Where nobody can ask, one delivery is let go.
func (d *Dispatcher) probe(ctx context.Context, now time.Time, group *sync.WaitGroup) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, h := range d.hosts {
		switch {
		case !h.shut || h.probing || now.Before(h.probeAt):
		case h.prober == nil:
			h.open(now)
		default:
			h.probing = true
			group.Go(func() {
				defer d.Wake()
				d.probed(h, ask(ctx, h.prober))
			})
		}
	}
}

// ask calls Probe; a panic in it is no answer.
func ask(ctx context.Context, p Prober) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("a probe panicked: %v", fault)
		}
	}()
	timed, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	return p.Probe(timed)
}

func (d *Dispatcher) probed(h *host, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h.probing = false
	now := d.clock.now()
	if err != nil {
		h.later(now)
		return
	}
	if h.shut { // a send that took long may have been quicker
		h.open(now)
		d.turned(h)
	}
}

// turned says in log and stats that a host was shut or opened. The lock is held.
func (d *Dispatcher) turned(h *host) {
	var channels []string
	for _, l := range d.lanes {
		if l.host == h {
			l.stats.hostShut.Store(h.shut)
			channels = append(channels, l.name)
		}
	}
	if h.shut {
		d.log.Error("the platform does not answer; nothing is sent to it until it does, and nothing is lost", "channels", channels)
		return
	}
	d.log.Info("the platform answers again", "channels", channels)
}

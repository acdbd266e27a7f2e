package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// ruled is a channel that goes by the policy file as it was read last.
type ruled struct {
	bot.Channel
	by *atomic.Pointer[ruling]
}

// ruling is what a policy says of one channel.
type ruling struct {
	window window.Terms
	cap    bot.Cap
}

// Limits are the channel's own, with what the policy says.
func (r ruled) Limits() bot.Limits {
	l := r.Channel.Limits()
	if by := r.by.Load(); by != nil { // it was read again
		l.Window, l.Cap = by.window, by.cap
	}
	return l
}

// ruledProber is a ruled channel that can ask whether its platform answers.
type ruledProber struct {
	ruled
	prober bot.Prober
}

func (r ruledProber) Probe(ctx context.Context) error { return r.prober.Probe(ctx) }

// policies read the policy file again for all channels.
type policies struct {
	path     string // empty: there is none
	channels []channelConfig
	by       []*atomic.Pointer[ruling] // of these
}

// rule makes a channel go by the policy file.
func (p *policies) rule(c bot.Channel, configs []channelConfig) bot.Channel {
	for _, config := range configs {
		if config.name != c.Name() {
			continue
		}
		r := ruled{Channel: c, by: new(atomic.Pointer[ruling])}
		p.channels, p.by = append(p.channels, config), append(p.by, r.by)
		if prober, ok := c.(bot.Prober); ok {
			return ruledProber{ruled: r, prober: prober}
		}
		return r
	}
	return c
}

// read gives what the file says now of each channel, in their order; nothing when
// there is no file.
func (p *policies) read() ([]ruling, error) {
	if p.path == "" {
		return nil, nil
	}
	table, err := loadPolicy(p.path)
	if err != nil {
		return nil, err
	}
	var (
		list   []ruling
		faults []error
	)
	for _, c := range p.channels {
		limit, terms, known := capped(c.capSays, c.terms(table))
		if !known {
			faults = append(faults, fmt.Errorf("%s: the spend_cap of %s: %s (%s)", p.path, c.name, uncapped(c.capSays), capMend(c.capSays)))
		}
		list = append(list, ruling{window: terms, cap: limit})
	}
	return list, errors.Join(faults...)
}

// swap lets all channels go by what read gave.
func (p *policies) swap(list []ruling) {
	for i := range list {
		p.by[i].Store(&list[i])
	}
}

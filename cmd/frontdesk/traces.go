package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"frontdesk/adapters/trace"
	"frontdesk/bot"
	"frontdesk/flows/source"
)

const (
	// fewTraced is the share of walks that is recorded unless the operator says otherwise.
	fewTraced = 0.01
	// spanGrace is for how long the last spans may take to be sent.
	spanGrace = time.Second
)

// traces reads where spans are sent to. Without the section there are none.
func (r *configReader) traces(n source.Node) trace.Config {
	if !n.Exists() {
		return trace.Config{}
	}
	f := n.Fields(source.Keys{Known: []string{"endpoint", "sample"}})
	c := trace.Config{Sample: fewTraced}
	if u, ok := r.server(f.Need("endpoint"), true); ok {
		c.Endpoint = strings.TrimRight(u.String(), "/")
	}
	if share, ok := f.Get("sample").Float(); ok {
		if !(share > 0 && share <= 1) { // not a number at all is neither
			f.Get("sample").Report(configCodes.Value, fmt.Sprintf("%s is no share of the walks", f.Get("sample").Raw()),
				"write 1 for all, 0.01 for one in a hundred; for none remove traces")
		}
		c.Sample = share
	}
	return c
}

// tracing makes what sends spans; nil when the operator wants none.
func (a *app) tracing(c trace.Config) (bot.Tracer, error) {
	if c.Endpoint == "" {
		return nil, nil // no tracer is no fault
	}
	info, _ := debug.ReadBuildInfo()
	c.Version, c.Log = version(info), a.log.With("component", "trace")
	t, err := trace.New(c)
	if err != nil {
		return nil, err
	}
	a.close = append(a.close, func() {
		ctx, cancel := context.WithTimeout(context.Background(), spanGrace)
		defer cancel()
		if err := t.Close(ctx); err != nil {
			a.log.Warn("spans were lost", "error", err)
		}
	})
	return t, nil
}

package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"frontdesk/adapters/meta"
)

// answerWithin is how long Meta waits for the answer to a webhook (Meta,
// calling FAQ, 2025-11-13).
const answerWithin = 20 * time.Second

// poster posts signed webhooks. Its methods may be called from many goroutines.
type poster struct {
	channels  []Channel
	urls      []*url.URL
	transport *http.Transport
	counts    *counts
}

func newPoster(o *Options, c *counts) (*poster, error) {
	p := &poster{channels: o.Channels, counts: c, transport: &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		MaxIdleConns:          2 * o.Concurrency,
		MaxIdleConnsPerHost:   2 * o.Concurrency, // no connection is closed for want of a place
		IdleConnTimeout:       time.Minute,
		ResponseHeaderTimeout: answerWithin,
		DisableCompression:    true,
	}}
	for _, c := range o.Channels {
		u, err := url.Parse(strings.TrimRight(o.Target, "/") + "/webhooks/" + c.Name)
		if err != nil {
			return nil, fmt.Errorf("the webhook of channel %q: %w", c.Name, err)
		}
		p.urls = append(p.urls, u)
	}
	return p, nil
}

func (p *poster) close() { p.transport.CloseIdleConnections() }

// post sends a body once, and reports whether it got its 200.
func (p *poster) post(ctx context.Context, channel int, body []byte) bool {
	req := (&http.Request{
		Method: http.MethodPost, URL: p.urls[channel], ContentLength: int64(len(body)),
		Body: io.NopCloser(bytes.NewReader(body)),
		// For a connection that the program closed while it was idle.
		GetBody: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil },
		Header: http.Header{
			"Content-Type":        {"application/json"},
			"X-Hub-Signature-256": {meta.Sign(p.channels[channel].Secret, body)},
		},
	}).WithContext(ctx)
	resp, err := p.transport.RoundTrip(req)
	if err != nil {
		p.counts.answer(silence(err))
		return false
	}
	_, err = io.Copy(io.Discard, resp.Body) // read to its end, or the connection is not used again
	_ = resp.Body.Close()
	p.counts.answer(strconv.Itoa(resp.StatusCode))
	return err == nil && resp.StatusCode == http.StatusOK
}

// silence says why there was no answer, in words of a closed set.
func silence(err error) string {
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return "stopped"
	case errors.As(err, &slow) && slow.Timeout():
		return "no answer in time"
	default:
		return "no connection"
	}
}

// The pauses between the tries of a webhook; Meta's are longer, and go on for days.
const (
	firstPause = 100 * time.Millisecond
	mostPause  = 5 * time.Second
)

// insist sends a body until it gets its 200 or ctx ends, and counts the tries.
func (p *poster) insist(ctx context.Context, channel int, body []byte) (tries int, ok bool) {
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		tries++
		if p.post(ctx, channel, body) {
			return tries, true
		}
		if !wait(ctx, pause) {
			return tries, false
		}
	}
}

// wait waits for d and reports whether ctx let it.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

package load

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"frontdesk/adapters/meta"
)

// answerWithin is how long Meta waits for the answer to a webhook (Meta,
// calling FAQ, 2025-11-13).
const answerWithin = 20 * time.Second

// poster posts signed webhooks. Its methods may be called from many goroutines.
type poster struct {
	channels []Channel
	heads    []string // of the requests to each channel, up to the signature
	lines    lines
	counts   *counts
}

func newPoster(o *Options, c *counts) (*poster, error) {
	target, err := url.Parse(o.Target)
	if err != nil {
		return nil, fmt.Errorf("--target: %w", err)
	}
	p := &poster{channels: o.Channels, counts: c, lines: lines{target: target, open: map[*line]struct{}{}}}
	for _, c := range o.Channels {
		p.heads = append(p.heads, "POST /webhooks/"+url.PathEscape(c.Name)+" HTTP/1.1\r\nHost: "+target.Host+
			"\r\nUser-Agent: frontdesk-load\r\nContent-Type: application/json\r\nX-Hub-Signature-256: ")
	}
	return p, nil
}

// close ends what is under way, too.
func (p *poster) close() { p.lines.close() }

// post sends a body once, and reports whether it got its 200.
func (p *poster) post(ctx context.Context, channel int, body []byte) bool {
	request := make([]byte, 0, 512+len(body))
	request = append(request, p.heads[channel]...)
	request = append(request, meta.Sign(p.channels[channel].Secret, body)...)
	request = append(request, "\r\nContent-Length: "...)
	request = strconv.AppendInt(request, int64(len(body)), 10)
	request = append(request, "\r\n\r\n"...)
	status, err := p.lines.send(ctx, append(request, body...))
	if err != nil {
		p.counts.answer(silence(err))
		return false
	}
	p.counts.answer(strconv.Itoa(status))
	return status == http.StatusOK
}

// silence says why there was no answer, in words of a closed set.
func silence(err error) string {
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, net.ErrClosed):
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

package metatest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"frontdesk/adapters/meta"
)

// player posts the statuses of accepted messages. It owns its goroutines.
type player struct {
	ctx      context.Context
	secret   string
	statuses []string
	client   *http.Client
	wait     sync.WaitGroup
	places   chan struct{} // bounds the posts under way

	mu       sync.Mutex
	callback string
	closed   bool
}

func newPlayer(ctx context.Context, o Options) *player {
	return &player{ctx: ctx, secret: o.AppSecret, statuses: o.Statuses, client: Client(), places: make(chan struct{}, 16)}
}

func (p *player) setCallback(url string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.callback = url
}

// close waits for the posts under way, which the context has ended.
func (p *player) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.wait.Wait()
	p.client.CloseIdleConnections()
}

func (p *player) play(r Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.callback == "" || len(p.statuses) == 0 {
		return
	}
	url := p.callback
	p.wait.Go(func() {
		for _, status := range p.statuses {
			p.deliver(url, statusBody(r, status, time.Now()))
		}
	})
}

// deliver tries until it is answered with 200.
func (p *player) deliver(url string, body []byte) {
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		select {
		case p.places <- struct{}{}:
		case <-p.ctx.Done():
			return
		}
		status, _, err := SignedPost(p.ctx, p.client, url, p.secret, body)
		<-p.places
		if err == nil && status == http.StatusOK {
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-p.ctx.Done():
			timer.Stop()
			return
		}
	}
}

func statusBody(r Request, status string, at time.Time) []byte {
	if r.Platform == meta.WhatsApp {
		return WhatsApp(r.Account).Status(r.ExternalID, status, at, r.ID).Body()
	}
	page := Page(r.Account)
	switch status {
	case "sent":
		page.Echo(r.To, r.ExternalID, at, r.Text, r.ID)
	case "delivered":
		page.Delivery(r.To, at, r.ExternalID)
	default:
		page.Read(r.To, at)
	}
	return page.Body()
}

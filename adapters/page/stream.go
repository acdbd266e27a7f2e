package page

import (
	"context"
	"io"
	"net/http"
	"time"

	"frontdesk/bot"
)

const (
	// pingEvery keeps proxies from closing a quiet stream; many do after 60 s.
	pingEvery = 20 * time.Second
	// writeWithin ends a stream whose reader does not read.
	writeWithin = 10 * time.Second
)

// Stream is one page's stream of hints, as server-sent events.
type Stream struct {
	Hints <-chan bot.Hint
	Done  <-chan struct{}            // ends the stream when the server stops; may be nil
	Data  func(bot.Hint) string      // what the page is told, one line
	Alive func(context.Context) bool // asked at every ping: may it go on? nil: yes
}

// Serve writes until the page goes away, the hints or the server end, or Alive
// says no. Every stream begins with the event "hello": whatever happened before
// it was missed, so the page must read everything again.
func (s Stream) Serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx: pass it on at once
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	if !send(w, "retry: 2000\nevent: hello\ndata: {}\n\n") {
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case <-s.Done:
			return
		case hint, open := <-s.Hints:
			if !open || !send(w, "event: hint\ndata: "+s.Data(hint)+"\n\n") {
				return
			}
		case <-ping.C:
			if s.Alive != nil && !s.Alive(r.Context()) || !send(w, ": ping\n\n") {
				return
			}
		}
	}
}

// send reports whether the reader took it. A writer that knows no deadlines,
// as a recorder in tests, is written to without.
func send(w http.ResponseWriter, event string) bool {
	c := http.NewResponseController(w)
	_ = c.SetWriteDeadline(time.Now().Add(writeWithin))
	if _, err := io.WriteString(w, event); err != nil {
		return false
	}
	return c.Flush() == nil
}

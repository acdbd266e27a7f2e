package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
)

// maxBody bounds a webhook's body. Meta sends up to 3 MB (Webhooks overview,
// 2025-12-02); there is room for growth.
const maxBody = 8 << 20

// mostClaimed bounds what is allocated before anything was received.
const mostClaimed = 64 << 10

// Webhook is what a channel offers to be reached at /webhooks/NAME. Both
// functions are called from many goroutines.
type Webhook struct {
	Name string
	// Challenge answers the platform's check of the address; ok is false when
	// the token is not ours.
	Challenge func(q url.Values) (answer string, ok bool)
	// Decode verifies the raw body, then reads it. Errors wrap bot.ErrSignature or bot.ErrMalformed.
	Decode func(h http.Header, body []byte) (bot.Batch, error)
}

// Handler takes a decoded batch and returns when it is durable: bot.Engine.Handle.
type Handler func(ctx context.Context, b bot.Batch) error

// MountConfig is what stands behind the webhooks. All fields but Tracer are required.
type MountConfig struct {
	Handle  Handler
	Metrics *Metrics
	Tracer  bot.Tracer // nil: nothing is traced
	Log     *slog.Logger
}

// Mount serves the webhooks under r.
func Mount(r gin.IRouter, hooks []Webhook, c MountConfig) {
	for _, hook := range hooks {
		path := "/webhooks/" + hook.Name
		r.GET(path, challenge(hook, c.Metrics))
		r.POST(path, receive(hook, c))
	}
}

func challenge(hook Webhook, m *Metrics) gin.HandlerFunc {
	return func(c *gin.Context) {
		begun := time.Now()
		status := http.StatusForbidden
		if answer, ok := hook.Challenge(c.Request.URL.Query()); ok {
			status = http.StatusOK
			c.String(status, "%s", answer)
		} else {
			c.Status(status)
		}
		m.webhook(hook.Name, status, begun)
	}
}

// receive answers 200 only when everything in the body is durable. Any other
// answer makes the platform send it again, which is harmless.
func receive(hook Webhook, m MountConfig) gin.HandlerFunc {
	log := m.Log.With("channel", hook.Name)
	var forged rarely
	return func(c *gin.Context) {
		begun, status := time.Now(), http.StatusInternalServerError
		ctx, end := bot.StartSpan(c.Request.Context(), m.Tracer, "webhook", slog.String("channel", hook.Name))
		defer func() { // a panic counts too
			m.Metrics.webhook(hook.Name, status, begun)
			end(refused(status))
		}()
		c.Request = c.Request.WithContext(ctx)
		var text string
		status, text = take(c, hook, m.Handle, &forged, log)
		if text == "" {
			c.Status(status)
		} else {
			c.String(status, "%s\n", text)
		}
	}
}

// refused is that a webhook was not taken, as a span's end; nil: it was.
func refused(status int) error {
	if status == http.StatusOK {
		return nil
	}
	return errors.New("refused with " + strconv.Itoa(status))
}

func take(c *gin.Context, hook Webhook, handle Handler, forged *rarely, log *slog.Logger) (status int, text string) {
	ctx := c.Request.Context()
	body, err := readBody(c)
	if err != nil {
		log.WarnContext(ctx, "cannot read a webhook's body", "error", err)
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return http.StatusRequestEntityTooLarge, "the body is larger than " + strconv.Itoa(maxBody>>20) + " MiB"
		}
		return http.StatusBadRequest, "the body could not be read"
	}
	batch, err := hook.Decode(c.Request.Header, body)
	switch {
	case errors.Is(err, bot.ErrSignature):
		if n := forged.due(time.Now()); n > 0 { // anybody can send these: they must not fill the log
			log.WarnContext(ctx, "refused webhooks without a valid signature", "count", n)
		}
		return http.StatusUnauthorized, ""
	case errors.Is(err, bot.ErrMalformed):
		log.WarnContext(ctx, "refused a signed webhook that is not understood", "error", err)
		return http.StatusBadRequest, err.Error()
	case err != nil:
		log.ErrorContext(ctx, "could not decode a webhook; the platform will send it again", "error", err)
		return http.StatusInternalServerError, ""
	}
	if err := handle(ctx, batch); err != nil {
		log.ErrorContext(ctx, "could not store a webhook; the platform will send it again", "error", err)
		return http.StatusInternalServerError, ""
	}
	return http.StatusOK, ""
}

// rarely counts what may be logged at most once in rareEvery.
type rarely struct{ count, next atomic.Int64 }

const rareEvery = 10 * time.Second

// due counts one more and gives how many there were since the last time, or 0
// when it is too early to speak of them.
func (r *rarely) due(now time.Time) int64 {
	r.count.Add(1)
	if next := r.next.Load(); now.UnixNano() < next || !r.next.CompareAndSwap(next, now.Add(rareEvery).UnixNano()) {
		return 0
	}
	return r.count.Swap(0)
}

// readBody reads the whole body. Its length is known as a rule, and makes one
// allocation of it; what a stranger only claims to send is not allocated.
func readBody(c *gin.Context) ([]byte, error) {
	n := c.Request.ContentLength
	if n > maxBody {
		return nil, &http.MaxBytesError{Limit: maxBody}
	}
	var b bytes.Buffer
	b.Grow(int(min(max(n, 0), mostClaimed)) + bytes.MinRead) // MinRead: room to see the end
	_, err := b.ReadFrom(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	return b.Bytes(), err
}

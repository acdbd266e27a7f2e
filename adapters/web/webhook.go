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
	room := newRoom()
	for _, hook := range hooks {
		path := "/webhooks/" + hook.Name
		r.GET(path, challenge(hook, c.Metrics))
		r.POST(path, receive(hook, c, room))
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
func receive(hook Webhook, m MountConfig, room *room) gin.HandlerFunc {
	d := &desk{hook: hook, handle: m.Handle, room: room, log: m.Log.With("channel", hook.Name)}
	return func(c *gin.Context) {
		begun, status := time.Now(), http.StatusInternalServerError
		ctx, end := bot.StartSpan(c.Request.Context(), m.Tracer, "webhook", slog.String("channel", hook.Name))
		defer func() { // a panic counts too
			m.Metrics.webhook(hook.Name, status, begun)
			end(refused(status))
		}()
		a := d.take(ctx, c)
		status = a.status
		if a.again > 0 {
			c.Header("Retry-After", strconv.Itoa(int(a.again.Seconds())))
		}
		if a.text == "" {
			c.Status(status)
		} else {
			c.String(status, "%s\n", a.text)
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

// verdict is what a webhook is answered with.
type verdict struct {
	status int
	text   string        // behind a platform's own log; never a secret
	again  time.Duration // when it may be sent again; 0: nothing is said of it
}

// later is the answer while something passes by itself. Platforms send again for
// days, so that nothing is lost by it.
func later(text string) verdict {
	return verdict{http.StatusServiceUnavailable, text + "; send it again later", againAfter}
}

const againAfter = 30 * time.Second

// desk takes the webhooks of one channel.
type desk struct {
	hook         Webhook
	handle       Handler
	room         *room // of all channels
	log          *slog.Logger
	forged, full rarely
}

func (d *desk) take(ctx context.Context, c *gin.Context) verdict {
	leave, ok := d.room.read(ctx, c.Request.ContentLength)
	if !ok {
		return later("too much is being received")
	}
	defer leave()
	body, err := readBody(c)
	if err != nil {
		d.log.WarnContext(ctx, "cannot read a webhook's body", "error", err)
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return verdict{status: http.StatusRequestEntityTooLarge, text: "the body is larger than " + strconv.Itoa(maxBody>>20) + " MiB"}
		}
		return verdict{status: http.StatusBadRequest, text: "the body could not be read"}
	}
	batch, err := d.hook.Decode(c.Request.Header, body)
	switch {
	case errors.Is(err, bot.ErrSignature):
		if n := d.forged.due(time.Now()); n > 0 { // anybody can send these: they must not fill the log
			d.log.WarnContext(ctx, "refused webhooks without a valid signature", "count", n)
		}
		return verdict{status: http.StatusUnauthorized}
	case errors.Is(err, bot.ErrMalformed):
		d.log.WarnContext(ctx, "refused a signed webhook that is not understood", "error", err)
		return verdict{status: http.StatusBadRequest, text: err.Error()}
	case err != nil:
		d.log.ErrorContext(ctx, "could not decode a webhook; the platform will send it again", "error", err)
		return verdict{status: http.StatusInternalServerError}
	}
	return d.store(ctx, batch, len(body))
}

// store waits its turn and answers when the batch is durable.
func (d *desk) store(ctx context.Context, batch bot.Batch, size int) verdict {
	leave, ok := d.room.handle(ctx, size)
	if !ok {
		return later("too much is waiting to be stored")
	}
	defer leave()
	switch err := d.handle(ctx, batch); {
	case errors.Is(err, bot.ErrFull):
		if n := d.full.due(time.Now()); n > 0 {
			d.log.ErrorContext(ctx, "the disk is full; webhooks are answered with 503, and the platform sends them again", "count", n)
		}
		return later("the disk is full")
	case err != nil:
		d.log.ErrorContext(ctx, "could not store a webhook; the platform will send it again", "error", err)
		return verdict{status: http.StatusInternalServerError}
	default:
		return verdict{status: http.StatusOK}
	}
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

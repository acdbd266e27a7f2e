package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
)

// mostAsked is the longest body of a request about a contact, in bytes.
const mostAsked = 4096

// Care is what the operator may ask of the store of a running program. All
// fields are required. What is `any` can be written as JSON; errors are shown to
// the operator as they are.
type Care struct {
	// Holds reports whether this program works on the file at path, as the asker
	// sees it: who erases somebody must not do it in another program's file.
	Holds func(path string) bool
	Stats func(ctx context.Context) (any, error)
	Check func(ctx context.Context) (any, error)
	// Copy makes a copy of the file on the disk, which is gone when it is closed,
	// and says how long it is.
	Copy   func(ctx context.Context) (io.ReadCloser, int64, error)
	Audits func(ctx context.Context, limit int) (any, error)
	Find   func(ctx context.Context, who string) (any, error)
	Person func(ctx context.Context, contact string) (any, error)
	// Misses lists what was not understood, newest first.
	Misses func(ctx context.Context, f bot.MissFilter) (any, error)
	// Costs calls each for what messages cost that were decided in that time.
	Costs func(ctx context.Context, from, until time.Time, each func(row any) error) error
	Erase func(ctx context.Context, contact, by string) (any, error)
}

// Asked is the body of a request about a contact. It is no part of the address,
// as it may be a phone number.
type Asked struct {
	Who     string `json:"who,omitempty"`     // with find
	Contact string `json:"contact,omitempty"` // with export and erase
	By      string `json:"by,omitempty"`      // with erase
}

// mount adds the routes below /-/store and /-/contact. Without Care there are none.
func (c *Care) mount(r gin.IRouter, log *slog.Logger) {
	if c == nil {
		return
	}
	at := r.Group("/-", c.guard())
	at.GET("/store/stats", answer(log, func(g *gin.Context) (any, error) { return c.Stats(g.Request.Context()) }))
	at.GET("/store/audit", answer(log, func(g *gin.Context) (any, error) { return c.Audits(g.Request.Context(), limitOf(g)) }))
	at.POST("/store/check", answer(log, func(g *gin.Context) (any, error) { return c.Check(g.Request.Context()) }))
	at.POST("/store/copy", func(g *gin.Context) { c.copyTo(g, log) })
	at.GET("/answers/misses", answer(log, c.misses))
	at.GET("/costs", func(g *gin.Context) { c.costs(g, log) })
	at.POST("/contact/find", answer(log, asked(func(ctx context.Context, a Asked) (any, error) { return c.Find(ctx, a.Who) })))
	at.POST("/contact/export", answer(log, asked(func(ctx context.Context, a Asked) (any, error) { return c.Person(ctx, a.Contact) })))
	at.POST("/contact/erase", answer(log, asked(func(ctx context.Context, a Asked) (any, error) { return c.Erase(ctx, a.Contact, a.By) })))
}

// guard keeps out a page that is open in the operator's browser, and who means
// another file. Whoever is let in may wait as long as it likes, as much may be read.
func (c *Care) guard() gin.HandlerFunc {
	protect := http.NewCrossOriginProtection()
	return func(g *gin.Context) {
		if err := protect.Check(g.Request); err != nil {
			g.AbortWithStatus(http.StatusForbidden)
			return
		}
		if file := g.Query("file"); file != "" && !c.Holds(file) {
			g.String(http.StatusConflict, "this program works on another file\n")
			g.Abort()
			return
		}
		_ = http.NewResponseController(g.Writer).SetWriteDeadline(time.Time{}) // as in deadline
	}
}

// answer answers with what ask gives.
func answer(log *slog.Logger, ask func(g *gin.Context) (any, error)) gin.HandlerFunc {
	return func(g *gin.Context) {
		found, err := ask(g)
		if err != nil {
			refuse(g, log, err)
			return
		}
		g.JSON(http.StatusOK, found)
	}
}

// asked reads what is asked about a contact.
func asked(ask func(ctx context.Context, a Asked) (any, error)) func(g *gin.Context) (any, error) {
	return func(g *gin.Context) (any, error) {
		var a Asked
		body := http.MaxBytesReader(g.Writer, g.Request.Body, mostAsked)
		if err := json.NewDecoder(body).Decode(&a); err != nil {
			return nil, fmt.Errorf("%w: %w", bot.ErrMalformed, err)
		}
		return ask(g.Request.Context(), a)
	}
}

// refuse says what went wrong. Nobody but the operator is there to read it.
func refuse(g *gin.Context, log *slog.Logger, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, bot.ErrMalformed):
		status = http.StatusBadRequest
	case errors.Is(err, bot.ErrNotFound):
		status = http.StatusNotFound
	case errors.Is(err, bot.ErrChannelOff):
		status = http.StatusServiceUnavailable
	default:
		log.ErrorContext(g.Request.Context(), "cannot answer the operator", "route", g.FullPath(), "error", err)
	}
	g.String(status, "%v\n", err)
}

// misses answers with what was not understood in a time, on a channel or on all.
func (c *Care) misses(g *gin.Context) (any, error) {
	f := bot.MissFilter{Channel: g.Query("channel"), Limit: limitOf(g)}
	for name, to := range map[string]*time.Time{"from": &f.From, "until": &f.Until} {
		says := g.Query(name)
		if says == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, says)
		if err != nil {
			return nil, fmt.Errorf("%w: %s is a time as 2026-10-01T12:00:00Z: %w", bot.ErrMalformed, name, err)
		}
		*to = at
	}
	return c.Misses(g.Request.Context(), f)
}

// limitOf is how many rows are asked for; 0: that is not said.
func limitOf(g *gin.Context) int {
	n, err := strconv.Atoi(g.Query("limit"))
	if err != nil {
		return 0
	}
	return n
}

// copyTo streams a copy of the file. It was made before, so that a slow reader
// holds nobody up.
func (c *Care) copyTo(g *gin.Context, log *slog.Logger) {
	from, size, err := c.Copy(g.Request.Context())
	if err != nil {
		refuse(g, log, err)
		return
	}
	defer from.Close() //nolint:errcheck // only read, and gone then
	g.Header("Content-Type", "application/octet-stream")
	g.Header("Content-Length", strconv.FormatInt(size, 10))
	control := http.NewResponseController(g.Writer)
	for {
		_ = control.SetWriteDeadline(time.Now().Add(writeWithin))
		if _, err := io.CopyN(g.Writer, from, 1<<20); err != nil {
			return // the end, or the reader left: it knows the length
		}
	}
}

// Last is the last line of rows that are told one after the other.
type Last struct {
	End   bool   `json:"end"`
	Error string `json:"error,omitempty"` // why there are no more
}

// costs writes a line of JSON for each row, and the Last.
func (c *Care) costs(g *gin.Context, log *slog.Logger) {
	from, err := time.Parse(time.RFC3339, g.Query("from"))
	until, wrong := time.Parse(time.RFC3339, g.Query("until"))
	if err := errors.Join(err, wrong); err != nil {
		refuse(g, log, fmt.Errorf("%w: from and until are times as 2026-10-01T12:00:00Z: %w", bot.ErrMalformed, err))
		return
	}
	g.Header("Content-Type", "application/x-ndjson")
	control, lines := http.NewResponseController(g.Writer), json.NewEncoder(g.Writer)
	last := Last{End: true}
	err = c.Costs(g.Request.Context(), from, until, func(row any) error {
		_ = control.SetWriteDeadline(time.Now().Add(writeWithin))
		return lines.Encode(row)
	})
	if err != nil {
		log.ErrorContext(g.Request.Context(), "cannot tell the operator what messages cost", "error", err)
		last.Error = err.Error()
	}
	_ = lines.Encode(last) // who asked may be gone
}

var descSwept = desc("swept_total", "What was removed because it is kept no longer.", "kind")

// swept counts what retention removed.
func swept(s *bot.SweptStats, count func(d *prometheus.Desc, n int64, labels ...string)) {
	count(descSwept, s.Messages.Load(), "messages")
	count(descSwept, s.Tickets.Load(), "tickets")
	count(descSwept, s.Conversations.Load(), "conversations")
	count(descSwept, s.Contacts.Load(), "contacts")
	count(descSwept, s.Events.Load(), "events")
	count(descSwept, s.Audit.Load(), "audit")
	count(descSwept, s.Costs.Load(), "costs")
	count(descSwept, s.Marks.Load(), "marks")
	count(descSwept, s.Traffic.Load(), "traffic")
	count(descSwept, s.Misses.Load(), "misses")
}

package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"frontdesk/bot"
)

// OpsConfig is what the operator's face needs. All fields are required
// but Care.
type OpsConfig struct {
	Gatherer prometheus.Gatherer
	// Ready says why the program cannot serve now; nil: it can.
	Ready func(ctx context.Context) error
	// Reload reads the flows again. Its error is shown to the operator as it is.
	Reload func(ctx context.Context) error
	// Flows tells which flows are running, as something that can be written as JSON.
	Flows func(ctx context.Context) (any, error)
	// Quote tells what holds for what is asked: a message of an author to a
	// conversation. It gives something that can be written as JSON.
	Quote func(ctx context.Context, asked url.Values) (any, error)
	Log   *slog.Logger
	Care  *Care // nil: there are no routes for it
}

// NewOps makes the operator's face: /metrics, /healthz, /readyz, /debug/pprof/,
// GET /-/flows, GET and POST /-/quote, and POST /-/reload. It knows no sign-in and must never be public.
func NewOps(c OpsConfig) http.Handler {
	release()
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.Use(logged(c.Log), headers, deadline)
	r.GET("/metrics", gin.WrapH(promhttp.HandlerFor(c.Gatherer, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, // one measurement that fails must not hide the others
	})))
	r.GET("/healthz", func(g *gin.Context) { g.String(http.StatusOK, "ok\n") })
	r.GET("/readyz", func(g *gin.Context) {
		if err := c.Ready(g.Request.Context()); err != nil {
			g.String(http.StatusServiceUnavailable, "%v\n", err)
			return
		}
		g.String(http.StatusOK, "ready\n")
	})
	c.Care.mount(r, c.Log)
	profiles(r)
	protect := http.NewCrossOriginProtection() // a page open in the operator's browser must not reload
	r.POST("/-/reload", func(g *gin.Context) {
		if err := protect.Check(g.Request); err != nil {
			g.Status(http.StatusForbidden)
			return
		}
		if err := c.Reload(g.Request.Context()); err != nil {
			g.String(http.StatusUnprocessableEntity, "%v\n", err)
			return
		}
		g.String(http.StatusOK, "reloaded\n")
	})
	quote := answer(c.Log, func(g *gin.Context) (any, error) {
		asked, err := form(g)
		if err != nil {
			return nil, err
		}
		return c.Quote(g.Request.Context(), asked)
	})
	r.GET("/-/quote", quote)
	r.POST("/-/quote", quote) // addresses are written into logs, and what people write must not be
	r.GET("/-/flows", func(g *gin.Context) {
		running, err := c.Flows(g.Request.Context())
		if err != nil {
			c.Log.ErrorContext(g.Request.Context(), "cannot tell which flows are running", "error", err)
			g.String(http.StatusInternalServerError, "%v\n", err)
			return
		}
		g.JSON(http.StatusOK, running)
	})
	return r
}

// mostForm is the longest form in bytes.
const mostForm = 1 << 20

// form gives the fields of a request's address and of its body, as one.
func form(g *gin.Context) (url.Values, error) {
	g.Request.Body = http.MaxBytesReader(g.Writer, g.Request.Body, mostForm)
	if err := g.Request.ParseForm(); err != nil {
		return nil, fmt.Errorf("%w: %w", bot.ErrMalformed, err)
	}
	return g.Request.Form, nil
}

package web

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// release keeps gin from printing its routes and warnings on standard output.
var release = sync.OnceFunc(func() { gin.SetMode(gin.ReleaseMode) })

// NewRouter makes the router of a public listener: request ids, recovery from
// panics, security headers and a log line for each request. proxies are the
// addresses or networks whose X-Forwarded-For is believed.
func NewRouter(proxies []string, log *slog.Logger) (*gin.Engine, error) {
	release()
	r := gin.New()
	if err := r.SetTrustedProxies(proxies); err != nil {
		return nil, fmt.Errorf("trusted_proxies: %w", err)
	}
	r.RemoteIPHeaders = []string{"X-Forwarded-For"} // a proxy that sets this one may pass a customer's X-Real-IP on
	r.HandleMethodNotAllowed = true
	r.Use(logged(log), headers, client, deadline)
	return r, nil
}

// client makes the request's address the customer's where a trusted proxy says
// so, for everything behind the router that limits by address.
func client(c *gin.Context) {
	if ip := c.ClientIP(); ip != "" && ip != c.RemoteIP() {
		c.Request.RemoteAddr = net.JoinHostPort(ip, "0")
	}
	c.Next()
}

// writeWithin bounds how long a client may take to read an answer. An event
// stream moves its own deadline with each event.
const writeWithin = time.Minute

// deadline keeps a client that does not read from holding a goroutine and its
// answer for ever. A writer that knows no deadlines, as in tests, goes without.
func deadline(c *gin.Context) {
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(writeWithin))
	c.Next()
}

// headers are those of every answer. The pages set their own Content-Security-Policy.
func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	c.Next()
}

// logged gives each request an id, writes one line about it, and turns a panic
// into a 500 without detail. The route's pattern is logged, never the query,
// which may hold a token.
func logged(log *slog.Logger) gin.HandlerFunc {
	return func(c *gin.Context) {
		begun := time.Now()
		id := rand.Text()[:12]
		c.Writer.Header().Set("X-Request-Id", id)
		defer func() {
			if fault := recover(); fault != nil {
				if fault == http.ErrAbortHandler { //nolint:errorlint // net/http's own sentinel, compared as net/http does
					panic(fault)
				}
				log.ErrorContext(c.Request.Context(), "a handler panicked", "request", id, "route", c.FullPath(),
					"fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
				c.AbortWithStatus(http.StatusInternalServerError)
			}
			log.DebugContext(c.Request.Context(), "request", "request", id, "method", c.Request.Method,
				"route", c.FullPath(), "status", c.Writer.Status(), "duration", time.Since(begun))
		}()
		c.Next()
	}
}

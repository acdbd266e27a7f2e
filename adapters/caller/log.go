package caller

import (
	"context"
	"errors"
	"net/url"
	"time"

	"frontdesk/flows"
)

// told is what the log may say of an attempt.
type told struct {
	id      string
	call    flows.Call
	unknown []string // secrets
	result  flows.Called
	err     error
	took    time.Duration
}

// tell logs an attempt. What a person should mend is a warning, without the
// path; the query, where customers' data may stand, is in no line at all, and
// neither is the text of an error of net/http, which quotes it.
func (c *Caller) tell(ctx context.Context, t told) {
	host, path := "", ""
	if u, err := url.Parse(t.call.URL); err == nil {
		host, path = u.Host, u.EscapedPath()
	}
	switch {
	case errors.Is(t.err, errSecret):
		c.log.WarnContext(ctx, "a call names a secret that is not in the operator's file", "call", t.id, "secrets", t.unknown)
	case errors.Is(t.err, errPlain):
		c.log.WarnContext(ctx, "a call would send a secret unencrypted", "call", t.id, "host", host)
	case t.result.Error == CodeRefused:
		c.log.WarnContext(ctx, "a call to an address that is not allowed", "call", t.id, "host", host)
	case t.result.Error == CodeTLS:
		c.log.WarnContext(ctx, "a call found no encrypted connection", "call", t.id, "host", host)
	}
	c.log.DebugContext(ctx, "called", "call", t.id, "method", t.call.Method, "host", host, "path", path,
		"status", t.result.Status, "error", t.result.Error, "took", t.took)
}

package caller

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/flows"
)

// The codes of flows.Called.Error, which flows may compare with. With one of
// them the Status is 0.
const (
	CodeTimeout    = "timeout"    // no whole answer in time, waiting for a place included
	CodeConnection = "connection" // the host is unknown, cannot be reached, or hung up
	CodeRefused    = "refused"    // the address is not public and not allowed by the operator, or neither http nor https
	CodeTLS        = "tls"        // no encrypted connection: a certificate that is not valid, an old protocol
	CodeTooLarge   = "too_large"  // the answer is larger than what is read, or kept
	CodeSecret     = "secret"     // a header names a secret that the operator did not give, or would carry one unencrypted
	CodeAnswer     = "answer"     // the answer is no HTTP, or no JSON although it says so
	CodeRequest    = "request"    // the request cannot be written: its address, method or a header is none
)

// maxAfter bounds how long another side may make a customer wait.
const maxAfter = time.Minute

// failed gives the code of an error, and whether the same request may be sent again.
func failed(err error) (code string, again bool) {
	for _, e := range []struct {
		is   error
		code string
	}{
		{errRefused, CodeRefused},
		{errPlain, CodeSecret},
		{errSecret, CodeSecret},
		{errRequest, CodeRequest},
		{errTLS, CodeTLS},
		{errTooLarge, CodeTooLarge},
		{errBroken, CodeAnswer},
	} {
		if errors.Is(err, e.is) {
			return e.code, false
		}
	}
	switch {
	case timedOut(err):
		return CodeTimeout, true
	case alert(err):
		return CodeTLS, false
	case lost(err):
		return CodeConnection, true
	default: // net/http did not understand what came
		return CodeAnswer, false
	}
}

// timedOut reports that an attempt's time was over. A dial may notice it a
// moment before the context does.
func timedOut(err error) bool {
	e, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && e.Timeout()
}

// alert reports that a side of an encrypted connection objected; these are the
// words of crypto/tls. A missing client certificate is told after the handshake.
func alert(err error) bool {
	e, ok := errors.AsType[*net.OpError](err)
	return ok && (e.Op == "remote error" || e.Op == "local error")
}

// lost reports that there was no connection, or that it broke.
func lost(err error) bool {
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return !alert(err)
	}
	_, unresolved := errors.AsType[*net.DNSError](err)
	return unresolved || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, context.Canceled)
}

// passing reports whether a status says that the same request may do better
// later (RFC 9110, RFC 6585).
func passing(status int) bool {
	return slices.Contains([]int{
		http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	}, status)
}

// answered judges an answer and what reading its body came to. The body of an
// answer that is no success is kept if it can be: its status says enough.
func answered(method string, resp *http.Response, body any, err error, now time.Time) (flows.Called, bool, time.Duration) {
	status := resp.StatusCode
	if err == nil || status < 200 || status > 299 {
		if !passing(status) {
			return flows.Called{Status: status, Body: body}, false, 0
		}
		return flows.Called{Status: status, Body: body}, true, retryAfter(resp.Header.Get("Retry-After"), now)
	}
	code, again := failed(err)
	if code == CodeConnection { // the other side has done already what it was asked for
		again = method == http.MethodGet || method == http.MethodHead
	}
	return flows.Called{Error: code}, again, 0
}

// retryAfter reads the header: seconds, or a date (RFC 9110, 10.2.3).
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if s, err := strconv.ParseUint(v, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(s, uint64(maxAfter/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(at.Sub(now), 0), maxAfter)
	}
	return 0
}

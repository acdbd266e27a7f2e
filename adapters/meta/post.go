package meta

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"frontdesk/bot"
)

// Post sends body as JSON to path, for example "123/messages", and decodes the
// answer into out. Every error is a *bot.SendError without secrets, and says
// whether the platform may have taken the message: there is no idempotency key,
// so a message is only sent again when it is known that it was not accepted
// (Meta, WhatsApp send-messages, 2025-11-04).
//
// What failed before the request was written (name, dial, TLS) is
// ClassRetry. What failed after it (time, a lost connection, an answer that is
// no JSON) is ClassUnknown.
func (g *Graph) Post(ctx context.Context, path string, body, out any) error {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	// The transport begins anew on another connection only when nothing of the
	// request was written on the first: GetConn resets what WroteHeaders said.
	var written atomic.Bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { written.Store(false) },
		WroteHeaders: func() { written.Store(true) },
	})
	req, err := g.newPost(traced, path, body)
	if err != nil {
		return &bot.SendError{Class: bot.ClassFail, Code: "request", Reason: "the message cannot be written as a request"}
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return lost(ctx, written.Load())
	}
	defer func() { _ = resp.Body.Close() }()
	// One byte more than the limit tells a cut answer from a whole one. A read
	// error leaves a part, which is no JSON and judged as such.
	answer, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit+1))
	if f, ok := failure(resp, answer); ok {
		return Classify(g.platform, f)
	}
	if err != nil {
		return lost(ctx, true)
	}
	if len(answer) > answerLimit || json.Unmarshal(answer, out) != nil {
		return ErrAnswer()
	}
	return nil
}

// ErrAnswer is for a 2xx whose body does not say what became of the message.
func ErrAnswer() *bot.SendError {
	return &bot.SendError{Class: bot.ClassUnknown, Code: "answer", Reason: "the platform's answer is not understood"}
}

// lost is a request without an answer. The error of net/http is not used: it
// holds the URL, and on some platforms that is a secret.
func lost(ctx context.Context, written bool) *bot.SendError {
	e := &bot.SendError{Class: bot.ClassRetry, Code: "connection", Reason: "no connection to the platform"}
	if written {
		e.Class, e.Reason = bot.ClassUnknown, "the connection was lost before the platform answered"
	}
	e.Host = true
	switch err := ctx.Err(); {
	case errors.Is(err, context.DeadlineExceeded):
		e.Code, e.Reason = "timeout", "no connection to the platform in time"
		if written {
			e.Reason = "the platform did not answer in time"
		}
	case err != nil:
		e.Code, e.Reason, e.Host = "cancelled", "the send was cancelled", false
	}
	return e
}

// graphError is the error of an answer. Only numbers are read: the words may
// quote what was sent.
type graphError struct {
	Error *struct {
		Code      Number `json:"code"`
		Subcode   Number `json:"error_subcode"`
		Transient bool   `json:"is_transient"`
	} `json:"error"`
}

// failure reports whether an answer says that the message was not taken.
func failure(resp *http.Response, answer []byte) (Failure, bool) {
	f := Failure{Status: resp.StatusCode}
	var g graphError
	// A field of another type than expected leaves the rest readable.
	err := json.Unmarshal(answer, &g)
	var mistyped *json.UnmarshalTypeError
	if (err == nil || errors.As(err, &mistyped)) && g.Error != nil && g.Error.Code.Set {
		f.Graph, f.Transient = true, g.Error.Transient
		f.Code, f.Subcode = g.Error.Code.Int(), g.Error.Subcode.Int()
	}
	f.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	return f, f.Graph || f.Status < 200 || f.Status > 299
}

// retryAfter reads the header: seconds, or a date (RFC 9110, 10.2.3). No more
// than a day is believed.
func retryAfter(v string, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if s, err := strconv.Atoi(v); err == nil {
		return time.Duration(min(max(s, 0), int(most/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return min(max(at.Sub(now), 0), most)
	}
	return 0
}

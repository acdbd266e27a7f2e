package metatest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// Request is a message that a channel sent.
type Request struct {
	N          int           // of all requests, from 1
	At         time.Time     // when it came
	Platform   meta.Platform //
	Account    string        // phone number id or page id
	To         string        // "+" and a phone, a user id, or a PSID
	ID         string        // what is echoed in statuses: biz_opaque_callback_data, metadata
	ExternalID string        // what it was given when it was accepted
	Layout     string        // "", "buttons", "list"
	Text       string        //
	Choices    []Choice      //
	Media      *bot.Media    // Kind, URL and Filename
	Template   *bot.Template //
	Wants      string        // bot.WantsLocation
	Body       []byte        // as it came
	Violation  string        // how it broke the platform's rules; empty: it did not
}

// Choice is a button, a row or a quick reply.
type Choice struct{ ID, Title string }

// ServeHTTP is the Graph API.
func (g *Graph) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if !g.begin() {
		panic(http.ErrAbortHandler)
	}
	defer g.wait.Done()
	if req.Method == http.MethodGet {
		g.probed(w, req)
		return
	}
	r := Request{At: time.Now()}
	status, code := http.StatusBadRequest, 100
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	if err == nil {
		r.Body = body
		status, code, err = g.check(req, &r)
	}
	if err != nil {
		r.Violation = req.Method + " " + req.URL.Path + ": " + err.Error()
		g.violate(r.Violation)
	}
	g.mu.Lock()
	g.requests++
	r.N = g.requests
	g.mu.Unlock()
	if g.o.Fail != nil {
		if f := g.o.Fail(r.N, r); f != nil {
			g.fail(w, req, &r, f)
			return
		}
	}
	if r.Violation != "" {
		write(w, status, graphError(code, 0, r.Violation))
		return
	}
	g.accept(&r)
	write(w, http.StatusOK, r.answer())
	g.player.play(r)
}

// check judges all but what is said: method, path, token, type.
func (g *Graph) check(req *http.Request, r *Request) (status, code int, err error) {
	status, code = http.StatusBadRequest, 100
	if req.Method != http.MethodPost {
		return status, code, fmt.Errorf("the method is not POST")
	}
	account, isMessages := strings.CutSuffix(strings.TrimPrefix(req.URL.Path, "/"+g.o.Version+"/"), "/messages")
	if account == "me" && len(g.o.Pages) > 0 {
		account = g.o.Pages[0]
	}
	switch {
	case !isMessages || !strings.HasPrefix(req.URL.Path, "/"+g.o.Version+"/"):
		return http.StatusNotFound, 100, fmt.Errorf("the path is not /%s/{account}/messages", g.o.Version)
	case req.URL.RawQuery != "":
		return status, code, fmt.Errorf("the path has a query")
	case slices.Contains(g.o.Numbers, account):
		r.Platform = meta.WhatsApp
	case slices.Contains(g.o.Pages, account):
		r.Platform = meta.Messenger
	default:
		return status, 33, fmt.Errorf("no account %q here", account)
	}
	r.Account = account
	if !g.trusts(req) {
		return http.StatusUnauthorized, 190, fmt.Errorf("the token is missing or wrong")
	}
	if req.Header.Get("Content-Type") != "application/json" {
		return status, code, fmt.Errorf("the content type is %q", req.Header.Get("Content-Type"))
	}
	if r.Platform == meta.WhatsApp {
		return status, code, checkWhatsApp(r)
	}
	return status, code, checkMessenger(r)
}

// trusts reports whether a request has the token.
func (g *Graph) trusts(req *http.Request) bool {
	token, bearer := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	return bearer && token != "" && (g.o.Token == "" || token == g.o.Token)
}

func (g *Graph) fail(w http.ResponseWriter, req *http.Request, r *Request, f *Fault) {
	if f.Accept {
		g.accept(r)
		g.player.play(*r)
	}
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-req.Context().Done():
		case <-g.ctx.Done():
		}
	}
	if f.Hang {
		select {
		case <-req.Context().Done():
		case <-g.ctx.Done():
		}
		panic(http.ErrAbortHandler)
	}
	if f.Close {
		panic(http.ErrAbortHandler)
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	switch {
	case f.Body != "":
		status := f.Status
		if status == 0 {
			status = http.StatusOK
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, f.Body)
	case f.Code != 0 || f.Subcode != 0:
		status := f.Status
		if status == 0 {
			status = http.StatusBadRequest
		}
		write(w, status, graphError(f.Code, f.Subcode, f.Message))
	case f.Status != 0:
		w.WriteHeader(f.Status)
	default: // only late
		if !f.Accept {
			g.accept(r)
			g.player.play(*r)
		}
		write(w, http.StatusOK, r.answer())
	}
}

// answer is Meta's to an accepted message.
func (r *Request) answer() any {
	type object = map[string]any
	if r.Platform == meta.Messenger {
		return object{"recipient_id": r.To, "message_id": r.ExternalID}
	}
	contact := object{"input": r.To, "user_id": r.To}
	if digits, isPhone := strings.CutPrefix(r.To, "+"); isPhone {
		contact = object{"input": r.To, "wa_id": digits}
	}
	return object{
		"messaging_product": "whatsapp",
		"contacts":          []object{contact},
		"messages":          []object{{"id": r.ExternalID, "message_status": "accepted"}},
	}
}

func graphError(code, subcode int, message string) any {
	if message == "" {
		message = "an error"
	}
	e := map[string]any{
		"message": fmt.Sprintf("(#%d) %s", code, message), "type": "OAuthException", "code": code,
		"error_data": map[string]any{"messaging_product": "whatsapp", "details": message}, "fbtrace_id": "Atrace",
	}
	if subcode != 0 {
		e["error_subcode"] = subcode
	}
	return map[string]any{"error": e}
}

func write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

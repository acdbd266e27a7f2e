package webchat

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"frontdesk/adapters/page"
	"frontdesk/bot"
)

// pageView is what the page shows.
type pageView struct {
	Business, Initial string
	Lines             []line
	Started           bool
	Next              uint64
	Notice            string
	Text              string // typed and not sent
	ID                string // for the next message without JavaScript
	Max               int
}

func (ch *Channel) show(w http.ResponseWriter, r *http.Request) {
	ch.render(w, r, ch.welcome(w, r), http.StatusOK, "", "")
}

// messages answers with what was said after a message, as JSON.
func (ch *Channel) messages(w http.ResponseWriter, r *http.Request) {
	after, err := strconv.ParseUint(r.URL.Query().Get("after"), 10, 64)
	if err != nil && r.URL.Query().Get("after") != "" {
		writeJSON(w, http.StatusBadRequest, problem{"after must be a number"})
		return
	}
	conversation, err := ch.conversation(r.Context(), known(r))
	if err != nil {
		ch.answerJSON(w, r, err)
		return
	}
	t, err := ch.talk(r.Context(), conversation, after)
	if err != nil {
		ch.answerJSON(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, t)
}

// events tells the page when to ask again. Without a conversation there is
// nothing to tell: 204 keeps the browser from trying again by itself.
func (ch *Channel) events(w http.ResponseWriter, r *http.Request) {
	conversation, err := ch.conversation(r.Context(), known(r))
	if err != nil {
		ch.answerJSON(w, r, err)
		return
	}
	if conversation == "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	leave, ok := ch.streams.Hold(w, ch.Client(r))
	if !ok {
		return
	}
	defer leave()
	hints, end := ch.Hub.Subscribe(conversation)
	defer end()
	page.Stream{Hints: hints, Done: ch.Done, Data: func(bot.Hint) string { return "{}" }}.Serve(w, r)
}

// answer tells the page what came of a message: as JSON when it was sent so,
// else as a redirect or as the page with the reason and the text.
func (ch *Channel) answer(w http.ResponseWriter, r *http.Request, p posted, err error) {
	if !wantsPage(r) {
		ch.answerJSON(w, r, err)
		return
	}
	if err == nil {
		http.Redirect(w, r, "/chat#end", http.StatusSeeOther)
		return
	}
	status, text := ch.explain(w, r, err)
	ch.render(w, r, known(r), status, text, p.Text)
}

func (ch *Channel) answerJSON(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		writeJSON(w, http.StatusOK, struct{}{})
		return
	}
	status, text := ch.explain(w, r, err)
	writeJSON(w, status, problem{text})
}

// problem is the JSON answer of whatever did not work, in words for the customer.
type problem struct {
	Error string `json:"error"`
}

// explain turns an error into an HTTP status and words for the customer. It is
// the only place that does; what is ours is logged and told in no detail.
func (ch *Channel) explain(w http.ResponseWriter, r *http.Request, err error) (int, string) {
	if fast, ok := errors.AsType[*tooFastError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(page.Seconds(fast.wait)))
		return http.StatusTooManyRequests, fast.Error()
	}
	if long, ok := errors.AsType[*longError](err); ok {
		return http.StatusUnprocessableEntity, long.Error()
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge, "This is far too long to be sent. Please send it in parts."
	}
	switch {
	case errors.Is(err, errNotUnderstood):
		return http.StatusBadRequest, errNotUnderstood.Error()
	case errors.Is(err, errNobody):
		return http.StatusForbidden, errNobody.Error()
	case errors.Is(err, errEmpty), errors.Is(err, errNoChoice):
		return http.StatusUnprocessableEntity, err.Error()
	case errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable, "The connection was lost."
	default:
		ch.Log.ErrorContext(r.Context(), "the web chat could not serve a request", "channel", ch.Config.Name,
			"path", r.URL.Path, "error", err)
		w.Header().Set("Retry-After", "5")
		return http.StatusServiceUnavailable, "Something went wrong here. Your text is kept; try again in a moment."
	}
}

// wantsPage reports whether a message came from a form, so from a page without JavaScript.
func wantsPage(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

func (ch *Channel) render(w http.ResponseWriter, r *http.Request, v visitor, status int, notice, text string) {
	conversation, err := ch.conversation(r.Context(), v)
	var t talk
	if err == nil {
		t, err = ch.talk(r.Context(), conversation, 0)
	}
	if err != nil {
		// The page itself still works, and its module asks again.
		status, notice = ch.explain(w, r, err)
	}
	business := ch.Business()
	var b bytes.Buffer
	err = ch.page.Execute(&b, pageView{
		Business: business, Initial: initial(business), Lines: arrange(t.Messages), Started: t.Started, Next: t.Next,
		Notice: notice, Text: text, ID: newID(), Max: textMax,
	})
	if err != nil {
		ch.Log.ErrorContext(r.Context(), "a page could not be made", "channel", ch.Config.Name, "error", err)
		http.Error(w, "Something went wrong here.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the browser may be gone
}

// arrange adds the lines of days, in UTC as the visitor's zone is only known to
// the page's module, and marks the choices that something was said after.
func arrange(lines []line) []line {
	day := ""
	for i := range lines {
		l := &lines[i]
		if d := l.At.Format("2 January 2006"); d != day {
			l.Day, day = d, d
		}
		l.Old = i < len(lines)-1
		if len(l.Choices) > 0 {
			l.Nonce = newID()
		}
	}
	return lines
}

func initial(business string) string {
	for _, r := range business {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return strings.ToUpper(string(r))
		}
	}
	return ""
}

// newID is a random UUID, as the page's module makes them.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "Something went wrong here.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the browser may be gone
}

package load

import (
	"encoding/json"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// graph is the Graph API to which the program sends its answers.
type graph struct {
	run      run
	begun    time.Time
	trouble  Trouble
	channels map[string]int // by phone_number_id
	ledger   *ledger
	answers  *meter // from the moment a message was due to the first request with its answer
	counts   *counts
	teller   *teller
	requests atomic.Int64
	accepted atomic.Int64
}

// mostRead bounds a request; the program's are below 1 KB.
const mostRead = 64 << 10

// request is what is read of a send.
type request struct {
	To        string `json:"to"`
	Recipient string `json:"recipient"`
	Type      string `json:"type"`
	Text      struct {
		Body string `json:"body"`
	} `json:"text"`
	Callback string `json:"biz_opaque_callback_data"`
}

// ServeHTTP answers POST /{version}/{phone number id}/messages, and GET
// /{version}/{phone number id}, with which a program asks whether we are there.
func (g *graph) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := path.Base(r.URL.Path)
	if _, known := g.channels[id]; known && r.Method == http.MethodGet {
		write(w, http.StatusOK, []byte(`{"id":"`+id+`"}`))
		return
	}
	g.send(w, r)
}

func (g *graph) send(w http.ResponseWriter, r *http.Request) {
	now, n := time.Since(g.begun), int(g.requests.Add(1))
	g.counts.onGraph(func(c *GraphCounts) { c.Requests++ })
	var q request
	body, err := io.ReadAll(io.LimitReader(r.Body, mostRead))
	channel, known := g.channel(r)
	if err != nil || !known || json.Unmarshal(body, &q) != nil {
		g.counts.onGraph(func(c *GraphCounts) { c.Wrong++ })
		refuse(w, fault{http.StatusBadRequest, 100})
		return
	}
	to, ours := g.run.sender(q.recipient())
	s, tells := parseAnswer(q.Text.Body)
	if ours && tells && s.sender == to {
		if due, first := g.ledger.ask(s); first {
			g.answers.record(now - due)
		}
	}
	if f, failed := g.trouble.meets(n); failed {
		g.counts.onGraph(func(c *GraphCounts) { c.Failed++ })
		refuse(w, f)
		return
	}
	if !g.hold(r, now, s, tells) {
		panic(http.ErrAbortHandler) // nobody is there to answer
	}
	id := g.id()
	if ours { // before the answer counts: a run ends when all is answered and told
		g.teller.accepted(channel, told{id: id, callback: q.Callback, sender: to})
	}
	switch {
	case !ours: // what a run before this one left behind
	case !tells:
		g.ledger.unheard()
	default:
		g.ledger.accept(s, to)
	}
	g.counts.onGraph(func(c *GraphCounts) { c.Accepted++ })
	accept(w, q.recipient(), id)
	if r.Context().Err() != nil { // it left while it was answered
		g.ledger.doubt(s)
	}
}

func (q *request) recipient() string { return q.To + q.Recipient }

// channel tells to which number a request belongs.
func (g *graph) channel(r *http.Request) (int, bool) {
	number, isMessages := strings.CutSuffix(r.URL.Path, "/messages")
	channel, known := g.channels[path.Base(number)]
	return channel, known && isMessages && r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// hold keeps a request waiting as the trouble says, and reports whether the
// program is still there. One that left cannot know that nothing was accepted.
func (g *graph) hold(r *http.Request, now time.Duration, s slot, tells bool) bool {
	held := g.trouble.held(now)
	if held > 0 {
		g.counts.onGraph(func(c *GraphCounts) { c.Held++ })
	}
	if wait(r.Context(), held+g.trouble.Delay) {
		return true
	}
	g.counts.onGraph(func(c *GraphCounts) { c.Deserted++ })
	if tells {
		g.ledger.doubt(s)
	}
	return false
}

// id is the platform's for the next accepted message.
func (g *graph) id() string {
	b := append([]byte("wamid.OUT"), g.run...)
	b = append(b, '.')
	return string(strconv.AppendInt(b, g.accepted.Add(1), 10))
}

func accept(w http.ResponseWriter, recipient, id string) {
	b := make([]byte, 0, 256)
	b = append(b, `{"messaging_product":"whatsapp","contacts":[{"input":`...)
	b = strconv.AppendQuote(b, recipient)
	if digits, isPhone := strings.CutPrefix(recipient, "+"); isPhone {
		b = append(b, `,"wa_id":`...)
		recipient = digits
	} else {
		b = append(b, `,"user_id":`...)
	}
	b = strconv.AppendQuote(b, recipient)
	b = append(b, `}],"messages":[{"id":"`...)
	b = append(b, id...)
	b = append(b, `","message_status":"accepted"}]}`...)
	write(w, http.StatusOK, b)
}

func refuse(w http.ResponseWriter, f fault) {
	b := []byte(`{"error":{"message":"(#`)
	b = strconv.AppendInt(b, int64(f.code), 10)
	b = append(b, `) played by frontdesk load","type":"OAuthException","code":`...)
	b = strconv.AppendInt(b, int64(f.code), 10)
	write(w, f.status, append(b, `,"fbtrace_id":"Aload"}}`...))
}

func write(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h["Content-Type"] = []string{"application/json; charset=UTF-8"}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // JSON for a program, which no browser reads; one that left does not read it either
}

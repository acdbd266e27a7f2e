package webchat

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"frontdesk/adapters/page"
	"frontdesk/bot"
)

// settleWithin is how long the answer to a form waits for the bot's, so that a
// page without JavaScript shows both.
const settleWithin = 1500 * time.Millisecond

// posted is what the page sends: words, a choice of one of our messages, or a place.
type posted struct {
	ID      string `json:"id"`      // made by the page, the same when it tries again
	Text    string `json:"text"`    //
	Choice  string `json:"choice"`  // Choice.ID
	Message uint64 `json:"message"` // Message.Seq of the message with the choice
	Place   *place `json:"place"`   // nil: none. Only the page's module can send one
}

// refusal is why a message is not taken: a sentence for the customer.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errNotUnderstood refusal = "This page is out of date. Load it again, then send once more."
	errEmpty         refusal = "Write something first."
	errNoChoice      refusal = "This answer cannot be chosen any more. Write a message instead."
	errNobody        refusal = "This chat needs a cookie to find you again. Allow it for this page and send once more."
)

// longError says that a text does not fit.
type longError struct{ length int }

func (e *longError) Error() string {
	return fmt.Sprintf("Your message has %d characters; %d fit. Please shorten it or send it in parts.", e.length, textMax)
}

// idShape is a UUID of any kind.
var idShape = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// decode reads a posted message, as JSON or as a form. With an error the text is
// given back as far as it was understood, so that nothing typed is lost.
func decode(contentType string, body []byte) (posted, error) {
	var p posted
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return p, errNotUnderstood
	}
	switch kind {
	case "application/json":
		if err := json.Unmarshal(body, &p); err != nil {
			return posted{}, errNotUnderstood
		}
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return p, errNotUnderstood
		}
		p = posted{ID: form.Get("id"), Text: form.Get("text"), Choice: form.Get("choice")}
		if m := form.Get("message"); m != "" {
			if p.Message, err = strconv.ParseUint(m, 10, 64); err != nil {
				return p, errNotUnderstood
			}
		}
	default:
		return p, errNotUnderstood
	}
	return p, p.tidy()
}

// tidy makes the text what is stored, and checks the rest.
func (p *posted) tidy() error {
	p.Text = strings.ReplaceAll(strings.ToValidUTF8(p.Text, "\uFFFD"), "\r\n", "\n")
	p.Text = strings.TrimSpace(strings.ReplaceAll(p.Text, "\x00", ""))
	if !idShape.MatchString(p.ID) || p.Choice != "" && p.Message == 0 {
		return errNotUnderstood
	}
	if p.Place != nil && (p.Choice != "" || !p.Place.onEarth()) {
		return errNotUnderstood
	}
	if p.Choice != "" || p.Place != nil {
		return nil
	}
	if p.Text == "" {
		return errEmpty
	}
	n := 0
	for _, r := range p.Text {
		n += max(1, utf16.RuneLen(r))
	}
	if n > textMax {
		return &longError{length: n}
	}
	return nil
}

// post takes a message. It is answered after it is durable.
func (ch *Channel) post(w http.ResponseWriter, r *http.Request) {
	p, err := ch.read(w, r)
	if err == nil {
		err = ch.take(w, r, p)
	}
	ch.answer(w, r, p, err)
}

func (ch *Channel) read(w http.ResponseWriter, r *http.Request) (posted, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		return posted{}, err
	}
	return decode(r.Header.Get("Content-Type"), body)
}

// take hands a message to the engine, unless there are too many.
func (ch *Channel) take(w http.ResponseWriter, r *http.Request, p posted) error {
	v := known(r)
	if v == "" {
		ch.welcome(w, r)
		return errNobody
	}
	now := time.Now()
	if wait, ok := ch.byAddress.Take(ch.Client(r), now); !ok {
		return &tooFastError{wait}
	}
	if wait, ok := ch.byVisitor.Take(string(v), now); !ok {
		return &tooFastError{wait}
	}
	message, err := ch.message(r.Context(), v, p, now)
	if err != nil {
		return err
	}
	err = ch.Handle(r.Context(), bot.Batch{Messages: []bot.Inbound{{
		Channel: ch.Config.Name, Event: message.ExternalID, From: []bot.Alias{v.alias(ch.Config.Name)},
		Language: language(r.Header.Get("Accept-Language")), Message: message,
	}}})
	if err == nil && wantsPage(r) {
		ch.settle(r.Context(), v)
	}
	return err
}

// message is what was posted as the engine takes it. The title of a choice is
// read from our own message, never from the page.
func (ch *Channel) message(ctx context.Context, v visitor, p posted, now time.Time) (bot.Message, error) {
	m := bot.Message{Kind: bot.KindText, Text: p.Text}
	if p.Place != nil {
		m = p.Place.message()
	}
	m.ExternalID, m.At = v.event(p.ID), now.UTC()
	if p.Choice == "" {
		return m, nil
	}
	conversation, err := ch.conversation(ctx, v)
	if err != nil {
		return m, err
	}
	if conversation == "" {
		return m, errNoChoice
	}
	// The very first message has none before it, and after 0 means the newest
	// ones: it is found while the page shows it.
	limit := 1
	if p.Message == 1 {
		limit = linesMax
	}
	messages, err := ch.Store.Transcript(ctx, conversation, p.Message-1, limit)
	if err != nil {
		return m, err
	}
	for _, sent := range messages {
		if sent.Seq != p.Message || !visible(sent) {
			continue
		}
		for _, choice := range sent.Choices {
			if choice.ID == p.Choice {
				m.Kind, m.ChoiceID, m.Text = bot.KindChoice, choice.ID, choice.Title
				return m, nil
			}
		}
	}
	return m, errNoChoice
}

// settle waits until nothing is about to be sent to the visitor any more, but
// not for long: a page without JavaScript is read once.
func (ch *Channel) settle(ctx context.Context, v visitor) {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	conversation, err := ch.conversation(ctx, v)
	if err != nil || conversation == "" {
		return
	}
	hints, end := ch.Hub.Subscribe(conversation)
	defer end()
	for {
		if t, err := ch.talk(ctx, conversation, 0); err != nil || !t.Waiting {
			return
		}
		select {
		case _, open := <-hints:
			if !open {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// tooFastError says how long a visitor who wrote too much must wait.
type tooFastError struct{ wait time.Duration }

func (e *tooFastError) Error() string {
	return fmt.Sprintf("That was a lot at once. Wait %d s, then send it again: your text is still here.", page.Seconds(e.wait))
}

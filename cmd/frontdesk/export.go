package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// export is everything that is kept of a contact, as it is handed out.
type export struct {
	Contact       exportedContact        `json:"contact"`
	Conversations []exportedConversation `json:"conversations"`
	Events        []exportedEvent        `json:"events"` // of the platform
}

type exportedContact struct {
	ID       string      `json:"id"`
	Name     string      `json:"name,omitempty"`
	Language string      `json:"language,omitempty"`
	Aliases  []bot.Alias `json:"aliases"`
	Since    time.Time   `json:"since,omitzero"`
}

type exportedConversation struct {
	ID            string            `json:"id"`
	Channel       string            `json:"channel"`
	Status        string            `json:"status"`
	Since         time.Time         `json:"since,omitzero"`
	ChangedAt     time.Time         `json:"changed_at,omitzero"`
	State         string            `json:"state,omitempty"` // of the flow, e.g. "main.order"
	Language      string            `json:"language,omitempty"`
	Variables     map[string]any    `json:"variables,omitempty"`
	NotUnderstood []string          `json:"not_understood,omitempty"`
	Misses        []missRow         `json:"misses,omitempty"`      // what the common answers did not understand
	Unanswered    []string          `json:"unanswered,omitempty"`  // texts in quick fire
	Call          *exportedCall     `json:"call,omitempty"`        // to a system of the business, under way
	Waiting       []uint64          `json:"waiting,omitempty"`     // numbers of the messages in the outbox
	OfferedFor    string            `json:"offered_for,omitempty"` // words of which it was not certain what they ask
	Offered       []string          `json:"offered,omitempty"`     // the answers that could be chosen then
	Labels        []string          `json:"labels,omitempty"`
	Messages      []exportedMessage `json:"messages"`
	Tickets       []exportedTicket  `json:"tickets"`
}

type exportedMessage struct {
	Number     uint64        `json:"number"`
	At         time.Time     `json:"at,omitzero"`
	Author     string        `json:"author"`
	Agent      string        `json:"agent,omitempty"`
	Kind       string        `json:"kind,omitempty"`
	Text       string        `json:"text,omitempty"`
	ChoiceID   string        `json:"choice_id,omitempty"`
	Choices    []bot.Choice  `json:"choices,omitempty"`
	Media      *bot.Media    `json:"media,omitempty"`
	Template   *bot.Template `json:"template,omitempty"`
	Location   *bot.Location `json:"location,omitempty"`
	ExternalID string        `json:"external_id,omitempty"` // the platform's
	State      string        `json:"state,omitempty"`
	StateAt    time.Time     `json:"state_at,omitzero"`
	Code       string        `json:"code,omitempty"`
	Reason     string        `json:"reason,omitempty"`
	Start      string        `json:"start,omitempty"` // how the customer came
	Cost       *exportedCost `json:"cost,omitempty"`
}

// exportedCost is what a message cost the business.
type exportedCost struct {
	Market    string     `json:"market,omitempty"`
	Category  string     `json:"category,omitempty"`
	Flow      string     `json:"flow,omitempty"`
	Queue     string     `json:"queue,omitempty"`
	Predicted string     `json:"predicted"` // "free", "unknown", or an amount
	Because   string     `json:"because,omitempty"`
	Reported  *toldPrice `json:"reported,omitempty"`
	Actual    string     `json:"actual,omitempty"`
}

type exportedTicket struct {
	ID           string    `json:"id"`
	Queue        string    `json:"queue,omitempty"`
	Reason       string    `json:"reason,omitempty"`
	Note         string    `json:"note,omitempty"`
	Words        []string  `json:"words,omitempty"`
	Labels       []string  `json:"labels,omitempty"`
	Priority     string    `json:"priority,omitempty"`     // empty: normal
	SnoozedUntil time.Time `json:"snoozed_until,omitzero"` // while it is snoozed until a moment
	Agent        string    `json:"agent,omitempty"`
	OpenedAt     time.Time `json:"opened_at,omitzero"`
	ClaimedAt    time.Time `json:"claimed_at,omitzero"`
	FirstReplyAt time.Time `json:"first_reply_at,omitzero"`
	ClosedAt     time.Time `json:"closed_at,omitzero"`
}

type exportedEvent struct {
	Channel string          `json:"channel"`
	Kind    string          `json:"kind,omitempty"`
	At      time.Time       `json:"at,omitzero"`
	Body    json.RawMessage `json:"body,omitempty"`
}

type exportedCall struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

func contactOf(c bot.Contact) exportedContact {
	return exportedContact{ID: c.ID, Name: c.Name, Language: c.Language, Aliases: append([]bot.Alias{}, c.Aliases...), Since: c.CreatedAt}
}

func exportOf(p bot.Person) export {
	out := export{Contact: contactOf(p.Contact), Conversations: []exportedConversation{}, Events: []exportedEvent{}}
	for _, h := range p.Conversations {
		out.Conversations = append(out.Conversations, historyOf(h))
	}
	for _, e := range p.Events {
		out.Events = append(out.Events, exportedEvent{Channel: e.Channel, Kind: e.Kind, At: e.At, Body: asJSONText(e.Body)})
	}
	return out
}

// asJSONText is a body as it is kept, or as a text when it is no JSON.
func asJSONText(body []byte) json.RawMessage {
	if len(body) == 0 || json.Valid(body) {
		return body
	}
	quoted, _ := json.Marshal(string(body)) // a text always can be written
	return quoted
}

func historyOf(h bot.History) exportedConversation {
	c := h.Conversation
	out := exportedConversation{
		ID: c.ID, Channel: c.Channel, Status: string(c.Status), Since: c.CreatedAt, ChangedAt: c.UpdatedAt,
		Language: c.Flow.Language, Variables: c.Flow.Vars, NotUnderstood: c.Flow.Missed, Unanswered: c.Gathered, Labels: c.Labels,
		OfferedFor: c.Flow.Offer.Words, Offered: c.Flow.Offer.Answers,
		Messages: []exportedMessage{}, Tickets: []exportedTicket{}, Misses: missRows(h.Misses),
	}
	if c.Flow.Begun() {
		out.State = c.Flow.Place().String()
	}
	if c.Call != nil {
		r := c.Call.Request
		out.Call = &exportedCall{Method: r.Method, URL: r.URL, Headers: r.Headers, Body: asJSONText(r.Body)}
	}
	for _, m := range h.Messages {
		out.Messages = append(out.Messages, messageOf(m))
	}
	for _, t := range h.Tickets {
		out.Tickets = append(out.Tickets, ticketOf(t))
	}
	for _, d := range h.Deliveries {
		out.Waiting = append(out.Waiting, d.Seq)
	}
	return out
}

func messageOf(m bot.Message) exportedMessage {
	out := exportedMessage{
		Number: m.Seq, At: m.At, Author: string(m.Author), Agent: m.Agent, Kind: string(m.Kind), Text: m.Text, ChoiceID: m.ChoiceID,
		Choices: m.Choices, Media: m.Media, Template: m.Template, Location: m.Location, ExternalID: m.ExternalID,
		State: string(m.State), StateAt: m.StateAt, Code: m.Code, Reason: m.Reason, Start: string(m.Start),
	}
	if r := costRowOf(m.Charge("")); m.Cost.Kept() {
		out.Cost = &exportedCost{r.Market, r.Category, r.Flow, r.Queue, r.Predicted, r.Because, r.Reported, r.Actual}
	}
	return out
}

func ticketOf(t handoff.Ticket) exportedTicket {
	out := exportedTicket{
		ID: t.ID, Queue: t.Queue, Reason: t.Reason, Note: t.Note, Words: t.Words, Labels: t.Labels, Agent: t.Agent,
		OpenedAt: t.OpenedAt, ClaimedAt: t.ClaimedAt, FirstReplyAt: t.FirstReplyAt, ClosedAt: t.ClosedAt, SnoozedUntil: t.WakeAt,
	}
	if t.Priority != handoff.Normal {
		out.Priority = t.Priority.String()
	}
	return out
}

// print writes p as JSON, or as a transcript that a person reads.
func (p export) print(w io.Writer, text bool) error {
	if !text {
		return indented(w, p)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", p.Contact.line())
	for _, c := range p.Conversations {
		c.print(&b)
	}
	if n := len(p.Events); n > 0 {
		fmt.Fprintf(&b, "\n%s of the platform; the JSON form holds them\n", counted(n, "event"))
	}
	_, err := w.Write(b.Bytes())
	return err
}

// line tells who a contact is in one line.
func (c exportedContact) line() string {
	words := []string{"contact " + c.ID}
	if c.Name != "" {
		words = append(words, c.Name)
	}
	for _, a := range c.Aliases {
		words = append(words, fmt.Sprintf("%s %s %s", a.Channel, a.Kind, a.Value))
	}
	return strings.Join(words, ", ")
}

func (c exportedConversation) print(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%s, conversation %s\n", c.Channel, c.ID)
	for _, m := range c.Messages {
		who := m.Author
		if m.Agent != "" {
			who += " " + m.Agent
		}
		said := m.Text
		if said == "" || m.Media != nil || m.Location != nil {
			said = strings.TrimSpace("[" + m.Kind + "] " + said)
		}
		fmt.Fprintf(b, "%s  %s: %s\n", m.At.UTC().Format("2006-01-02 15:04"), who, strings.ReplaceAll(said, "\n", "\n                  "))
	}
	for _, t := range c.Tickets {
		fmt.Fprintf(b, "%s  ticket %s: %s\n", t.OpenedAt.UTC().Format("2006-01-02 15:04"), t.ID, strings.Join(nonEmpty(t.Queue, t.Reason, t.Note), ", "))
	}
}

func nonEmpty(words ...string) (list []string) {
	for _, w := range words {
		if w != "" {
			list = append(list, w)
		}
	}
	return list
}

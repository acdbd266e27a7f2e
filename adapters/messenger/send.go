package messenger

import (
	"context"
	"slices"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// kindPSID is the kind of alias: a person's id for this page alone.
const kindPSID = "psid"

// The body of POST /{version}/{page id}/messages (Meta, Messenger send API, 2026-05-05).
type (
	request struct {
		Recipient     person   `json:"recipient"`
		MessagingType string   `json:"messaging_type"`
		Tag           string   `json:"tag,omitempty"`
		Message       outgoing `json:"message"`
	}
	person struct {
		ID string `json:"id"`
	}
	outgoing struct {
		Text         string       `json:"text,omitempty"` // or an attachment, never both
		Attachment   *attached    `json:"attachment,omitempty"`
		Metadata     string       `json:"metadata"` // the echo repeats it
		QuickReplies []quickReply `json:"quick_replies,omitempty"`
	}
	attached struct {
		Type    string  `json:"type"`
		Payload payload `json:"payload"`
	}
	payload struct {
		URL      string `json:"url"`
		Reusable bool   `json:"is_reusable"` // Meta keeps it for the next time
	}
	quickReply struct {
		ContentType string `json:"content_type"`
		Title       string `json:"title"`
		Payload     string `json:"payload"`
	}
)

type answer struct {
	MessageID string `json:"message_id"`
}

// Send hands a message to Messenger, as a RESPONSE: the window is open, which
// the caller has checked; or with its tag, which only a person's own words can
// have. The platform's echo repeats the message's id, and so tells of a message
// whose answer was lost.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (bot.Sent, error) {
	i := slices.IndexFunc(o.To, func(a bot.Alias) bool { return a.Kind == kindPSID && a.Value != "" })
	if i < 0 {
		return bot.Sent{}, &bot.SendError{Class: bot.ClassFail, Code: "recipient", Reason: "the person's id on this page is not known"}
	}
	var a answer
	if err := c.graph.Post(ctx, c.config.PageID+"/messages", render(o, o.To[i].Value), &a); err != nil {
		return bot.Sent{}, err
	}
	if meta.ID(a.MessageID) == "" {
		return bot.Sent{}, meta.ErrAnswer()
	}
	return bot.Sent{ExternalID: a.MessageID}, nil
}

// render writes a message as carry.Fit made it: a file has no text beside it.
func render(o bot.Outgoing, psid string) request {
	m := o.Message
	r := request{
		Recipient:     person{psid},
		MessagingType: "RESPONSE",
		Message:       outgoing{Text: m.Text, Metadata: m.ID()},
	}
	if tag := o.Tag.Name(); tag != "" {
		r.MessagingType, r.Tag = "MESSAGE_TAG", tag
	}
	if m.Media != nil {
		r.Message.Attachment = attach(m.Media)
	}
	if m.Layout == bot.LayoutPlain {
		return r
	}
	for _, choice := range m.Choices {
		r.Message.QuickReplies = append(r.Message.QuickReplies, quickReply{ContentType: "text", Title: choice.Title, Payload: choice.ID})
	}
	return r
}

// attach names a file by its address.
func attach(m *bot.Media) *attached {
	kind := m.Kind
	if bot.Kind(kind) == bot.KindDocument {
		kind = "file"
	}
	return &attached{Type: kind, Payload: payload{URL: m.URL, Reusable: true}}
}

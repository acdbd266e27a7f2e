package whatsapp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// The bodies of POST /{version}/{phone number id}/messages (Meta, OpenAPI
// document, 2025-11-21).
type (
	request struct {
		Product       string       `json:"messaging_product"`
		RecipientType string       `json:"recipient_type"`
		To            string       `json:"to,omitempty"`        // a phone with + and country code
		Recipient     string       `json:"recipient,omitempty"` // or a BSUID
		Type          string       `json:"type"`
		Text          *text        `json:"text,omitempty"`
		Interactive   *interactive `json:"interactive,omitempty"`
		Callback      string       `json:"biz_opaque_callback_data"`
	}
	text struct {
		Body       string `json:"body"`
		PreviewURL bool   `json:"preview_url,omitempty"`
	}
	interactive struct {
		Type   string `json:"type"`
		Body   body   `json:"body"`
		Action action `json:"action"`
	}
	body struct {
		Text string `json:"text"`
	}
	action struct {
		Buttons  []button  `json:"buttons,omitempty"`
		Button   string    `json:"button,omitempty"`
		Sections []section `json:"sections,omitempty"`
	}
	button struct {
		Type  string     `json:"type"`
		Reply bot.Choice `json:"reply"`
	}
	section struct {
		Rows []bot.Choice `json:"rows"`
	}
)

type answer struct {
	Messages []struct {
		ID string `json:"id"`
	} `json:"messages"`
	Contacts []struct {
		WaID   string `json:"wa_id"`
		UserID string `json:"user_id"`
	} `json:"contacts"`
}

// Send hands a message to WhatsApp. Acceptance is not delivery: that is told by
// a status, which repeats the message's id (biz_opaque_callback_data).
//
// It is sent to the first of o.To that WhatsApp can send to. Decode puts the
// business-scoped user id first, and so should the caller: it names one person,
// while a phone number may be unknown, may have moved to somebody else, or may
// differ from wa_id. A kind of message that needs the number (131062) is sent to
// it at once, as the refusal is known.
func (c *Channel) Send(ctx context.Context, o bot.Outgoing) (bot.Sent, error) {
	to := recipients(o.To)
	if len(to) == 0 {
		return bot.Sent{}, &bot.SendError{Class: bot.ClassFail, Code: "recipient", Reason: "neither a user id nor a phone number is known"}
	}
	sent, err := c.post(ctx, o, to[0])
	var refused *bot.SendError
	if errors.As(err, &refused) && refused.Code == "131062" && to[0].Kind == kindUser {
		if i := slices.IndexFunc(to, func(a bot.Alias) bool { return a.Kind == kindPhone }); i > 0 {
			return c.post(ctx, o, to[i])
		}
	}
	return sent, err
}

func (c *Channel) post(ctx context.Context, o bot.Outgoing, to bot.Alias) (bot.Sent, error) {
	r := c.render(o.Message)
	if to.Kind == kindPhone {
		// Without + Meta puts the business's own country code before it (Meta,
		// send-messages, 2025-11-04).
		r.To = "+" + to.Value
	} else {
		r.Recipient = to.Value
	}
	var a answer
	if err := c.graph.Post(ctx, c.config.PhoneNumberID+"/messages", r, &a); err != nil {
		return bot.Sent{}, err
	}
	if len(a.Messages) == 0 || meta.ID(a.Messages[0].ID) == "" {
		return bot.Sent{}, meta.ErrAnswer()
	}
	sent := bot.Sent{ExternalID: a.Messages[0].ID}
	if len(a.Contacts) > 0 {
		told := aliases(c.config.Name, a.Contacts[0].UserID, a.Contacts[0].WaID)
		sent.Aliases = slices.DeleteFunc(told, func(t bot.Alias) bool { return slices.Contains(o.To, t) })
	}
	return sent, nil
}

func (c *Channel) render(m bot.Message) request {
	r := request{Product: "whatsapp", RecipientType: "individual", Type: "interactive", Callback: m.ID()}
	switch {
	case m.Layout == bot.LayoutButtons && len(m.Choices) > 0:
		r.Interactive = &interactive{Type: "button", Body: body{m.Text}}
		for _, choice := range m.Choices {
			r.Interactive.Action.Buttons = append(r.Interactive.Action.Buttons, button{Type: "reply", Reply: choice})
		}
	case m.Layout == bot.LayoutList && len(m.Choices) > 0:
		// A section needs a title only where there are several.
		r.Interactive = &interactive{Type: "list", Body: body{m.Text}, Action: action{
			Button: c.config.ListButton, Sections: []section{{Rows: m.Choices}},
		}}
	default:
		r.Type = "text"
		r.Text = &text{Body: m.Text, PreviewURL: strings.Contains(m.Text, "https://") || strings.Contains(m.Text, "http://")}
	}
	return r
}

// recipients are the aliases that can be sent to, in their order. The variant of
// a user id across portfolios (GB.ENT.…) is not sendable (Meta, business-scoped
// user ids, 2026-02).
func recipients(to []bot.Alias) []bot.Alias {
	return slices.DeleteFunc(slices.Clone(to), func(a bot.Alias) bool {
		switch a.Kind {
		case kindPhone:
			return a.Value == ""
		case kindUser:
			_, rest, _ := strings.Cut(a.Value, ".")
			return a.Value == "" || strings.HasPrefix(rest, "ENT.")
		default:
			return true
		}
	})
}

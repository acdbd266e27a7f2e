package whatsapp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
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

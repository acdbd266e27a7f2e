package whatsapp

import (
	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// status is an element of statuses[] (Meta, status webhooks, 2025-11-20).
type status struct {
	ID            string      `json:"id"`
	Status        string      `json:"status"`
	Timestamp     meta.Number `json:"timestamp"`
	RecipientType string      `json:"recipient_type"`
	RecipientID   string      `json:"recipient_id"`
	RecipientUser string      `json:"recipient_user_id"`
	Callback      string      `json:"biz_opaque_callback_data"`
	Errors        []struct {
		Code meta.Number `json:"code"`
	} `json:"errors"`
	Pricing *pricing `json:"pricing"`
}

// pricing is what a status tells of its message's price, in the platform's own
// words. Billable will be removed (Meta, 2026-09-14): then only the type regular
// tells that something is charged.
type pricing struct {
	Billable *bool  `json:"billable"`
	Model    string `json:"pricing_model"`
	Type     string `json:"type"`
	Category string `json:"category"`
}

// price is nil when the platform tells nothing.
func (s *status) price() *bot.Pricing {
	p := s.Pricing
	if p == nil || *p == (pricing{}) {
		return nil
	}
	billable := p.Type == "regular"
	if p.Billable != nil {
		billable = *p.Billable
	}
	return &bot.Pricing{
		Category: meta.Clip(p.Category, kindLimit), Type: meta.Clip(p.Type, kindLimit), Model: meta.Clip(p.Model, kindLimit), Billable: billable,
	}
}

// state maps the platform's words. "played" is the first play of a voice note.
// Words to come are no state.
func (s *status) state() (bot.MessageState, bool) {
	switch s.Status {
	case "sent":
		return bot.StateSent, true
	case "delivered":
		return bot.StateDelivered, true
	case "read", "played":
		return bot.StateRead, true
	case "failed":
		return bot.StateFailed, true
	default:
		return "", false
	}
}

// receipt gives what the engine takes. What it cannot take is to be kept as an
// event of the kind odd. Another program may send from the same number, so what
// the platform echoes is only believed to be ours when it has the shape of our ids.
func (s *status) receipt(channel string) (r bot.Receipt, odd string) {
	at, timed := s.Timestamp.Time()
	r = bot.Receipt{Channel: channel, ExternalID: meta.ID(s.ID), At: at, Pricing: s.price()}
	if _, _, err := bot.ParseMessageID(s.Callback); err == nil && meta.ID(s.Callback) != "" {
		r.Message = s.Callback
	} else {
		r.From = aliases(channel, s.RecipientUser, s.RecipientID)
	}
	var known bool
	r.State, known = s.state()
	switch {
	case s.RecipientType == "group":
		return r, "group"
	case s.Status != "" && !known:
		return r, "status"
	case !known || !timed || r.ExternalID == "" && r.Message == "":
		return r, "malformed"
	}
	if r.State == bot.StateFailed {
		r.Reason = "the platform does not say why"
	}
	if r.State == bot.StateFailed && len(s.Errors) > 0 && s.Errors[0].Code.Set {
		why := meta.Classify(meta.WhatsApp, meta.Failure{Graph: true, Code: s.Errors[0].Code.Int()})
		r.Code, r.Reason, r.Shut, r.OptedOut, r.Class = why.Code, why.Reason, why.Shut, why.OptedOut, why.Class
	}
	return r, ""
}

// status decodes one status.
func (d *decoder) status(channel string, raw []byte) {
	var s status
	_, err := meta.Fill(raw, &s)
	r, odd := s.receipt(channel)
	if err != nil {
		odd = "malformed"
	}
	if odd != "" {
		d.event(channel, odd, r.At, raw)
		return
	}
	d.batch.Receipts = append(d.batch.Receipts, r)
}

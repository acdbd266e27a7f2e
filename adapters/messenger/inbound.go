package messenger

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
	"frontdesk/bot/window"
)

// choiceLimit bounds a choice's id, in bytes: payloads have up to 1000
// characters (Meta, send API, 2026-05-05).
const choiceLimit = 4000

// message is what a person wrote, or an echo (Meta, Messenger webhooks).
type message struct {
	MID        string `json:"mid"`
	Text       string `json:"text"`
	Metadata   string `json:"metadata"`
	IsEcho     bool   `json:"is_echo"`
	IsDeleted  bool   `json:"is_deleted"`
	QuickReply *struct {
		Payload string `json:"payload"`
	} `json:"quick_reply"`
	Attachments []attachment `json:"attachments"`
	Referral    referral     `json:"referral"`
}

// referral is how a person came (Meta, Messenger webhooks, messaging_referrals).
type referral struct {
	Ref    string `json:"ref"` // ours, from the link
	Source string `json:"source"`
}

// start is what that is to the window; empty: nothing of its own.
func (r referral) start() window.Start {
	switch r.Source {
	case "ADS":
		return window.StartAd
	case "SHORTLINK":
		return window.StartLink
	case "CUSTOMER_CHAT_PLUGIN":
		return window.StartPlugin
	default:
		return ""
	}
}

type attachment struct {
	Type    string `json:"type"`
	Title   string `json:"title"`
	URL     string `json:"url"`
	Payload struct {
		URL         string      `json:"url"`
		Title       string      `json:"title"`
		StickerID   json.Number `json:"sticker_id"`
		Coordinates struct {
			Lat  json.Number `json:"lat"`
			Long json.Number `json:"long"`
		} `json:"coordinates"`
	} `json:"payload"`
}

type postback struct {
	MID     string `json:"mid"`
	Title   string `json:"title"`
	Payload string `json:"payload"`

	Referral referral `json:"referral"`
}

type reaction struct {
	Action   string `json:"action"` // react, unreact
	Emoji    string `json:"emoji"`
	Reaction string `json:"reaction"`
	MID      string `json:"mid"` // of the message reacted to
}

// inbound adds a message. event is unique on the page.
func (d *decoder) inbound(e element, event string, m bot.Message) {
	m.At = e.at
	d.batch.Messages = append(d.batch.Messages, bot.Inbound{
		Channel: e.channel, Event: e.channel + "/" + event, From: e.from, Message: m,
	})
}

// message adds what a person wrote: the text with the first attachment, and one
// more message for each further attachment, as ours hold one file.
func (d *decoder) message(e element, m *message) {
	mid := meta.ID(m.MID)
	m.Text = meta.Clean(m.Text)
	switch {
	case mid == "":
		d.event(e.channel, "malformed", e.at, e.raw)
		return
	case m.IsDeleted:
		d.event(e.channel, "deleted", e.at, e.raw)
		return
	case m.QuickReply != nil && m.QuickReply.Payload != "":
		c := choice(m.QuickReply.Payload, m.Text)
		c.ExternalID, c.Start = mid, m.Referral.start()
		d.inbound(e, mid, c)
		return
	}
	content := contents(m)
	if len(content) == 0 {
		d.event(e.channel, "malformed", e.at, e.raw)
	}
	for n, c := range content {
		event := mid
		if n == 0 {
			c.ExternalID, c.Start = mid, m.Referral.start()
		} else {
			event += "/" + strconv.Itoa(n)
		}
		d.inbound(e, event, c)
	}
}

// postback adds a tap on a button or in the menu. Old ones have no mid.
func (d *decoder) postback(e element, p *postback) {
	c := choice(p.Payload, p.Title)
	if c.Text == "" {
		d.event(e.channel, "malformed", e.at, e.raw)
		return
	}
	c.ExternalID, c.Start = meta.ID(p.MID), p.Referral.start()
	d.inbound(e, cmp.Or(c.ExternalID, e.id("postback", p.Payload, p.Title)), c)
}

// referral adds that a person opened a conversation that exists by a link, which
// starts the window although nothing was written. An advertisement does so with
// the message that follows.
func (d *decoder) referral(e element, r *referral) {
	if r.start() != window.StartLink {
		d.event(e.channel, "referral", e.at, e.raw)
		return
	}
	text := strings.TrimSpace("came by a link " + meta.Clip(meta.Clean(r.Ref), kindLimit))
	d.inbound(e, e.id("referral", r.Ref, r.Source), bot.Message{Kind: bot.KindSystem, Text: text, Start: window.StartLink})
}

// reaction adds a reaction; it has no id of its own.
func (d *decoder) reaction(e element, r *reaction) {
	c := bot.Message{Kind: bot.KindReaction}
	if r.Action != "unreact" {
		c.Text = meta.Clip(cmp.Or(r.Emoji, r.Reaction), kindLimit)
	}
	d.inbound(e, e.id("reaction", r.MID, r.Action, r.Emoji), c)
}

// id makes an id for what comes without one: the same for a repeated delivery.
func (e element) id(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(e.from[0].Value + "\x00" + strings.Join(parts, "\x00")))
	return kind + "-" + strconv.FormatInt(e.at.UnixMilli(), 10) + "-" + hex.EncodeToString(sum[:12])
}

// choice is a tap. Without an id it is what the customer would have typed.
func choice(id, title string) bot.Message {
	id, title = meta.Clip(id, choiceLimit), meta.Clean(title)
	if id == "" {
		return bot.Message{Kind: bot.KindText, Text: title}
	}
	return bot.Message{Kind: bot.KindChoice, ChoiceID: id, Text: cmp.Or(title, id)}
}

// contents gives what a message says, without links' previews when the link is
// in the text as well.
func contents(m *message) []bot.Message {
	var all []bot.Message
	for i := range m.Attachments {
		if c := m.Attachments[i].content(); c.Kind != bot.KindText || m.Text == "" {
			all = append(all, c)
		}
	}
	switch {
	case m.Text == "":
		return all
	case len(all) == 0 || all[0].Kind == bot.KindLocation || all[0].Kind == bot.KindUnsupported:
		for i := range all {
			if all[i].Kind == bot.KindUnsupported { // the text is answered, and once is enough
				all[i].Kind = bot.KindSystem
			}
		}
		return append([]bot.Message{{Kind: bot.KindText, Text: m.Text}}, all...)
	default:
		all[0].Text = m.Text
		return all
	}
}

func (a *attachment) content() bot.Message {
	p := a.Payload
	file := func(kind bot.Kind) bot.Message {
		if p.URL == "" {
			return bot.Message{Kind: bot.KindUnsupported, Text: string(kind)}
		}
		return bot.Message{Kind: kind, Media: &bot.Media{Kind: string(kind), URL: meta.Clean(p.URL)}}
	}
	switch a.Type {
	case "image":
		if p.StickerID != "" { // as stickers came before 2026-08-30
			return file(bot.KindSticker)
		}
		return file(bot.KindImage)
	case "sticker":
		return file(bot.KindSticker)
	case "audio":
		return file(bot.KindAudio)
	case "video":
		return file(bot.KindVideo)
	case "file":
		return file(bot.KindDocument)
	case "location":
		if at := p.Coordinates; at.Lat != "" && at.Long != "" {
			name := meta.Clean(cmp.Or(a.Title, p.Title))
			return bot.Message{
				Kind: bot.KindLocation, Text: strings.TrimSpace(at.Lat.String() + "," + at.Long.String() + " " + name),
				Location: meta.Place(at.Lat, at.Long, name, ""),
			}
		}
	case "fallback": // a shared link
		if link := strings.TrimSpace(meta.Clean(cmp.Or(a.Title, p.Title) + " " + cmp.Or(a.URL, p.URL))); link != "" {
			return bot.Message{Kind: bot.KindText, Text: link}
		}
	}
	// template, reel, ig_reel, and what is yet to come
	return bot.Message{Kind: bot.KindUnsupported, Text: meta.Clip(a.Type, kindLimit)}
}

package whatsapp

import (
	"encoding/json"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
	"frontdesk/bot/window"
)

// message is an element of messages[] (Meta, OpenAPI document, 2025-11-21):
// common keys, and an object under the name of its type.
type message struct {
	ID         string      `json:"id"`
	From       string      `json:"from"`
	FromUserID string      `json:"from_user_id"`
	Timestamp  meta.Number `json:"timestamp"`
	Type       string      `json:"type"`
	GroupID    string      `json:"group_id"`
	Referral   struct {
		SourceType string `json:"source_type"` // ad or post
	} `json:"referral"`

	Text struct {
		Body string `json:"body"`
	} `json:"text"`
	Button struct {
		Payload string `json:"payload"`
		Text    string `json:"text"`
	} `json:"button"`
	Interactive struct {
		Type        string     `json:"type"`
		ButtonReply bot.Choice `json:"button_reply"`
		ListReply   bot.Choice `json:"list_reply"`
	} `json:"interactive"`
	Image    *media `json:"image"`
	Video    *media `json:"video"`
	Audio    *media `json:"audio"`
	Voice    *media `json:"voice"` // of old payloads
	Document *media `json:"document"`
	Sticker  *media `json:"sticker"`
	Location struct {
		Latitude  json.Number `json:"latitude"`
		Longitude json.Number `json:"longitude"`
		Name      string      `json:"name"`
		Address   string      `json:"address"`
	} `json:"location"`
	Contacts []card `json:"contacts"`
	Order    struct {
		Text  string `json:"text"`
		Items []item `json:"product_items"`
	} `json:"order"`
	Reaction struct {
		Emoji string `json:"emoji"` // absent when the reaction was taken back
	} `json:"reaction"`
	System struct {
		Type string `json:"type"`
		Body string `json:"body"`
	} `json:"system"`
	Unsupported struct {
		Type string `json:"type"`
	} `json:"unsupported"`
}

type media struct {
	ID       string `json:"id"`
	URL      string `json:"url"`
	MIME     string `json:"mime_type"`
	Caption  string `json:"caption"`
	Filename string `json:"filename"`
}

type card struct {
	Name struct {
		Formatted string `json:"formatted_name"`
	} `json:"name"`
	Phones []struct {
		Phone string `json:"phone"`
	} `json:"phones"`
}

type item struct {
	ID       string      `json:"product_retailer_id"`
	Quantity json.Number `json:"quantity"`
}

// inbound gives what the engine takes. What it cannot take, as it is no speech
// or has no sender, id or time, is to be kept as an event of the kind odd.
func (m *message) inbound(channel string, people contacts) (in bot.Inbound, odd string) {
	at, timed := m.Timestamp.Time()
	from, name := people.of(channel, m.FromUserID, m.From)
	switch {
	case m.GroupID != "":
		return in, "group"
	case m.Type == "system" && (m.System.Type != "" || len(from) == 0):
		// The customer's number or user id changed; it is no speech.
		return in, "system"
	case meta.ID(m.ID) == "" || !timed || len(from) == 0:
		return in, "malformed"
	}
	content, ok := m.content()
	if !ok {
		return in, "malformed"
	}
	content.ExternalID, content.At = m.ID, at
	if m.Referral.SourceType == "ad" {
		content.Start = window.StartAd
	}
	return bot.Inbound{Channel: channel, Event: channel + "/" + m.ID, From: from, Name: name, Message: content}, ""
}

// message decodes one message.
func (d *decoder) message(channel string, people contacts, raw []byte) {
	var m message
	_, err := meta.Fill(raw, &m)
	in, odd := m.inbound(channel, people)
	if err != nil {
		odd = "malformed"
	}
	if odd != "" {
		at, _ := m.Timestamp.Time()
		d.event(channel, odd, at, raw)
		return
	}
	d.batch.Messages = append(d.batch.Messages, in)
}

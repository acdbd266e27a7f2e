package whatsapp

import (
	"cmp"
	"strings"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// choiceLimit bounds a choice's id, in bytes. Ours are at most 256 characters;
// a template's payload may be longer.
const choiceLimit = 1024

// content gives what a message says: Kind, Text, ChoiceID, Media and Location. ok
// is false when its type promises something that is not there.
func (m *message) content() (c bot.Message, ok bool) {
	switch m.Type {
	case "text":
		c = bot.Message{Kind: bot.KindText, Text: m.Text.Body}
	case "button": // of a template
		c = choice(m.Button.Payload, m.Button.Text)
	case "interactive":
		switch m.Interactive.Type {
		case "button_reply":
			c = choice(m.Interactive.ButtonReply.ID, m.Interactive.ButtonReply.Title)
		case "list_reply":
			c = choice(m.Interactive.ListReply.ID, m.Interactive.ListReply.Title)
		default: // nfm_reply (a form), call_permission_reply
			return unsupported(m.Interactive.Type, m.Type), true
		}
	case "image":
		return file(bot.KindImage, m.Image), true
	case "video":
		return file(bot.KindVideo, m.Video), true
	case "audio", "voice":
		return file(bot.KindAudio, cmp.Or(m.Audio, m.Voice)), true
	case "document":
		return file(bot.KindDocument, m.Document), true
	case "sticker":
		return file(bot.KindSticker, m.Sticker), true
	case "location":
		l := m.Location
		c = bot.Message{Kind: bot.KindLocation, Text: m.place(), Location: meta.Place(l.Latitude, l.Longitude, l.Name, l.Address)}
	case "contacts":
		c = bot.Message{Kind: bot.KindContacts, Text: m.cards()}
	case "order":
		c = bot.Message{Kind: bot.KindOrder, Text: m.order()}
	case "reaction":
		return bot.Message{Kind: bot.KindReaction, Text: meta.Clip(m.Reaction.Emoji, kindLimit)}, true
	case "system":
		return bot.Message{Kind: bot.KindSystem, Text: meta.Clean(m.System.Body)}, true
	default: // unsupported, unknown, edit, revoke, request_welcome, and what is yet to come
		return unsupported(m.Unsupported.Type, m.Type), true
	}
	c.Text = meta.Clean(c.Text)
	return c, c.Text != ""
}

// unsupported says by the platform's word what could not be read: something that
// the customer sent and waits for an answer to, or only did to the chat.
func unsupported(words ...string) bot.Message {
	word := cmp.Or(words...)
	kind := bot.KindUnsupported
	switch word {
	case "edit", "revoke", "pin", "poll_update", "keep_in_chat", "link_preview", "request_welcome":
		kind = bot.KindSystem
	}
	return bot.Message{Kind: kind, Text: meta.Clip(word, kindLimit)}
}

// choice is a tap. Without an id it is what the customer would have typed.
func choice(id, title string) bot.Message {
	id, title = meta.Clip(id, choiceLimit), meta.Clean(title)
	if id == "" {
		return bot.Message{Kind: bot.KindText, Text: title}
	}
	return bot.Message{Kind: bot.KindChoice, ChoiceID: id, Text: cmp.Or(title, id)}
}

// file is a message with a file. One that is larger than 100 MB comes with an
// error in the file's place (131052).
func file(kind bot.Kind, f *media) bot.Message {
	if f == nil || f.ID == "" && f.URL == "" {
		return unsupported(string(kind))
	}
	return bot.Message{Kind: kind, Text: meta.Clean(f.Caption), Media: &bot.Media{
		Kind: string(kind), ID: meta.Clean(f.ID), URL: meta.Clean(f.URL), MIME: meta.Clean(f.MIME), Filename: meta.Clean(f.Filename),
	}}
}

// place is "latitude,longitude name".
func (m *message) place() string {
	l := m.Location
	if l.Latitude == "" || l.Longitude == "" {
		return cmp.Or(l.Name, l.Address)
	}
	return strings.TrimSpace(l.Latitude.String() + "," + l.Longitude.String() + " " + cmp.Or(l.Name, l.Address))
}

// cards is a line "name phone, phone" for each contact that was sent.
func (m *message) cards() string {
	var lines []string
	for _, c := range m.Contacts {
		var phones []string
		for _, p := range c.Phones {
			phones = append(phones, p.Phone)
		}
		lines = append(lines, strings.TrimSpace(c.Name.Formatted+" "+strings.Join(phones, ", ")))
	}
	return strings.Join(lines, "\n")
}

// order is the customer's note and a line "quantity × article" for each item.
func (m *message) order() string {
	var lines []string
	if m.Order.Text != "" {
		lines = append(lines, m.Order.Text)
	}
	for _, i := range m.Order.Items {
		lines = append(lines, i.Quantity.String()+" × "+i.ID)
	}
	return strings.Join(lines, "\n")
}

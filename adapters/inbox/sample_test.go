package inbox

import (
	"hash/crc32"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// sample is a conversation as it is put into the store.
type sample struct {
	id, name, channel string
	status            handoff.Status
	ticket            handoff.Ticket
	messages          []bot.Message
}

// aliases are what the platform of the sample's channel calls its contact.
func (s sample) aliases() []bot.Alias {
	digits := strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(s.id))), 10)
	switch s.channel {
	case "whatsapp":
		return []bot.Alias{{Channel: s.channel, Kind: "user_id", Value: "DE." + s.id}, {Channel: s.channel, Kind: "phone", Value: "4915" + digits}}
	case "messenger":
		return []bot.Alias{{Channel: s.channel, Kind: "psid", Value: "24" + digits}}
	default:
		return []bot.Alias{{Channel: s.channel, Kind: "visitor", Value: "hash" + s.id}}
	}
}

func (d *desk) put(s sample) {
	d.t.Helper()
	d.putOf("contact"+s.id, s)
}

// putOf is put for one of several conversations of a contact: those before it are
// given, too.
func (d *desk) putOf(contact string, s sample, before ...sample) {
	d.t.Helper()
	last := s.messages[len(s.messages)-1]
	c := bot.Conversation{
		ID: s.id, Channel: s.channel, Contact: contact, Status: s.status, LastSeq: uint64(len(s.messages)),
		Version: 1, CreatedAt: s.messages[0].At, UpdatedAt: last.At,
	}
	for i := range s.messages {
		m := &s.messages[i]
		m.Conversation, m.Seq, m.StateAt = s.id, uint64(i+1), m.At
		if m.Incoming() {
			c.NewestInbound = m.At
			if m.Kind != bot.KindChoice {
				c.WroteAt = m.At
			}
		}
	}
	change := bot.Change{
		Conversation: c, Messages: s.messages,
		Contact: &bot.Contact{
			ID: c.Contact, Name: s.name, CreatedAt: c.CreatedAt,
			Aliases: s.aliases(),
		},
	}
	for _, other := range before {
		change.Contact.Aliases = append(change.Contact.Aliases, other.aliases()...)
	}
	if s.ticket.Reason != "" {
		s.ticket.ID, s.ticket.Conversation = "t"+s.id, s.id
		s.ticket.WindowCloses = c.WindowCloses(d.limits[s.channel].Window, window.Human, time.Now())
		s.ticket.Place = s.ticket.Stand(time.Now())
		change.Ticket, change.Conversation.Ticket = &s.ticket, s.ticket.ID
	}
	if err := d.store.Commit(d.t.Context(), []bot.Change{change}); err != nil {
		d.t.Fatal(err)
	}
}

func said(at time.Time, text string) bot.Message {
	return bot.Message{Author: bot.AuthorCustomer, Kind: bot.KindText, Text: text, At: at, State: bot.StateReceived}
}

func tapped(at time.Time, title string) bot.Message {
	return bot.Message{Author: bot.AuthorCustomer, Kind: bot.KindChoice, Text: title, ChoiceID: "x", At: at, State: bot.StateReceived}
}

func answered(at time.Time, state bot.MessageState, text string, titles ...string) bot.Message {
	m := bot.Message{Author: bot.AuthorBot, Kind: bot.KindText, Text: text, At: at, State: state}
	for _, title := range titles {
		m.Choices = append(m.Choices, bot.Choice{ID: "main.menu:" + title, Title: title})
		m.Layout = bot.LayoutButtons
	}
	return m
}

func replied(at time.Time, agent string, state bot.MessageState, text string) bot.Message {
	return bot.Message{Author: bot.AuthorAgent, Agent: agent, Kind: bot.KindText, Text: text, At: at, State: state}
}

func noted(at time.Time, text string) bot.Message {
	return bot.Message{Author: bot.AuthorSystem, Kind: bot.KindText, Text: text, At: at, State: bot.StateNoted}
}

// samples is a desk in the middle of a day: every state of a conversation and
// of a message is somewhere.
func samples(now time.Time) []sample {
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	failed := replied(ago(9*time.Minute), "ana", bot.StateFailed, "And here is the invoice.")
	failed.Code, failed.Reason = "131026", "the message could not be delivered"
	photo := said(ago(40*time.Minute), "Is this one still available?")
	photo.Kind, photo.Media = bot.KindImage, &bot.Media{Kind: "image", ID: "m1", Filename: "city-bike.jpg"}
	return []sample{
		{
			"c1maria", "María Sánchez", "whatsapp", handoff.Queued,
			handoff.Ticket{
				Queue: "support", Reason: string(flows.ReasonNotUnderstood), OpenedAt: ago(11 * time.Minute), PromisedBy: now.Add(4 * time.Minute),
				Note: "Ask for the order number first.", Words: []string{"mi bici hace un ruido raro", "el freno trasero"},
			},
			[]bot.Message{
				said(ago(26*time.Hour), "Hi"),
				answered(ago(26*time.Hour-time.Second), bot.StateRead, "Hi María, how can we help?", "Track my order", "Prices", "Talk to a person"),
				tapped(ago(25*time.Hour), "Prices"),
				answered(ago(25*time.Hour-time.Second), bot.StateRead, "City bikes from 499 euro, touring bikes from 899 euro.\n\nAll prices: https://bella.example/prices"),
				said(ago(13*time.Minute), "mi bici hace un ruido raro"),
				answered(ago(13*time.Minute-time.Second), bot.StateDelivered, "I did not get that. Please choose one of these.", "Track my order", "Prices", "Talk to a person"),
				said(ago(11*time.Minute), "el freno trasero"),
				answered(ago(11*time.Minute), bot.StateSent, "One moment, I am getting somebody who can help."),
				noted(ago(11*time.Minute), "Handed over to support"),
			},
		},
		{
			"c2jonas", "Jonas Weber", "messenger", handoff.Queued,
			handoff.Ticket{Queue: "support", Reason: string(flows.ReasonAsked), OpenedAt: ago(18 * time.Minute), PromisedBy: ago(3 * time.Minute)},
			[]bot.Message{said(ago(18*time.Minute), "Can I talk to a human please? This is about a refund for order 100482, it has been two weeks.")},
		},
		{
			"c3lena", "Lena Fischer", "whatsapp", handoff.Assigned,
			handoff.Ticket{
				Queue: "billing", Reason: string(flows.ReasonChosen), OpenedAt: ago(35 * time.Minute), PromisedBy: now.Add(25 * time.Minute),
				Agent: "ana", ClaimedAt: ago(20 * time.Minute), FirstReplyAt: ago(19 * time.Minute), Note: "Wants an invoice with the company's address.",
			},
			[]bot.Message{
				said(ago(23*time.Hour+20*time.Minute), "I need an invoice for my order"),
				tapped(ago(23*time.Hour+18*time.Minute), "Talk to a person"),
				noted(ago(20*time.Minute), "ana took the conversation"),
				answered(ago(20*time.Minute), bot.StateCancelled, "Are you still there?"),
				replied(ago(19*time.Minute), "ana", bot.StateRead, "Hello Lena, Ana here. Which address should be on the invoice?"),
				said(ago(12*time.Minute), "Fischer & Söhne GmbH, Lindenstr. 4, 10969 Berlin"),
				replied(ago(11*time.Minute), "ana", bot.StateDelivered, "Thank you, one moment."),
				replied(ago(10*time.Minute), "ana", bot.StateSent, "Done: it is on its way to your inbox."),
				failed,
				replied(ago(2*time.Minute), "ana", bot.StateUnknown, "Did it arrive?"),
				replied(now.Add(-4*time.Second), "ana", bot.StateQueued, "Otherwise I send it once more."),
			},
		},
		{
			"c4omar", "Omar Haddad", "whatsapp", handoff.Assigned,
			handoff.Ticket{Queue: "support", Reason: string(flows.ReasonTries), OpenedAt: ago(5 * time.Hour), Agent: "ben", ClaimedAt: ago(4 * time.Hour), FirstReplyAt: ago(4 * time.Hour), Priority: handoff.High},
			[]bot.Message{
				said(ago(5*time.Hour), "order 12"),
				replied(ago(4*time.Hour), "ben", bot.StateRead, "Hi Omar, the number has six digits. It is in the mail we sent you."),
			},
		},
		{
			"c5none7f3a", "", "webchat", handoff.Queued,
			handoff.Ticket{Queue: "support", Reason: string(flows.ReasonFlow), OpenedAt: ago(40 * time.Minute)},
			[]bot.Message{photo},
		},
		{
			"c6priya", "Priya Raman", "messenger", handoff.Assigned,
			handoff.Ticket{Queue: "support", Reason: string(flows.ReasonAsked), OpenedAt: ago(26 * time.Hour), Agent: "ana", ClaimedAt: ago(25 * time.Hour), FirstReplyAt: ago(25 * time.Hour)},
			[]bot.Message{
				said(ago(26*time.Hour), "Do you repair e-bikes?"),
				replied(ago(25*time.Hour), "ana", bot.StateDelivered, "Yes, which one is it?"),
			},
		},
		{
			"c7done", "Tom Baker", "whatsapp", handoff.Resolved,
			handoff.Ticket{},
			[]bot.Message{said(ago(3*time.Hour), "thanks!"), noted(ago(2*time.Hour), "ana resolved the conversation")},
		},
		{
			"c8bot", "Yuki", "whatsapp", handoff.Bot,
			handoff.Ticket{},
			[]bot.Message{said(ago(time.Minute), "hello")},
		},
		{
			"c9nora", "Nora Lind", "whatsapp", handoff.Bot,
			handoff.Ticket{},
			files(ago),
		},
	}
}

// unsent is a conversation of ana's that has what may not go: an answer of the
// bot's (2), one of her own (3), and one that failed (4).
func unsent(now time.Time, age time.Duration) sample {
	at := now.Add(-age)
	draft := func(m bot.Message, state bot.MessageState, code, reason string) bot.Message {
		m.State, m.Code, m.Reason = state, code, reason
		return m
	}
	const closed = "the platform allows no answer any more: the customer's last message is too old"
	return sample{
		"c10mila", "Mila Novak", "whatsapp", handoff.Assigned,
		handoff.Ticket{Queue: "support", Reason: string(flows.ReasonClosed), OpenedAt: at, Agent: "ana", ClaimedAt: at, FirstReplyAt: at},
		[]bot.Message{
			said(at, "Is my bike ready?"),
			draft(answered(at, bot.StateDraft, "Your bike is ready since noon."), bot.StateDraft, "window_closed", closed),
			draft(replied(at, "ana", bot.StateDraft, "You can fetch it until six."), bot.StateDraft, "window_closed", closed),
			draft(replied(at, "ana", bot.StateFailed, "Bring the slip."), bot.StateFailed, "131026", "the message could not be delivered"),
		},
	}
}

// files is a talk in more than words.
func files(ago func(time.Duration) time.Time) []bot.Message {
	with := func(m bot.Message, media bot.Media) bot.Message {
		m.Kind, m.Media = bot.Kind(media.Kind), &media
		return m
	}
	shop := said(ago(9*time.Minute), "48.1371,11.5754 Shop")
	shop.Kind, shop.Location = bot.KindLocation, &bot.Location{Latitude: 48.1371, Longitude: 11.5754, Name: "Shop", Address: "1 Test St"}
	corner := said(ago(8*time.Minute), "-1,0.5")
	corner.Kind, corner.Location = bot.KindLocation, &bot.Location{Latitude: -1, Longitude: 0.5}
	somewhere := said(ago(7*time.Minute), "Behind the station")
	somewhere.Kind = bot.KindLocation
	template := answered(ago(2*time.Minute), bot.StateSent, "Hello Nora, about A-9: we are on it.", "Keep it open")
	template.Template = &bot.Template{Name: "case_update", Language: "en_US", Params: []string{"Nora", "A-9"}}
	return []bot.Message{
		// A file of WhatsApp's has an address that opens with our token only.
		with(said(ago(10*time.Minute), "It is broken"), bot.Media{Kind: "image", ID: "551100", URL: "https://lookaside.example/551100", MIME: "image/jpeg"}),
		with(said(ago(10*time.Minute), ""), bot.Media{Kind: "document", URL: "https://cdn.example/f?x=1&y=2", Filename: "receipt.pdf"}),
		with(said(ago(10*time.Minute), ""), bot.Media{Kind: "audio", URL: "https://cdn.example/a.ogg"}),
		with(said(ago(10*time.Minute), ""), bot.Media{Kind: "video", URL: "http://cdn.example/a.mp4"}),
		shop, corner, somewhere,
		with(answered(ago(6*time.Minute), bot.StateRead, "This one?", "Yes", "No"), bot.Media{Kind: "image", URL: "https://cdn.example/city.jpg"}),
		with(answered(ago(5*time.Minute), bot.StateRead, ""), bot.Media{Kind: "document", URL: "https://cdn.example/terms", Filename: "terms.pdf"}),
		template,
	}
}

func (d *desk) putSamples(now time.Time) {
	for _, s := range samples(now) {
		d.put(s)
	}
}

// hostile is a customer who tries to run code in the agent's browser.
func hostile(now time.Time) sample {
	const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	m := said(now, attack)
	m.Kind, m.Media = bot.KindDocument, &bot.Media{Kind: "document", URL: "https://" + attack, Filename: attack}
	place := said(now, attack)
	place.Kind, place.Location = bot.KindLocation, &bot.Location{Name: attack, Address: attack}
	script := answered(now, bot.StateSent, attack)
	script.Kind, script.Media = bot.KindImage, &bot.Media{Kind: "image", URL: "javascript:alert(5)"}
	template := answered(now, bot.StateSent, attack)
	template.Template = &bot.Template{Name: attack}
	return sample{
		"chostile", attack, "whatsapp", handoff.Queued,
		handoff.Ticket{Queue: attack, Reason: attack, Note: attack, Words: []string{attack}, OpenedAt: now, PromisedBy: now.Add(time.Minute)},
		[]bot.Message{m, place, script, template, answered(now, bot.StateSent, attack, attack), replied(now, attack, bot.StateSent, attack), noted(now, attack)},
	}
}

func noAttack(t testing.TB, body string) {
	t.Helper()
	for _, bad := range []string{"<script>", "<img", "onerror=alert(2)>", "javascript:"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %q unescaped", bad)
		}
	}
}

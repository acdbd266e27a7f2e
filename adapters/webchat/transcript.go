package webchat

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"frontdesk/bot"
)

// linesMax is how many messages are read at once; the newest ones of a longer talk.
const linesMax = 200

// line is a message as the customer sees it.
type line struct {
	Seq     uint64       `json:"seq"`
	By      bot.Author   `json:"by"`             // customer, bot, agent
	Name    string       `json:"name,omitempty"` // of the agent
	File    *attached    `json:"file,omitempty"`
	Parts   []part       `json:"parts"`
	At      time.Time    `json:"at"`
	Choices []bot.Choice `json:"choices,omitempty"`
	Locate  bool         `json:"locate,omitempty"` // it asks where the customer is
	ID      string       `json:"id,omitempty"`     // the page's own id of what it sent
	Old     bool         `json:"-"`                // something was said after its choices
	Day     string       `json:"-"`                // begins a day
	Nonce   string       `json:"-"`                // for a choice that is sent without JavaScript
}

// part is a piece of a text: words, or an address that can be followed.
type part struct {
	Text string `json:"text"`
	Href string `json:"href,omitempty"`
}

// talk is what the page shows, and where it must ask again.
type talk struct {
	Messages []line `json:"messages"`
	// Next is the newest message before which nothing changes any more: what the
	// page gives as "after" the next time.
	Next    uint64 `json:"next"`
	Waiting bool   `json:"waiting"` // something is about to be sent
	Started bool   `json:"started"` // there is a conversation
}

// talk reads what a conversation's customer sees after a message.
func (ch *Channel) talk(ctx context.Context, conversation string, after uint64) (talk, error) {
	t := talk{Messages: []line{}, Next: after, Started: conversation != ""}
	if conversation == "" {
		return t, nil
	}
	messages, err := ch.Store.Transcript(ctx, conversation, after, linesMax)
	if err != nil {
		return talk{}, err
	}
	names := map[string]string{}
	for _, m := range messages {
		pending := m.State == bot.StateQueued || m.State == bot.StateUnknown
		t.Waiting = t.Waiting || pending
		if !t.Waiting {
			t.Next = m.Seq
		}
		if !visible(m) {
			continue
		}
		if m.Agent != "" && names[m.Agent] == "" {
			if names[m.Agent], err = ch.display(ctx, m.Agent); err != nil {
				return talk{}, err
			}
		}
		t.Messages = append(t.Messages, show(m, names[m.Agent]))
	}
	return t, nil
}

// visible reports whether the customer sees a message: what they wrote, and
// what was sent. A message that still waits may yet be cancelled, and must not
// appear and vanish.
func visible(m bot.Message) bool {
	switch m.State {
	case bot.StateReceived:
		return true
	case bot.StateSent, bot.StateDelivered, bot.StateRead:
		return m.Author == bot.AuthorBot || m.Author == bot.AuthorAgent
	case bot.StateNoted, bot.StateQueued, bot.StateUnknown, bot.StateFailed, bot.StateDraft, bot.StateCancelled:
		return false
	default:
		return false
	}
}

func show(m bot.Message, name string) line {
	l := line{Seq: m.Seq, By: m.Author, Name: name, Parts: []part{}, At: m.At.UTC(), Choices: m.Choices}
	if m.Incoming() {
		// Only what we send is made into links: customers see each other's words nowhere.
		l.Parts = []part{{Text: m.Text}}
		if m.Location != nil {
			l.Parts[0].Text = "My location: " + m.Text
		}
		_, l.ID, _ = strings.Cut(m.ExternalID, ":")
		return l
	}
	l.File, l.Locate = attach(m.Media), m.Wants == bot.WantsLocation
	text := m.Text
	if m.Media != nil && l.File == nil { // its address is told as words
		text = strings.TrimSpace(m.Media.URL + "\n" + text)
	}
	l.Parts = append(l.Parts, parts(text)...)
	return l
}

// address is an address in a text, without what usually ends a sentence.
var address = regexp.MustCompile(`https?://[^\s<>"']*[^\s<>"'.,;:!?)\]]`)

// parts cuts a text at the addresses in it.
func parts(text string) []part {
	var out []part
	end := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		if at[0] > end {
			out = append(out, part{Text: text[end:at[0]]})
		}
		out = append(out, part{Text: text[at[0]:at[1]], Href: text[at[0]:at[1]]})
		end = at[1]
	}
	if end < len(text) {
		out = append(out, part{Text: text[end:]})
	}
	return out
}

// display is the name customers see. An agent who was removed has none.
func (ch *Channel) display(ctx context.Context, name string) (string, error) {
	agent, err := ch.Agents.Agent(ctx, name)
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return "", err
	}
	return agent.Display, nil
}

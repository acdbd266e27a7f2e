package carry

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Fit turns what is to be said into messages that the channel can carry. It
// loses no word, no choice and no file: choices become buttons, else a list, else
// numbers in the text; a text that is too long becomes several; a file that
// cannot stand with the text is a message of its own before it. What asks for a
// place loses its button where there is none, as the text asks already.
//
// A template is sent as the platform approved it, so with nothing beside it: Text
// is what it says, and Choices, Media and Wants are left out.
func Fit(c Content, l Limits) []Part {
	if c.Template != nil && l.Templates {
		return []Part{{Text: c.Text, Template: c.Template}}
	}
	parts := l.words(c)
	switch {
	case c.Media == nil:
		return parts
	case len(parts) > 0 && l.holds(c.Media, parts[0]):
		parts[0].Media = c.Media
		return parts
	default:
		return append([]Part{{Media: c.Media}}, parts...)
	}
}

// Join makes one content of two that are said one after the other, when the
// channel carries them together in fewer messages.
func Join(first, second Content, l Limits) (Content, bool) {
	if first.Apart || second.Apart || first.Template != nil || second.Template != nil || second.Media != nil ||
		len(first.Choices) > 0 || first.Wants != "" {
		return Content{}, false
	}
	joined := second
	joined.Media = first.Media
	joined.Text = strings.TrimSpace(strings.TrimSpace(first.Text) + "\n\n" + strings.TrimSpace(second.Text))
	return joined, len(Fit(joined, l)) < len(Fit(first, l))+len(Fit(second, l))
}

// Plain is a text without choices in messages that the channel can carry.
func Plain(text string, l Limits) []Part { return l.plain(text) }

// words is everything but the file. Without a text there is nothing that buttons
// could hang under, so choices are written as numbers then.
func (l Limits) words(c Content) []Part {
	last := Part{Choices: c.Choices}
	text, room := c.Text, l.Text
	if strings.TrimSpace(text) != "" {
		last.Layout, room = l.layout(c.Choices)
	}
	if last.Layout == LayoutPlain {
		text, last.Choices = numbered(text, c.Choices), nil
	}
	if c.Wants == WantsLocation && l.PlaceText > 0 && (l.PlaceWith || last.Layout == LayoutPlain) {
		last.Wants, room = c.Wants, min(room, l.PlaceText)
	}
	return l.under(text, room, last)
}

// holds reports whether a file can stand in one message with p.
func (l Limits) holds(m *Media, p Part) bool {
	switch {
	case m.Kind == audio || l.Unit.Len(p.Text) > l.Caption:
		return false
	case p.Wants != "" && !l.PlaceWith:
		return false
	default:
		return p.Layout == LayoutPlain || p.Layout == LayoutButtons && l.Header
	}
}

// audio is the kind of Media that no text can stand under (Meta, OpenAPI
// document, 2025-11-21).
const audio = "audio"

// under says text, and in its last message what last holds besides. Only that
// one is bound to room, which may be shorter than a plain text, so that few
// messages are needed.
func (l Limits) under(text string, room int, last Part) []Part {
	parts := split(text, room, l.Unit)
	if len(parts) == 0 {
		return nil
	}
	last.Text = parts[len(parts)-1]
	head := strings.TrimSuffix(strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD")), last.Text)
	return append(l.plain(head), last)
}

// layout picks how choices are shown, and the room for the text with them.
func (l Limits) layout(choices []Choice) (Layout, int) {
	longest, longestID := 0, 0
	for _, c := range choices {
		longest, longestID = max(longest, l.Unit.Len(c.Title)), max(longestID, l.Unit.Len(c.ID))
	}
	switch n := len(choices); {
	case n == 0, l.ChoiceID > 0 && longestID > l.ChoiceID:
		return LayoutPlain, l.Text
	case n <= l.Buttons && longest <= l.ButtonTitle:
		return LayoutButtons, l.ButtonText
	case n <= l.List && longest <= l.ListTitle:
		return LayoutList, l.ListText
	default:
		return LayoutPlain, l.Text
	}
}

func numbered(text string, choices []Choice) string {
	var b strings.Builder
	b.WriteString(text)
	for i, c := range choices {
		b.WriteString("\n")
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString(strconv.Itoa(i+1) + ". " + c.Title)
	}
	return b.String()
}

func (l Limits) plain(text string) []Part {
	var out []Part
	for _, part := range split(text, l.Text, l.Unit) {
		out = append(out, Part{Text: part})
	}
	return out
}

// split cuts text into parts of at most limit units, at the best place near the
// end of each: between paragraphs, lines, sentences, words, and only in a word
// without any of these between two runes. Space around the parts is dropped.
func split(text string, limit int, u Unit) []string {
	limit = max(limit, utf8.UTFMax) // a rune always fits, so every turn moves on
	var parts []string
	for rest := strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD")); rest != ""; {
		end := prefix(rest, limit, u)
		if end < len(rest) {
			end = breakAt(rest, end)
		}
		if part := strings.TrimSpace(rest[:end]); part != "" {
			parts = append(parts, part)
		}
		rest = strings.TrimSpace(rest[end:])
	}
	return parts
}

// prefix is how many bytes of s fit into limit units.
func prefix(s string, limit int, u Unit) int {
	n := 0
	for i, r := range s {
		if n += u.size(r); n > limit {
			return i
		}
	}
	return len(s)
}

// breakAt is the best place to cut s at or before end. A better kind of place
// is taken only when it leaves the part at least half full.
func breakAt(s string, end int) int {
	head := s[:end]
	for _, mark := range []string{"\n\n", "\n", ". ", "! ", "? "} {
		if i := strings.LastIndex(head, mark); i >= end/2 {
			return i + len(mark)
		}
	}
	if s[end] == ' ' || s[end] == '\n' {
		return end
	}
	if i := strings.LastIndexAny(head, " \n\t"); i > 0 {
		return i + 1
	}
	return end
}

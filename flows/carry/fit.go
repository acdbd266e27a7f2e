package carry

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Fit turns what is to be said into messages that the channel can carry, losing
// nothing: choices become buttons, else a list, else numbers in the text; a
// text that is too long becomes several.
func Fit(c Content, l Limits) []Part {
	if c.Template != nil && l.Templates {
		return []Part{{Text: c.Text, Template: c.Template}}
	}
	layout, room := l.layout(c.Choices)
	if c.Media != nil {
		return l.media(c, layout, room)
	}
	if layout == LayoutPlain {
		parts := l.plain(numbered(c.Text, c.Choices))
		if n := len(parts); n > 0 {
			parts[n-1].Wants = c.Wants
		}
		return parts
	}
	return l.under(c, layout, room)
}

// Join makes one content of two that are said one after the other, when the
// channel carries them together in fewer messages.
func Join(first, second Content, l Limits) (Content, bool) {
	if first.Apart || second.Apart || first.Template != nil || second.Template != nil || second.Media != nil ||
		len(first.Choices) > 0 || first.Wants != "" || first.Text == "" || second.Text == "" {
		return Content{}, false
	}
	joined := second
	joined.Media = first.Media
	joined.Text = strings.TrimSpace(first.Text) + "\n\n" + strings.TrimSpace(second.Text)
	return joined, len(Fit(joined, l)) < len(Fit(first, l))+len(Fit(second, l))
}

// Plain is a text without choices in messages that the channel can carry.
func Plain(text string, l Limits) []Part { return l.plain(text) }

// media puts the text under the file where it fits, and choices with it where
// the channel can.
func (l Limits) media(c Content, layout Layout, room int) []Part {
	fits := c.Media.Kind != "audio" && l.Unit.Len(c.Text) <= l.Caption
	switch {
	case len(c.Choices) == 0 && fits:
		return []Part{{Text: c.Text, Media: c.Media}}
	case layout == LayoutButtons && l.Header && c.Media.Kind != "audio" && c.Text != "" && l.Unit.Len(c.Text) <= room:
		return []Part{{Text: c.Text, Media: c.Media, Choices: c.Choices, Layout: layout}}
	}
	alone := Part{Media: c.Media}
	c.Media = nil
	return append([]Part{alone}, Fit(c, l)...)
}

// under hangs the choices under the last part of the text; only that one is
// bound by the shorter limit of texts with choices, so that few messages are
// needed.
func (l Limits) under(c Content, layout Layout, room int) []Part {
	parts := split(c.Text, room, l.Unit)
	if len(parts) == 0 {
		return nil
	}
	last := parts[len(parts)-1]
	head := strings.TrimSuffix(strings.TrimSpace(strings.ToValidUTF8(c.Text, "\uFFFD")), last)
	return append(l.plain(head), Part{Text: last, Choices: c.Choices, Layout: layout, Wants: c.Wants})
}

// layout picks how choices are shown, and the room for the text above them.
func (l Limits) layout(choices []Choice) (Layout, int) {
	longest := 0
	for _, c := range choices {
		longest = max(longest, l.Unit.Len(c.Title))
	}
	switch n := len(choices); {
	case n == 0:
		return LayoutPlain, 0
	case n <= l.Buttons && longest <= l.ButtonTitle:
		return LayoutButtons, l.ButtonText
	case n <= l.List && longest <= l.ListTitle:
		return LayoutList, l.ListText
	default:
		return LayoutPlain, 0
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

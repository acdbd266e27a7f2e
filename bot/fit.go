package bot

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"frontdesk/flows"
)

// Len is the length of s in u.
func (u Unit) Len(s string) int {
	if u == Bytes {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += u.size(r)
	}
	return n
}

func (u Unit) size(r rune) int {
	if u == Bytes {
		return utf8.RuneLen(r)
	}
	return max(1, utf16.RuneLen(r))
}

// fit turns what a flow says into messages that the channel can carry, losing
// nothing: choices become buttons, else a list, else numbers in the text; a
// text that is too long becomes several.
func fit(say flows.Say, l Limits) []Message {
	choices := make([]Choice, len(say.Choices))
	for i, c := range say.Choices {
		choices[i] = Choice(c)
	}
	layout, room := l.layout(choices)
	if layout == LayoutPlain {
		return plain(numbered(say.Text, choices), l)
	}
	// The choices hang under the last part; only that one is bound by the
	// shorter limit of texts with choices, so that few messages are needed.
	parts := split(say.Text, room, l.Unit)
	if len(parts) == 0 {
		return nil
	}
	last := parts[len(parts)-1]
	head := strings.TrimSuffix(strings.TrimSpace(strings.ToValidUTF8(say.Text, "\uFFFD")), last)
	return append(plain(head, l), Message{Kind: KindText, Text: last, Choices: choices, Layout: layout})
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

func plain(text string, l Limits) []Message {
	var out []Message
	for _, part := range split(text, l.Text, l.Unit) {
		out = append(out, Message{Kind: KindText, Text: part})
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

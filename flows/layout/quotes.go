package layout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// where a text stands decides what it may hold without quotes.
type where int

const (
	inLine   where = iota // a value that has the rest of its line
	inBraces              // inside brackets
	asKey                 // before a colon
)

// written is a value of one line as it is written, without quotes that it does
// not need. ok is false when it takes several lines.
func (n *node) written(w where) (text string, ok bool) {
	switch {
	case n.shape == nothing:
		return n.props, true
	case len(n.lines) != 1:
		if n.shape != scalar || n.quoted || strings.Contains(n.value, "\n") || n.value == "" || !plain(n.value, w) {
			return "", false
		}
		text = n.value
	case n.quoted && n.props == "" && plain(n.value, w):
		text = n.value
	default:
		text = n.lines[0]
	}
	return strings.TrimLeft(n.props+" "+text, " "), true
}

// plain reports whether a text needs no quotes. It keeps the quotes of more than
// YAML asks for: of what looks like a number or a pattern, and of words that some
// readers take for true and false.
func plain(text string, w where) bool {
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case text == "" || text != strings.TrimSpace(text) || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }):
		return false
	case strings.ContainsAny(text, "\\\t\n") || strings.Contains(text, " #") || strings.Contains(text, ": ") || strings.HasSuffix(text, ":"):
		return false
	case w == inBraces && strings.ContainsAny(text, ",[]{}:?"):
		return false
	case first >= '0' && first <= '9' && (!strings.Contains(text, " ") || !strings.ContainsFunc(text, unicode.IsLetter)):
		return false
	case first < utf8.RuneSelf && !unicode.IsLetter(first) && !unicode.IsDigit(first):
		return false
	}
	switch strings.ToLower(text) {
	case "y", "n", "yes", "no", "on", "off":
		return false
	}
	return meansText(text, w)
}

// meansText reports whether the library reads a text without quotes as that text.
func meansText(text string, w where) bool {
	src := "- " + text
	switch w {
	case inBraces:
		src = "[" + text + "]"
	case asKey:
		src = text + ": 0"
	case inLine:
	}
	root, err := parse(src)
	if err != nil || len(root.Content) == 0 {
		return false
	}
	n := root.Content[0]
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" && n.Value == text && n.Style == 0
}

package handoff

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of labels.
var (
	// ErrLabel says that words cannot be a label.
	ErrLabel = errors.New("a label is a word or a few, of 40 letters at most")
	// ErrLabels says that there are too many on one conversation.
	ErrLabels = errors.New("a conversation has 20 labels at most")
)

const (
	longestLabel = 40
	mostLabels   = 20
)

// ParseLabel is a label as it is kept: in small letters, with single spaces.
func ParseLabel(typed string) (string, error) {
	label := strings.ToLower(strings.Join(strings.Fields(typed), " "))
	strange := func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) }
	if label == "" || utf8.RuneCountInString(label) > longestLabel || strings.ContainsFunc(label, strange) {
		return "", ErrLabel
	}
	return label, nil
}

// Label puts a label on the ticket, or takes it off; one that is there already, or is
// not, changes nothing. Its owner may do so, or anybody while it waits. Labels are
// sorted.
func (t Ticket) Label(agent, label string, on bool) (Ticket, error) {
	if err := t.movable(agent); err != nil {
		return t, err
	}
	i, has := slices.BinarySearch(t.Labels, label)
	switch {
	case has == on:
	case !on:
		t.Labels = slices.Delete(slices.Clone(t.Labels), i, i+1)
	case len(t.Labels) >= mostLabels:
		return t, ErrLabels
	default:
		t.Labels = slices.Insert(slices.Clone(t.Labels), i, label)
	}
	return t, nil
}

package handoff

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseLabel(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Refund": "refund", "  late \t delivery ": "late delivery", "Größe M": "größe m", "返品": "返品",
		strings.Repeat("x", 40): strings.Repeat("x", 40),
		"":                      "", " \n": "", strings.Repeat("x", 41): "", "a\x00b": "", "a\xffb": "",
	} {
		got, err := ParseLabel(typed)
		if got != want || (want == "") != errors.Is(err, ErrLabel) {
			t.Errorf("%q: %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	ticket := claimed("ana")
	for _, step := range []struct {
		label string
		on    bool
		want  []string
	}{
		{"refund", true, []string{"refund"}},
		{"bike", true, []string{"bike", "refund"}},
		{"refund", true, []string{"bike", "refund"}},
		{"none", false, []string{"bike", "refund"}},
		{"bike", false, []string{"refund"}},
	} {
		before := slices.Clone(ticket.Labels)
		got, err := ticket.Label("ana", step.label, step.on)
		if err != nil || !slices.Equal(got.Labels, step.want) || !slices.Equal(ticket.Labels, before) {
			t.Errorf("%s, %t: %q, %v, want %q", step.label, step.on, got.Labels, err, step.want)
		}
		ticket = got
	}
	_, err := claimed("ben").Label("ana", "refund", true)
	sameError(t, err, &TakenError{"ben"})
	_, err = closed().Label("ana", "refund", true)
	sameError(t, err, ErrResolved)
	for i := range mostLabels - 1 {
		if ticket, err = ticket.Label("ana", fmt.Sprint("l", i), true); err != nil {
			t.Fatal(err)
		}
	}
	_, err = ticket.Label("ana", "one more", true)
	sameError(t, err, ErrLabels)
}

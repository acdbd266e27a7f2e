package bot

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Means reports whether who, as a person writes it, may mean this name: its
// value, or channel:value. Of phone numbers only the digits are compared.
func (a Alias) Means(who string) bool {
	who = strings.TrimSpace(who)
	if rest, ok := strings.CutPrefix(who, a.Channel+":"); ok && a.is(strings.TrimSpace(rest)) {
		return true
	}
	return a.is(who)
}

func (a Alias) is(who string) bool {
	if who == "" {
		return false
	}
	return who == a.Value || (a.Kind == "phone" && phoneDigits(who) != "" && phoneDigits(who) == phoneDigits(a.Value))
}

// phoneDigits are the digits of a phone number in any writing; empty when s can be
// none.
func phoneDigits(s string) string {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune("+-./() \u00a0\u202f", r):
			return -1
		default:
			return 'x'
		}
	}, s)
	digits = strings.TrimPrefix(digits, "00") // as some dial for +
	if strings.ContainsRune(digits, 'x') || len(digits) < 5 {
		return ""
	}
	return digits
}

// Trail is by what a person is known in what platforms tell.
type Trail struct {
	names  map[string]bool // values of aliases, and platforms' ids of messages
	phones map[string]bool // digits
}

// Trail gathers by what p is known.
func (p Person) Trail() Trail {
	t := Trail{names: make(map[string]bool), phones: make(map[string]bool)}
	for _, a := range p.Contact.Aliases {
		t.names[a.Value] = true
		if a.Kind == "phone" {
			t.phones[phoneDigits(a.Value)] = true
		}
	}
	for _, h := range p.Conversations {
		for _, m := range h.Messages {
			t.names[m.ExternalID] = true
		}
	}
	delete(t.names, "")
	delete(t.phones, "")
	return t
}

// In reports whether a body names the person: as a whole text or number of its
// JSON. A short name inside of another word names somebody else.
func (t Trail) In(body []byte) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return false
		}
		var s string
		switch v := token.(type) {
		case string:
			s = v
		case json.Number:
			s = v.String()
		default:
			continue
		}
		if t.names[s] || (len(t.phones) > 0 && t.phones[phoneDigits(s)]) {
			return true
		}
	}
}

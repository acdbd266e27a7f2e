package whatsapp

import (
	"regexp"
	"slices"
	"strings"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// The kinds of aliases.
const (
	kindUser  = "user_id" // business-scoped user id, "GB.7H2K…"
	kindPhone = "phone"   // digits with country code, without +
)

// userID is a business-scoped user id: the ISO code of a country, a dot, up to
// 128 letters and digits (Meta, business-scoped user ids, 2026-02).
var userID = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)

// aliases sorts what a platform calls a person into user ids, which come first,
// and phone numbers. A user id was seen in fields for phone numbers, so the
// shape decides and not the field. What is neither is dropped.
func aliases(channel string, names ...string) []bot.Alias {
	var all []bot.Alias
	add := func(kind, name string) {
		if a := (bot.Alias{Channel: channel, Kind: kind, Value: name}); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	for _, n := range names {
		if userID.MatchString(n) {
			add(kindUser, n)
		}
	}
	for _, n := range names {
		if digits, ok := phone(n); ok {
			add(kindPhone, digits)
		}
	}
	return all
}

// phone reads a number's digits; E.164 has at most 15, and a little more is
// tolerated for what a platform makes of it.
func phone(s string) (string, bool) {
	s = strings.TrimPrefix(s, "+")
	if len(s) < 3 || len(s) > 20 || strings.Trim(s, "0123456789") != "" {
		return "", false
	}
	return s, true
}

// contact is an element of contacts[].
type contact struct {
	WaID    string `json:"wa_id"`
	UserID  string `json:"user_id"`
	Profile struct {
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"profile"`
}

// contacts finds a message's contact by any of its names.
type contacts map[string]*contact

func (known contacts) add(c *contact) {
	for _, name := range []string{c.WaID, c.UserID} {
		if name != "" {
			known[name] = c
		}
	}
}

// of gives the aliases and the profile name of who goes by names.
func (known contacts) of(channel string, names ...string) ([]bot.Alias, string) {
	for _, n := range names {
		if c, ok := known[n]; ok && n != "" {
			name := c.Profile.Name
			if name == "" {
				name = c.Profile.Username
			}
			return aliases(channel, append(names, c.UserID, c.WaID)...), meta.Clip(name, nameLimit)
		}
	}
	return aliases(channel, names...), ""
}

// nameLimit bounds a profile name, in bytes; it is shown, never a key.
const nameLimit = 512

package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"frontdesk/bot"
)

// idLimit bounds ids that become keys of the store; Meta's are below 200 bytes.
const idLimit = 512

// Fill decodes raw into v and reports with bot.ErrMalformed that it is no JSON
// object; the error tells the place, never the content. whole is false when
// some field was of another type than v has: it is left zero and the rest is
// read, so that one odd field does not lose its neighbours.
func Fill(raw []byte, v any) (whole bool, err error) {
	err = json.Unmarshal(raw, v)
	var mistyped *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &mistyped) && mistyped.Field != "":
		return false, nil
	case errors.As(err, &mistyped):
		return false, fmt.Errorf("not a JSON object: %w", bot.ErrMalformed)
	case errors.As(err, &syntax):
		return false, fmt.Errorf("no JSON at byte %d of %d: %w", syntax.Offset, len(raw), bot.ErrMalformed)
	default:
		return false, fmt.Errorf("no JSON: %w", bot.ErrMalformed)
	}
}

// Clean makes a stranger's string storable: NUL, which PostgreSQL's text cannot
// hold, is dropped. JSON has already replaced what is no UTF-8.
func Clean(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// Clip is Clean and at most limit bytes, cut between characters.
func Clip(s string, limit int) string {
	s = Clean(s)
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// ID gives a stranger's id, or empty when it is too long for a key or holds
// control characters.
func ID(s string) string {
	if len(s) > idLimit || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == utf8.RuneError }) {
		return ""
	}
	return s
}

// Number is a whole number that may also come as a string. Anything else leaves
// it unset and is no error, so that one odd field does not hide the others.
type Number struct {
	Value int64
	Set   bool
}

// Int gives the value, as an error code has it.
func (n Number) Int() int { return int(n.Value) }

// UnmarshalJSON never fails.
func (n *Number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseInt(string(bytes.Trim(b, `"`)), 10, 64)
	*n = Number{Value: v, Set: err == nil}
	if err != nil {
		n.Value = 0
	}
	return nil
}

// Time reads Unix time in seconds or, from 10^12 on, in milliseconds: WhatsApp
// documents seconds and Messenger milliseconds, and both were seen the other
// way round in production. It is UTC; ok is false when there is none.
func (n Number) Time() (t time.Time, ok bool) {
	const (
		milli = 1_000_000_000_000
		year  = 31_556_952
		last  = (9999 - 1970) * year // what JSON can write as a date
	)
	switch v := n.Value; {
	case !n.Set || v <= 0:
		return time.Time{}, false
	case v >= milli && v/1000 < last:
		return time.UnixMilli(v).UTC(), true
	case v < milli && v < last:
		return time.Unix(v, 0).UTC(), true
	default:
		return time.Time{}, false
	}
}

// Length counts UTF-16 units, the most careful reading of Meta's "characters".
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

package load

import (
	"strconv"
	"strings"
)

// A customer writes "17-4", and the flow answers "You said 17-4": message 4 of
// customer 17. The customers of a run carry its code in their ids, so that what
// a program still has to say to those of an earlier run is told apart.
const (
	said        = "You said "
	runDigits   = 6
	idDigits    = 7
	mostSenders = 9_999_999
)

// run is the code of a run, six digits.
type run string

func appendLabel(b []byte, s slot) []byte {
	b = strconv.AppendInt(b, int64(s.sender), 10)
	b = append(b, '-')
	return strconv.AppendInt(b, int64(s.number), 10)
}

// appendPhone is a phone number with the country code 44 and 15 digits in all.
func (r run) appendPhone(b []byte, sender int) []byte {
	return appendPadded(append(append(b, "44"...), r...), sender)
}

// appendUser is a business-scoped user id.
func (r run) appendUser(b []byte, sender int) []byte {
	return appendPadded(append(append(b, "GB.LOAD"...), r...), sender)
}

func appendPadded(b []byte, sender int) []byte {
	at := len(b)
	b = append(b, "0000000"...)
	for i := at + idDigits - 1; sender > 0; i-- {
		b[i] = byte('0' + sender%10)
		sender /= 10
	}
	return b
}

// sender reads who is meant by a user id or by a phone number with or without +.
func (r run) sender(recipient string) (sender int, ok bool) {
	for _, prefix := range []string{"GB.LOAD", "+44", "44"} {
		if rest, found := strings.CutPrefix(recipient, prefix+string(r)); found && len(rest) == idDigits {
			n, err := strconv.Atoi(rest)
			return n, err == nil
		}
	}
	return 0, false
}

// parseAnswer reads which message a text answers.
func parseAnswer(text string) (slot, bool) {
	rest, ok := strings.CutPrefix(text, said)
	if !ok {
		return slot{}, false
	}
	label, _, _ := strings.Cut(rest, "\n")
	sender, number, _ := strings.Cut(label, "-")
	s, err1 := strconv.Atoi(sender)
	n, err2 := strconv.Atoi(number)
	return slot{s, n}, err1 == nil && err2 == nil && s >= 0 && n > 0
}

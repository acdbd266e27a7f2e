package value

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Email is the one e-mail address in a text, its domain in lower case, at most
// 254 bytes. ok is false without one and with two different ones, and for
// what is an address in the standards only: quoted, with an address of a
// machine, without a dot in its domain, or with signs before the @ that no
// provider gives out. A domain may have Latin letters with marks.
func Email(text string) (address string, ok bool) {
	if len(text) > longest {
		return "", false
	}
	for at := range len(text) {
		if text[at] != '@' || alone(text, at) {
			continue
		}
		local, domain := localPart(text[:at]), domainPart(text[at+1:])
		found := local + "@" + domain
		if !validLocal(local) || !validDomain(domain) || len(found) > 254 || ok && found != address { // RFC 5321, 4.5.3.1.3
			return "", false
		}
		address, ok = found, true
	}
	return address, ok
}

// alone reports whether an @ is no part of an address: "@shop" is a name on a
// platform, "4 pieces @ 5 euro" a price.
func alone(text string, at int) bool {
	return at == 0 || text[at-1] == ' ' || text[at-1] == '\n' || at+1 == len(text) || text[at+1] == ' ' || text[at+1] == '\n'
}

// localPart is what stands before an @, without marks around it. It takes in
// everything that the standard allows, so that an address is refused, not cut.
func localPart(before string) string {
	start := len(before)
	for start > 0 && (alnum(before[start-1]) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", before[start-1]) >= 0) {
		start--
	}
	if r, _ := utf8.DecodeLastRuneInString(before[:start]); unicode.Is(unicode.Latin, r) || r == '@' || r == '"' {
		return ""
	}
	return strings.TrimLeft(before[start:], "!#$%&'*-/=?^`{|}~.")
}

func validLocal(s string) bool {
	if s == "" || len(s) > 64 || s[len(s)-1] == '.' || strings.Contains(s, "..") { // RFC 5321, 4.5.3.1.1
		return false
	}
	return !strings.ContainsAny(s, "!#$*/=?^`{|}")
}

// domainPart is what stands behind an @, in lower case, without the marks behind
// it. What cannot be told from a part of it makes it empty.
func domainPart(after string) string {
	end := 0
	for end < len(after) {
		r, size := utf8.DecodeRuneInString(after[end:])
		if r >= 0x80 && !unicode.Is(unicode.Latin, r) || r < 0x80 && !alnum(byte(r)) && r != '-' && r != '.' {
			break
		}
		end += size
	}
	if end < len(after) && (after[end] == '@' || after[end] == '_') {
		return ""
	}
	return strings.ToLower(strings.TrimRight(after[:end], ".-"))
}

func validDomain(s string) bool {
	labels := 0
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' { // RFC 1035, 2.3.4
			return false
		}
		labels++
		last = label
	}
	if labels < 2 || len(s) > 253 || len(last) < 2 {
		return false
	}
	return strings.HasPrefix(last, "xn--") || !strings.ContainsAny(last, "0123456789-")
}

func alnum(c byte) bool { return digit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

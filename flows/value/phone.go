package value

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Phone is the one phone number in a text in E.164, such as "+491712345678". A
// number without a country's code is one of the country, an ISO 3166 code such
// as "DE"; without a country only numbers with "+" are read. ok is false without
// a number that can exist, and with two different ones.
func Phone(text, country string) (number string, ok bool) {
	if len(text) > longest {
		return "", false
	}
	region := strings.ToUpper(strings.TrimSpace(country))
	if region == "" {
		region = "ZZ" // no region, to libphonenumber
	}
	candidates := phones(plain(text))
	if len(candidates) > mostPhones {
		return "", false
	}
	for _, c := range candidates {
		parsed, err := phonenumbers.Parse(c, region)
		if err != nil || !phonenumbers.IsValidNumber(parsed) {
			continue
		}
		found := phonenumbers.Format(parsed, phonenumbers.E164)
		if ok && found != number {
			return "", false
		}
		number, ok = found, true
	}
	return number, ok
}

// Each candidate costs some microseconds. Nobody answers with so many.
const mostPhones = 8

// A phone number has at most 15 digits (ITU-T E.164), and we allow for what is
// dialled before it. Less than 6 is a time, a price, a number of guests.
const (
	fewestDigits = 6
	mostDigits   = 19
)

// phones are the parts of a text that are written like phone numbers.
func phones(s string) []string {
	var found []string
	for at := 0; at < len(s); {
		if !dialled(s[at]) {
			at++
			continue
		}
		end, digits := at, 0
		for end < len(s) && (end == at || s[end] != '+') && (dialled(s[end]) || strings.IndexByte(" -./", s[end]) >= 0) {
			if digit(s[end]) {
				digits++
			}
			end++
		}
		if digits >= fewestDigits && digits <= mostDigits {
			found = append(found, s[at:end])
		}
		at = end
	}
	return found
}

func dialled(c byte) bool { return digit(c) || c == '+' || c == '(' || c == ')' }

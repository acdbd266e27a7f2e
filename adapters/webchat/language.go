package webchat

import (
	"regexp"
	"strings"
)

// tagShape is a language tag as browsers write it: "de", "de-AT", "zh-Hant-TW"
// (RFC 5646, without the forms that no browser sends).
var tagShape = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// language is the first tag of an Accept-Language header (RFC 9110, 12.5.4), which
// is the one that browsers put first for their user; empty when there is none.
func language(header string) string {
	first, _, _ := strings.Cut(header, ",")
	tag, _, _ := strings.Cut(first, ";")
	if tag = strings.TrimSpace(tag); tagShape.MatchString(tag) {
		return tag
	}
	return ""
}

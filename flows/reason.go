package flows

import (
	"errors"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/file"
)

// What the expression library says in words of Go.
var (
	libraryToken    = regexp.MustCompile(`unexpected token \w+\("(.*)"\)`)
	libraryMismatch = regexp.MustCompile(`invalid operation: (\S+) \(mismatched types (\w+) and (\w+)\)`)
	librarySingle   = regexp.MustCompile(`invalid operation: (\S+) \(mismatched type (\w+)\)`)
	libraryArgument = regexp.MustCompile(`cannot use (\w+) as argument \(type (\w+)\) to call (\w+)`)
	libraryInvalid  = regexp.MustCompile(`invalid argument for (\w+) \(type (\w+)\)`)
	libraryKind     = regexp.MustCompile(`\b(?:string|bool|int|float64)\b`)
)

// reason is why an expression cannot be used, for people who do not know Go.
func reason(err error) string {
	why := err.Error()
	if bad, ok := errors.AsType[*file.Error](err); ok {
		why = bad.Message
	}
	if strings.Contains(why, "nil") {
		return "something in it is nothing then"
	}
	why = strings.ReplaceAll(why, "unexpected token EOF", "more is expected")
	why = libraryToken.ReplaceAllString(why, `unexpected "$1"`)
	why = libraryMismatch.ReplaceAllString(why, "$1 between $2 and $3")
	why = librarySingle.ReplaceAllString(why, "$1 before $2")
	why = libraryArgument.ReplaceAllString(why, "$3() takes $2, and not $1")
	why = libraryInvalid.ReplaceAllString(why, "$1() does not take $2")
	return strings.TrimSpace(libraryKind.ReplaceAllStringFunc(why, func(kind string) string {
		switch kind {
		case "string":
			return "a text"
		case "bool":
			return "true or false"
		default:
			return "a number"
		}
	}))
}

// readingHint is what to do about an expression that cannot be read.
func readingHint(src string, err error) string {
	switch why := reason(err); {
	case strings.Contains(src, "=>"), strings.Contains(src, "=<"):
		return "at least is >=, and at most is <="
	case strings.Contains(why, `unexpected "="`):
		return `two things are compared with ==: status == "open"`
	case strings.Contains(why, "more is expected"):
		return "its end is missing"
	default:
		return ""
	}
}

// typesHint is what to do about an operator between values of other kinds than it takes.
func typesHint(err error) string {
	operator, _, found := strings.Cut(reason(err), " ")
	if !found || !strings.Contains(err.Error(), "invalid operation") {
		return ""
	}
	switch operator {
	case "and", "or", "not", "&&", "||", "!":
		return "what it joins must be true or false, such as hours.open or size == \"S\""
	case "contains", "startsWith", "endsWith", "matches":
		return "both sides must be texts"
	default:
		return "both sides must be of one type: a number is 3, a text is \"3\""
	}
}

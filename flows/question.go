package flows

import (
	"fmt"
	"math"
	"regexp"
	resyntax "regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
	"frontdesk/flows/value"
)

// question is what a state asks for.
type question struct {
	variable  string
	kind      string         // one of questionTypes
	pattern   *regexp.Regexp // nil: any text
	low, high bound
	whole     bool
	longest   int
	retry     *text // nil: notUnder and the question again
	tries     int
	otherwise *exit
}

// bound is the smallest or the largest answer.
type bound struct {
	set    bool
	number float64   // of a number, or of characters
	days   int       // from today, when date is zero
	date   time.Time // of a date that is written out
}

// takesAll reports whether every text answers the question.
func (q *question) takesAll() bool {
	return q.kind == typeText && q.pattern == nil && !q.low.set
}

// files reports whether the question is answered with a file or a place.
func (q *question) sends() bool {
	switch q.kind {
	case typeImage, typeVideo, typeAudio, typeDocument, typeMedia, typeLocation:
		return true
	default:
		return false
	}
}

// answer is what a text answers to the question; ok is false when it is none.
func (q *question) answer(words string, w *walk) (answer any, ok bool) {
	if words == "" || q.sends() {
		return nil, false
	}
	tag := w.set.Languages[w.tongue()]
	switch q.kind {
	case typeNumber:
		n, ok := value.Number(words, tag)
		fits := ok && !(q.low.set && n < q.low.number) && !(q.high.set && n > q.high.number) && !(q.whole && n != math.Trunc(n))
		return n, fits
	case typeEmail:
		return value.Email(words)
	case typePhone:
		return value.Phone(words, w.set.country)
	case typeDate:
		today := midnight(w.set.local(w.env.Now))
		date, ok := value.Date(words, tag, w.set.country, today)
		return value.ISO(date), ok && !date.Before(q.low.day(today, date)) && !date.After(q.high.day(today, date))
	case typeChoice:
		return nil, false
	}
	return q.text(words)
}

// text is what a text answers to a question for one: all of it, or what the
// group of the pattern caught, if it has one and only one.
func (q *question) text(words string) (any, bool) {
	if q.pattern != nil {
		found := q.pattern.FindStringSubmatch(words)
		if found == nil {
			return nil, false
		}
		if len(found) == 2 {
			if caught := strings.TrimSpace(found[1]); caught != "" {
				words = caught
			}
		}
	}
	if n := float64(carry.UTF16.Len(words)); q.low.set && n < q.low.number || q.high.set && n > q.high.number {
		return nil, false
	}
	return cut(words, q.longest), true
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// day is the bound of a date; without one it is the date itself, which it then fits.
func (b bound) day(today, date time.Time) time.Time {
	switch {
	case !b.set:
		return date
	case b.date.IsZero():
		return today.AddDate(0, 0, b.days)
	default:
		return time.Date(b.date.Year(), b.date.Month(), b.date.Day(), 0, 0, 0, 0, today.Location())
	}
}

// file is what a picture, a file or a place answers to the question.
func (q *question) file(in Sent) (answer any, ok bool) {
	switch {
	case q.kind == typeLocation && in.Location != nil:
		answer := map[string]any{"latitude": in.Location.Latitude, "longitude": in.Location.Longitude}
		name(answer, "name", in.Location.Name)
		name(answer, "address", in.Location.Address)
		return answer, true
	case in.Kind != q.kind && (q.kind != typeMedia || !isFile(in.Kind)):
		return nil, false
	}
	file := map[string]any{"kind": in.Kind}
	if in.Media != nil {
		name(file, "filename", in.Media.Filename)
	}
	return file, true
}

// name keeps what a file or a place is called. What has no name has no such part,
// so that ?? gives a fallback.
func name(of map[string]any, part, called string) {
	if called = cut(called, longestField); strings.TrimSpace(called) != "" {
		of[part] = called
	}
}

func isFile(kind string) bool {
	switch kind {
	case typeImage, typeVideo, typeAudio, typeDocument:
		return true
	default:
		return false
	}
}

// buildQuestion reads what a state asks for; its exits come later.
func (l *loader) buildQuestion(s *rawState) *question {
	f := s.fields
	name, _ := f.Get("ask").Text()
	q := &question{variable: name, kind: typeText, tries: defaultTries, longest: longestAnswer}
	if kind, ok := f.Get("type").Text(); ok {
		if !slices.Contains(questionTypes(), kind) {
			f.Get("type").Report(codeValue, fmt.Sprintf("%q is no type of a question", kind), nearHint(kind, questionTypes()))
		} else {
			q.kind = kind
		}
	}
	q.retry = l.say(s, f.Get("retry"), s.name+".retry")
	if n, ok := f.Get("tries").Int(1, 20); ok {
		q.tries = n
	}
	if whole, ok := f.Get("whole").Bool(); ok {
		if q.whole = whole; q.kind != typeNumber {
			f.Key("whole").Report(codeTogether, "whole belongs to a question of type number", "")
		}
	}
	q.low, q.high = l.bound(f, "min", q), l.bound(f, "max", q)
	if q.kind == typeText && q.high.set {
		q.longest = int(min(q.high.number, mostAnswer))
	}
	if q.kind == typePhone && l.set.country == "" {
		f.Get("type").Warn(codeMissing, "without a country only numbers with + are read", `write "country: DE", with your two letters, at the top`)
	}
	q.pattern = l.pattern(f, q)
	l.checkBounds(f, q)
	return q
}

func (l *loader) pattern(f source.Fields, q *question) *regexp.Regexp {
	p, ok := f.Get("pattern").Text()
	if !ok {
		return nil
	}
	if q.kind != typeText {
		f.Key("pattern").Report(codeTogether, fmt.Sprintf("a pattern in a question of type %s", q.kind), "a pattern belongs to type: text")
	}
	re, err := regexp.Compile(p)
	if err != nil {
		f.Get("pattern").Report(codePattern, "the pattern is no regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "), "")
		return nil
	}
	return re
}

// bound reads min or max.
func (l *loader) bound(f source.Fields, key string, q *question) bound {
	n := f.Get(key)
	if !n.Exists() {
		return bound{}
	}
	switch q.kind {
	case typeNumber:
		v, ok := n.Float()
		return bound{set: ok, number: v}
	case typeText:
		v, ok := n.Int(1, mostAnswer)
		return bound{set: ok, number: float64(v)}
	case typeDate:
		return l.dateBound(n)
	}
	f.Key(key).Report(codeTogether, fmt.Sprintf("%s in a question of type %s", key, q.kind), "it belongs to numbers, texts and dates")
	return bound{}
}

var fromToday = regexp.MustCompile(`^today(?:\s*([+-])\s*(\d{1,4}))?$`)

func (l *loader) dateBound(n source.Node) bound {
	if m := fromToday.FindStringSubmatch(n.Raw()); m != nil {
		days, _ := strconv.Atoi(m[1] + m[2]) // nothing behind today is no number, and 0
		return bound{set: true, days: days}
	}
	if date, err := time.Parse(time.DateOnly, n.Raw()); err == nil {
		return bound{set: true, date: date}
	}
	n.Report(codeValue, fmt.Sprintf("%q is no date", n.Raw()), "write today, today+14, or a date such as 2026-12-24")
	return bound{}
}

// checkBounds reports a question that nothing answers.
func (l *loader) checkBounds(f source.Fields, q *question) {
	if !q.low.set || !q.high.set {
		return
	}
	none := q.low.number > q.high.number
	if q.kind == typeDate {
		none = q.low.date.IsZero() && q.high.date.IsZero() && q.low.days > q.high.days ||
			!q.low.date.IsZero() && !q.high.date.IsZero() && q.low.date.After(q.high.date)
	}
	if none {
		f.Get("min").Report(codeValue, "no answer is at least min and at most max", "exchange them")
	}
}

func nearHint(name string, names []string) string {
	if meant, ok := source.Nearest(name, names); ok {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	return "write one of " + strings.Join(names, ", ")
}

// caughtBy is how long an answer may be that a pattern lets pass: where its one
// group, or all of it from ^ to $, is bounded, no longer than that.
func caughtBy(pattern string) int {
	re, err := resyntax.Parse(pattern, resyntax.Perl)
	if err != nil || pattern == "" {
		return longestAnswer
	}
	switch {
	case re.MaxCap() == 1:
		return min(longestAnswer, longestMatch(group(re)))
	case strings.HasPrefix(pattern, "^") && strings.HasSuffix(pattern, "$") && !strings.Contains(pattern, "|"):
		return min(longestAnswer, longestMatch(re))
	default:
		return longestAnswer
	}
}

// group is the one group of a pattern.
func group(re *resyntax.Regexp) *resyntax.Regexp {
	if re.Op == resyntax.OpCapture {
		return re
	}
	for _, sub := range re.Sub {
		if found := group(sub); found != nil {
			return found
		}
	}
	return nil
}

// longestMatch is how many UTF-16 units a match may have; at most a little more
// than longestAnswer when there is no end.
func longestMatch(re *resyntax.Regexp) int {
	const endless = longestAnswer + 1
	if re == nil {
		return endless
	}
	sum := func(of func(a, b int) int) int {
		n := 0
		for _, sub := range re.Sub {
			n = of(n, longestMatch(sub))
		}
		return min(n, endless)
	}
	switch re.Op {
	case resyntax.OpLiteral:
		return min(2*len(re.Rune), endless)
	case resyntax.OpCharClass:
		if n := len(re.Rune); n > 0 && re.Rune[n-1] <= 0xffff {
			return 1
		}
		return 2
	case resyntax.OpAnyChar, resyntax.OpAnyCharNotNL:
		return 2
	case resyntax.OpStar, resyntax.OpPlus:
		return endless
	case resyntax.OpRepeat:
		if re.Max < 0 {
			return endless
		}
		return min(re.Max*longestMatch(re.Sub[0]), endless)
	case resyntax.OpAlternate:
		return sum(func(a, b int) int { return max(a, b) })
	case resyntax.OpConcat, resyntax.OpCapture, resyntax.OpQuest:
		return sum(func(a, b int) int { return a + b })
	default: // ^, $, \b and what matches nothing
		return 0
	}
}

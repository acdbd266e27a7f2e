package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"frontdesk/flows/hours"
	"frontdesk/flows/source"
)

// readClock reads the time zone and the hours of the business.
func (l *loader) readClock() {
	l.set.zone = time.UTC
	if name, ok := l.top.Get("timezone").Text(); ok {
		zone, err := time.LoadLocation(name)
		if err != nil || name == "" || name == "Local" {
			l.top.Get("timezone").Report(codeHours, fmt.Sprintf("%q is no time zone", name), "write its IANA name, such as Europe/Berlin")
		} else {
			l.set.zone = zone
		}
	}
	if code, ok := l.top.Get("country").Text(); ok {
		if hint, bad := notCountry(code); bad {
			l.top.Get("country").Report(codeValue, fmt.Sprintf("%q is no country", code), hint)
		}
		l.set.country = code
	}
	if l.top.Has("hours") {
		l.set.hours = l.week(l.top.Get("hours"))
		if !l.top.Has("timezone") {
			l.top.Key("hours").Report(codeMissing, "hours without a time zone", "write for example timezone: Europe/Berlin")
		}
	}
}

// notCountry tells what to write instead of what is no code of a country.
func notCountry(code string) (hint string, bad bool) {
	region, err := language.ParseRegion(code)
	switch {
	case len(code) != 2 || err != nil || !region.IsCountry():
		return "write its two letters, such as DE", true
	case region.Canonicalize().String() != code:
		return "write " + region.Canonicalize().String(), true
	default:
		return "", false
	}
}

// week reads hours: days, closed and special.
func (l *loader) week(n source.Node) hours.Week {
	b := hours.New(l.set.zone)
	open := map[time.Weekday][]hours.Span{}
	for _, e := range n.Entries() {
		switch e.Name {
		case "closed":
			for _, item := range e.Value.List() {
				if date, ok := l.day(item, item.Raw()); ok {
					b.Close(date)
				}
			}
		case "special":
			for _, day := range e.Value.Entries() {
				date, ok := l.day(day.Key, day.Name)
				spans, fits := l.spans(day.Value)
				if ok && fits {
					b.Special(date, spans)
				}
			}
		default:
			days, err := hours.ParseDays(e.Name)
			if err != nil {
				hint := oneLine(err)
				if meant, ok := source.Nearest(e.Name, []string{"closed", "special"}); ok {
					hint = fmt.Sprintf("did you mean %q?", meant)
				}
				e.Key.Report(codeHours, fmt.Sprintf("%q is no day", e.Name), hint)
				continue
			}
			spans, ok := l.spans(e.Value)
			if !ok {
				continue
			}
			if twice := overlapping(open, days, spans); twice != nil {
				e.Value.Report(codeHours, "a day has overlapping times", oneLine(twice)+"; write each time of a day once")
				continue
			}
			b.Add(days, spans)
		}
	}
	return b.Week()
}

// overlapping adds spans to those of days, and tells where two of them overlap.
func overlapping(open map[time.Weekday][]hours.Span, days []time.Weekday, spans []hours.Span) error {
	for _, d := range days {
		if err := hours.Overlap(slices.Concat(open[d], spans)); err != nil {
			return err
		}
	}
	for _, d := range days {
		open[d] = append(open[d], spans...)
	}
	return nil
}

// oneLine is an error as a hint; several faults stand side by side.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

func (l *loader) day(n source.Node, text string) (hours.Date, bool) {
	date, err := hours.ParseDate(text)
	if err != nil {
		n.Report(codeHours, fmt.Sprintf("%q is no date", text), oneLine(err))
		return date, false
	}
	return date, true
}

func (l *loader) spans(n source.Node) ([]hours.Span, bool) {
	if !n.Exists() || !n.Scalar() {
		n.Text()
		return nil, false
	}
	spans, err := hours.ParseSpans(n.Raw())
	switch {
	case err != nil && strings.TrimSpace(n.Raw()) == "":
		n.Report(codeHours, "there are no times", oneLine(err))
		return nil, false
	case err != nil:
		n.Report(codeHours, fmt.Sprintf("%q are no times", n.Raw()), oneLine(err))
		return nil, false
	}
	return spans, true
}

// local is a moment on the wall clock of the business.
func (s *Set) local(t time.Time) time.Time {
	if s.zone == nil {
		return t.UTC()
	}
	return t.In(s.zone)
}

// opensOn reports whether the business opens at all on a date; not for what is none.
func (s *Set) opensOn(iso string) bool {
	date, err := time.ParseInLocation(time.DateOnly, iso, s.local(time.Time{}).Location())
	if err != nil {
		return false
	}
	opens, ok := s.hours.Opens(date)
	return ok && opens.Format(time.DateOnly) == iso
}

// opening is what expressions know of the hours at a moment, by the word after
// the dot, in the words of a language of the set.
func (s *Set) opening(part string, now time.Time, tongue int) any {
	now = s.local(now)
	tag := s.Languages[tongue]
	switch part {
	case "open":
		return s.hours.Open(now)
	case "week":
		if tongue < len(s.weeks) {
			return s.weeks[tongue]
		}
		return s.hours.Describe(tag)
	case "today":
		return s.hours.DescribeDay(now, tag)
	case "next":
		return s.hours.DescribeNext(now, tag)
	default:
		return nil
	}
}

package hours

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Span is a part of a day, in minutes of the wall clock since its midnight: from
// From, below 1440, until just before To. A To above 1440 is on the next day.
type Span struct{ From, To int }

const wholeDay = 24 * 60

// String is the span as it is written in a file: "09:00-12:30", "18:00-02:00".
func (s Span) String() string { return clock(s.From) + "-" + clock(s.To) }

func clock(minute int) string {
	if minute > wholeDay {
		minute -= wholeDay
	}
	return fmt.Sprintf("%02d:%02d", minute/60, minute%60)
}

// ParseSpans reads the hours of a day: spans with commas in between
// ("09:00-12:30, 13:30-18:00"), "24h", or "closed", which is no spans. A span
// may end at 24:00, or past midnight on the next day ("18:00-02:00"). The spans
// come back sorted. All that is wrong is told at once, joined by errors.Join.
func ParseSpans(text string) ([]Span, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		return nil, errors.New(`no hours are given; write 09:00-18:00, 24h or closed`)
	case "closed":
		return nil, nil
	case "24h":
		return []Span{{0, wholeDay}}, nil
	}
	var spans []Span
	var faults []error
	for part := range strings.SplitSeq(text, ",") {
		s, err := parseSpan(strings.TrimSpace(part))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		spans = append(spans, s)
	}
	spans = sorted(spans)
	if err := overlap(spans); err != nil {
		faults = append(faults, err)
	}
	return spans, errors.Join(faults...)
}

func parseSpan(text string) (Span, error) {
	from, to, ok := strings.Cut(dashes.Replace(text), "-")
	if !ok {
		return Span{}, fmt.Errorf(`%q is no span of hours; write it as 09:00-18:00`, text)
	}
	start, err := parseClock(strings.TrimSpace(from))
	if err != nil {
		return Span{}, err
	}
	end, err := parseClock(strings.TrimSpace(to))
	switch {
	case err != nil:
		return Span{}, err
	case start == end:
		return Span{}, fmt.Errorf(`%q ends when it begins; write 24h for the whole day, or closed`, text)
	case start == wholeDay:
		return Span{}, fmt.Errorf(`%q begins at 24:00; a day begins at 00:00, so write %s on the day after`, text, Span{0, end})
	case end < start:
		end += wholeDay
	}
	return Span{start, end}, nil
}

// A dash is what a word processor makes of a hyphen.
var dashes = strings.NewReplacer("–", "-", "—", "-")

func parseClock(text string) (int, error) {
	hour, minute, ok := strings.Cut(text, ":")
	h, wrongHour := strconv.ParseUint(hour, 10, 8)
	m, wrongMinute := strconv.ParseUint(minute, 10, 8)
	if !ok || wrongHour != nil || wrongMinute != nil || len(hour) > 2 || len(minute) != 2 || h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, fmt.Errorf(`%q is no time of day; write it with hours and minutes from 00:00 to 24:00, such as 09:00 or 17:30`, text)
	}
	return int(h)*60 + int(m), nil
}

// overlap tells of two spans of a day that share some of it. Into the next day's
// spans they may reach: that is nobody's mistake.
func overlap(spans []Span) error {
	if len(spans) == 0 {
		return nil
	}
	longest := spans[0]
	for _, s := range spans[1:] {
		if s.From < longest.To && longest.To < wholeDay {
			return fmt.Errorf(`%s and %s overlap; write them as one span, or let the second begin at %s or later`, longest, s, clock(longest.To))
		}
		if s.From < longest.To {
			return fmt.Errorf(`%s and %s overlap; write them as one span`, longest, s)
		}
		if s.To > longest.To {
			longest = s
		}
	}
	return nil
}

// Overlap reports the first two spans of a day that share some of it, as an
// error for the owner; nil when none do. It is for spans that were read apart,
// such as those of "mon-fri" and of "mon".
func Overlap(spans []Span) error { return overlap(sorted(slices.Clone(spans))) }

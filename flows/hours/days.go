package hours

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ParseDays reads days of the week: "mon" to "sun" or their whole names, ranges
// that may go around the end of the week ("mon-fri", "sat-mon"), lists of both
// ("mon, wed-fri"), or "daily". The days come back in the order in which they
// are written. All that is wrong is told at once, joined by errors.Join.
func ParseDays(text string) ([]time.Weekday, error) {
	if strings.EqualFold(strings.TrimSpace(text), "daily") {
		return through(time.Monday, time.Sunday), nil
	}
	var days []time.Weekday
	var faults []error
	for part := range strings.SplitSeq(text, ",") {
		some, err := parseRange(strings.TrimSpace(part))
		if err != nil {
			faults = append(faults, err)
		}
		for _, d := range some {
			if slices.Contains(days, d) {
				faults = append(faults, fmt.Errorf(`%s is in %q twice; name each day once`, short(d), text))
				continue
			}
			days = append(days, d)
		}
	}
	return days, errors.Join(faults...)
}

func parseRange(text string) ([]time.Weekday, error) {
	from, to, isRange := strings.Cut(dashes.Replace(text), "-")
	first, err := parseDay(strings.TrimSpace(from))
	if err != nil {
		return nil, err
	}
	if !isRange {
		return []time.Weekday{first}, nil
	}
	last, err := parseDay(strings.TrimSpace(to))
	if err != nil {
		return nil, err
	}
	if first == last {
		return nil, fmt.Errorf(`%q is one day; write %s, or daily for the whole week`, text, short(first))
	}
	return through(first, last), nil
}

func parseDay(text string) (time.Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(text, short(d)) || strings.EqualFold(text, d.String()) {
			return d, nil
		}
	}
	if text == "" {
		return 0, errors.New(`a day of the week is missing; write mon-fri, or mon, wed, or daily`)
	}
	return 0, fmt.Errorf(`%q is no day of the week; write mon, tue, wed, thu, fri, sat, sun or daily`, text)
}

func short(d time.Weekday) string { return strings.ToLower(d.String()[:3]) }

// through is all days from one to another, over the end of the week if need be.
func through(first, last time.Weekday) []time.Weekday {
	var days []time.Weekday
	for d := first; ; d = (d + 1) % 7 {
		days = append(days, d)
		if d == last {
			return days
		}
	}
}

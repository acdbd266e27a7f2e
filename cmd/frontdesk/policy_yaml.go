package main

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"frontdesk/bot/window"
)

// pair is a key of a row with its value; an empty value is left out.
type pair struct{ key, value string }

// policyYAML writes all rows as a policy file.
func policyYAML(w io.Writer, t window.Table, _ time.Time) error {
	var b bytes.Buffer
	b.WriteString(`# What platforms allow and what it costs. The operator's file names this one: policy: FILE.
# It replaces what is shipped for the channels it names, so remove those that you leave as they
# are. A row holds from its day on, until the day before the other, in UTC; without these always.
channels:
`)
	for _, channel := range t.Channels() {
		fmt.Fprintf(&b, "  %s:\n", channel)
		yamlChannel(&b, t.Only(channel))
	}
	b.WriteString("\n# Where customers are, by calling code and country: the longest code counts.\nmarkets:\n")
	for _, m := range t.Markets {
		fmt.Fprintf(&b, "  %s: {codes: %s", strconv.Quote(m.Name), quotedList(m.Codes))
		if len(m.Countries) > 0 {
			fmt.Fprintf(&b, ", countries: %s", quotedList(m.Countries))
		}
		b.WriteString("}\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

func yamlChannel(b *bytes.Buffer, t window.Table) {
	yamlRows(b, "rules", t.Rules, func(r window.Rule) []pair {
		row := []pair{{"author", string(r.Author)}}
		if r.Length > 0 {
			row = append(row, pair{"starts", inBrackets(r.Starts)}, pair{"length", hoursWords(r.Length)})
		}
		row = append(row, pair{"tag", r.Tag}, pair{"needs", quoted(r.Needs)})
		return append(row, spanPairs(r.From, r.Until, r.Source)...)
	})
	yamlRows(b, "entries", t.Entries, func(e window.Entry) []pair {
		row := []pair{{"start", string(e.Start)}, {"length", hoursWords(e.Length)}}
		return append(row, spanPairs(e.From, e.Until, e.Source)...)
	})
	yamlRows(b, "free", t.Free, func(f window.Allotment) []pair {
		row := []pair{{"category", string(f.Category)}, {"per_month", strconv.Itoa(f.PerMonth)}}
		return append(row, spanPairs(f.From, f.Until, f.Source)...)
	})
	yamlRows(b, "rates", t.Rates, func(r window.Rate) []pair {
		row := []pair{{"market", quoted(r.Market)}, {"category", string(r.Category)}}
		if r.Inside {
			row = append(row, pair{"inside", "true"})
		}
		row = append(row, pair{"price", r.Amount.String()})
		return append(row, spanPairs(r.From, r.Until, r.Source)...)
	})
}

func spanPairs(from, until time.Time, source string) []pair {
	row := []pair{{"from", ""}, {"until", ""}, {"source", quoted(source)}}
	for i, at := range []time.Time{from, until} {
		if !at.IsZero() {
			row[i].value = dayWords(at)
		}
	}
	return row
}

func yamlRows[T any](b *bytes.Buffer, key string, rows []T, pairs func(T) []pair) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(b, "    %s:\n", key)
	for _, row := range rows {
		lead := "- "
		for _, p := range pairs(row) {
			if p.value != "" {
				fmt.Fprintf(b, "      %s%s: %s\n", lead, p.key, p.value)
				lead = "  "
			}
		}
	}
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return strconv.Quote(s)
}

func quotedList(words []string) string {
	list := make([]string, 0, len(words))
	for _, w := range words {
		list = append(list, strconv.Quote(w))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func inBrackets[T ~string](words []T) string {
	list := make([]string, 0, len(words))
	for _, w := range words {
		list = append(list, string(w))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

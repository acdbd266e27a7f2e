package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// costReport is what costs prints.
type costReport struct {
	From        time.Time `json:"from"`
	Until       time.Time `json:"until"` // not any more
	Total       *costSum  `json:"total"`
	Differences []costRow `json:"differences,omitempty"`
	more        int       // differences that are not listed
}

// text writes it for people.
func (r costReport) text(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "what messages cost from %s until %s\n\n", r.From.Format(costTime), r.Until.Format(costTime))
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "together\t%s\n", r.Total.words())
	fmt.Fprintf(t, "merging spared\t%s\n", r.Total.savedWords())
	if n := r.Total.Void; n > 0 {
		fmt.Fprintf(t, "not delivered\t%s, which cost nothing\n", counted(n, "message"))
	}
	if n := r.Total.Unreported; n > 0 {
		fmt.Fprintf(t, "not reported\t%s: the platform told no price of them yet\n", counted(n, "message"))
	}
	for _, key := range costKeys() {
		group := r.Total.Groups[key.name]
		for i, name := range slices.Sorted(maps.Keys(group)) {
			if i == 0 {
				fmt.Fprintf(t, "\t\nby %s\t\n", key.name)
			}
			fmt.Fprintf(t, "  %s\t%s\n", name, group[name].words())
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	r.differences(&b)
	_, err := w.Write(trimLines(b.Bytes()))
	return err
}

const costTime = "2006-01-02 15:04 MST"

func (s *costSum) words() string {
	free := ""
	if s.Free > 0 {
		free = fmt.Sprintf(", %d for nothing", s.Free)
	}
	return fmt.Sprintf("%s%s: %s", counted(s.Messages, "message"), free, moneyWords(s.Spent, s.Unknown))
}

func (s *costSum) savedWords() string {
	if s.Saved == 0 {
		return "nothing"
	}
	return fmt.Sprintf("%s: %s", counted(s.Saved, "message"), moneyWords(s.SavedMoney, s.SavedPrices))
}

func (r costReport) differences(b *bytes.Buffer) {
	if r.Total.Differences == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s cost something else than predicted\n", counted(r.Total.Differences, "message"))
	for _, d := range r.Differences {
		fmt.Fprintf(b, "  %s %s, %s-%d: %s, predicted %s; the platform says %s, %s: %s\n", d.At.Format(time.RFC3339), d.Channel,
			d.Conversation, d.Number, d.Differs, d.Predicted, d.Reported.Category, d.Reported.Type, d.Actual)
	}
	if r.more > 0 {
		fmt.Fprintf(b, "  and %d more; --differences --csv lists all\n", r.more)
	}
}

// trimLines takes away what aligning leaves at the ends of lines.
func trimLines(b []byte) []byte {
	lines := bytes.Split(b, []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimRight(line, " ")
	}
	return bytes.Join(lines, []byte("\n"))
}

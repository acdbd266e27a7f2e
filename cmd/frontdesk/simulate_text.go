package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// text prints the report for people: one table.
func (r simReport) text(to io.Writer) error {
	var b strings.Builder
	people := "people"
	if r.People == 1 {
		people = "person"
	}
	fmt.Fprintf(&b, "%d %s, %s; seed %d\n", r.People, people, r.Hours, r.Seed)
	for _, run := range r.Runs {
		fmt.Fprintf(&b, "%s\n", run.words())
	}
	b.WriteString("\n")
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "load\torder\tmet\tmissed\tof the best\twait p50\twait p95\t")
	for _, run := range r.Runs {
		for _, o := range run.Orders {
			fmt.Fprintf(w, "%.2f\t%s\t%s\t%s\t%.1f %%\t%s\t%s\t\n", run.Load, o.Order, grouped(o.Met), grouped(o.Missed), 100*o.Share, o.WaitP50, o.WaitP95)
		}
	}
	_ = w.Flush() // a Builder takes everything
	if r.Bot != nil && len(r.Runs) > 0 {
		r.Bot.text(&b, r.Runs[0].Conversations)
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func (r simRun) words() string {
	says := fmt.Sprintf("load %.2f: %s handed over", r.Load, grouped(r.Handed))
	if r.Conversations > 0 {
		says = fmt.Sprintf("load %.2f: of %s conversations %s handed over", r.Load, grouped(r.Conversations), grouped(r.Handed))
	}
	var channels []string
	names := slices.SortedFunc(maps.Keys(r.Channels), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Channels[b], r.Channels[a]), cmp.Compare(a, b))
	})
	for _, name := range names {
		channels = append(channels, grouped(r.Channels[name])+" "+name)
	}
	return says + " (" + strings.Join(channels, ", ") + "); for " + grouped(r.Nobody) + " of them nobody is there in time"
}

// String is for people: "12 min".
func (w simWait) String() string {
	switch d := time.Duration(float64(w) * float64(time.Second)); {
	case d == 0:
		return "-"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	default:
		return fmt.Sprintf("%.1f h", d.Hours())
	}
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

package load

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Table prints a report for people. missed is what is wrong with it.
func (r *Report) Table(to io.Writer, missed []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", r.headline())
	w := tabwriter.NewWriter(&b, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tp50\tp90\tp99\tp99.9\tmax\tcount\t")
	for _, l := range []struct {
		name string
		s    Spread
	}{{"late to go out", r.Late}, {"webhook to its 200", r.Webhook}, {"webhook to the answer", r.Answer}, {"a flush beside it", r.Disk}} {
		if l.s == r.Disk && l.s.Count == 0 {
			continue
		}
		if l.s.Count == 0 {
			fmt.Fprintf(w, "%s\t-\t-\t-\t-\t-\t0\t\n", l.name)
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", l.name, ms(l.s.P50), ms(l.s.P90), ms(l.s.P99), ms(l.s.P999), ms(l.s.Max), thousands(int(l.s.Count)))
	}
	_ = w.Flush() // a Builder takes everything
	b.WriteString("\n")
	for _, line := range r.lines() {
		fmt.Fprintf(&b, "%-11s %s\n", line[0], line[1])
	}
	b.WriteString("\n")
	for _, m := range missed {
		fmt.Fprintf(&b, "MISSED  %s\n", m)
	}
	if len(missed) == 0 {
		b.WriteString("ok\n")
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func (r *Report) headline() string {
	p := r.Played
	pace := fmt.Sprintf("%g messages/s", p.Rate)
	if p.Rate >= 1000 {
		pace = thousands(int(p.Rate)) + " messages/s"
	}
	if p.Rate == 0 {
		pace = fmt.Sprintf("as many as %d webhooks at a time make", p.Concurrency)
	}
	h := fmt.Sprintf("%s for %.1f s: %s on %s", pace, r.Seconds, some(p.Senders, "customer"), some(p.Channels, "number"))
	if p.Batch > 1 {
		h += fmt.Sprintf(", %d messages a webhook", p.Batch)
	}
	if r.Stopped {
		h += "; stopped early"
	}
	return h
}

func (r *Report) lines() [][2]string {
	v := r.Verdict
	sent := fmt.Sprintf("%s, %s of them with a 200, %s answered; %s/s in, %s/s out",
		some(r.Messages, "message"), thousands(r.Taken), thousands(r.Answered), rate(r.Taken, r.Seconds), rate(r.Answered, r.Seconds))
	if r.Waiting > 0 {
		sent += fmt.Sprintf("; %s waiting at the end", thousands(r.Waiting))
	}
	lines := [][2]string{
		{"sent", sent},
		{"webhooks", strings.Join(statuses(r.Statuses), ", ")},
		{"graph", fmt.Sprintf("%s: %s accepted, %s refused and %s held on purpose; %s given up by the program",
			some(r.Graph.Requests, "request"), thousands(r.Graph.Accepted), thousands(r.Graph.Failed), thousands(r.Graph.Held), thousands(r.Graph.Deserted))},
		{"statuses", fmt.Sprintf("%s told in %s, %s sent again, %s never told",
			thousands(r.Told.Told), some(r.Told.Webhooks, "webhook"), thousands(r.Told.Again), thousands(r.Told.Untold))},
	}
	if p := r.Program; p != nil {
		lines = append(lines,
			[2]string{"program", fmt.Sprintf("CPU %s; goroutines %.0f -> %.0f, most %.0f", r.cost(p.CPU), p.Before.Goroutines, p.After.Goroutines, p.Most.Goroutines)},
			[2]string{"memory", fmt.Sprintf("%s -> %s, most %s; with the store's pages %s -> %s",
				bytesText(p.Before.Memory), bytesText(p.After.Memory), bytesText(p.Most.Memory), bytesText(p.Before.Resident), bytesText(p.After.Resident))})
		for _, what := range p.Unsteady {
			lines = append(lines, [2]string{"unsteady", what})
		}
	}
	return append(lines,
		[2]string{"this tool", "CPU " + r.cost(r.ToolCPU)},
		[2]string{"verdict", fmt.Sprintf("lost %d, doubled %d, reordered %d, strayed %d, refused %d; doubled after an unknown result %d",
			v.Lost, v.Doubled, v.Reordered, v.Strayed, v.Refused, v.Unsure)})
}

// cost is CPU time by message, and as a share of the machine.
func (r *Report) cost(seconds float64) string {
	return fmt.Sprintf("%.3f s per 1,000 messages, %.0f %% of %d cores",
		seconds*1000/float64(max(r.Messages, 1)), 100*seconds/max(r.Seconds, 0.001)/float64(r.Played.CPUs), r.Played.CPUs)
}

// statuses tells what webhooks were answered with, the most frequent first.
func statuses(counts map[string]int) []string {
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	for i, name := range names {
		names[i] = thousands(counts[name]) + " x " + name
	}
	return names
}

func rate(n int, seconds float64) string { return thousands(int(float64(n)/max(seconds, 0.001) + 0.5)) }

// ms writes milliseconds with three digits.
func ms(v float64) string {
	switch {
	case v >= 100_000:
		return fmt.Sprintf("%.0f s", v/1000)
	case v >= 1000:
		return fmt.Sprintf("%.2f s", v/1000)
	case v >= 100:
		return fmt.Sprintf("%.0f ms", v)
	case v >= 10:
		return fmt.Sprintf("%.1f ms", v)
	default:
		return fmt.Sprintf("%.2f ms", v)
	}
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

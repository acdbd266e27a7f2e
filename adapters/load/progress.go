package load

import (
	"fmt"
	"io"
	"time"
)

// Progress prints how a run goes: on a terminal one line that is written over
// every second, elsewhere a line every ten seconds.
type Progress struct {
	w        io.Writer
	terminal bool
	gathered []Window
}

// NewProgress makes one that prints to w.
func NewProgress(w io.Writer, terminal bool) *Progress { return &Progress{w: w, terminal: terminal} }

const quietWindows = 10

// Show takes the window that has just ended. It is called from one goroutine.
func (p *Progress) Show(v Window) {
	p.gathered = append(p.gathered, v)
	if p.terminal {
		fmt.Fprintf(p.w, "\r\x1b[K%s", progressLine(p.gathered))
		p.gathered = p.gathered[:0]
	} else if len(p.gathered) == quietWindows {
		fmt.Fprintln(p.w, progressLine(p.gathered))
		p.gathered = p.gathered[:0]
	}
}

// End leaves the line as it stands.
func (p *Progress) End() {
	if p.terminal {
		fmt.Fprintln(p.w)
	}
}

// progressLine sums up windows; percentiles are those of the worst.
func progressLine(all []Window) string {
	var sent, answered int
	var webhook, answer float64
	var took time.Duration
	for _, v := range all {
		sent, answered, took = sent+v.Sent, answered+v.Answered, took+v.Took
		webhook, answer = max(webhook, v.Webhook.P99), max(answer, v.Answer.P99)
	}
	last := all[len(all)-1]
	return fmt.Sprintf("%6s  %6s sent/s  %6s answered/s  p99 webhook %s, answer %s  %s waiting",
		last.At.Round(time.Second), rate(sent, took.Seconds()), rate(answered, took.Seconds()), ms(webhook), ms(answer), thousands(last.Waiting))
}

package load

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
)

// Plot draws a run over time as an SVG for people: how long webhooks and answers
// took, on a scale of powers of ten, what went in and out, and the program's
// memory. It is light or dark as its reader prefers. The error is the writer's.
func (r *Report) Plot(w io.Writer) error {
	panels := r.panels()
	s := sheet{Writer: bufio.NewWriter(w), end: r.end()}
	height := sheetTop
	for _, p := range panels {
		height += p.height + panelGap
	}
	s.line(`<svg xmlns="http://www.w3.org/2000/svg" class="load" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="load-title load-about">`,
		sheetWidth, height, sheetWidth, height)
	s.line(`<title id="load-title">%s</title>`, html.EscapeString(r.headline()))
	s.line(`<desc id="load-about">%s</desc>`, html.EscapeString(r.about()))
	s.line("<style>%s</style>", plotStyle)
	s.line(`<rect class="page" width="%d" height="%d"/>`, sheetWidth, height)
	s.line(`<text class="headline" x="%d" y="30">%s</text>`, plotLeft, html.EscapeString(r.headline()))
	s.line(`<text class="about" x="%d" y="52">%s</text>`, plotLeft, html.EscapeString(r.about()))
	top := sheetTop
	for i, p := range panels {
		s.panel(p, top, i == len(panels)-1)
		top += p.height + panelGap
	}
	s.line("</svg>")
	return s.Flush()
}

// about says in a line what the drawing shows.
func (r *Report) about() string {
	return fmt.Sprintf("%s, %s answered; webhook p99 %s, answer p99 %s; lost %d, doubled %d, reordered %d",
		some(r.Messages, "message"), thousands(r.Answered), ms(r.Webhook.P99), ms(r.Answer.P99), r.Verdict.Lost, r.Verdict.Doubled, r.Verdict.Reordered)
}

// end is the right end of the time axis in seconds.
func (r *Report) end() float64 {
	if n := len(r.Timeline); n > 0 {
		return max(r.Timeline[n-1].At.Seconds(), 1)
	}
	return 1
}

// panels are what there is to draw.
func (r *Report) panels() []panel {
	all := []panel{
		{
			title: "how long it took", height: 260, log: true, unit: axisMillis,
			lines: []series{
				r.series("answer p99", "answer p99", latency(func(w Window) Spread { return w.Answer }, func(s Spread) float64 { return s.P99 })),
				r.series("answer p50", "answer", latency(func(w Window) Spread { return w.Answer }, func(s Spread) float64 { return s.P50 })),
				r.series("webhook p99", "webhook p99", latency(func(w Window) Spread { return w.Webhook }, func(s Spread) float64 { return s.P99 })),
				r.series("webhook p50", "webhook", latency(func(w Window) Spread { return w.Webhook }, func(s Spread) float64 { return s.P50 })),
			},
		},
		{
			title: "messages a second", height: 140, unit: axisCount,
			lines: []series{
				r.series("sent", "webhook p99", perSecond(func(w Window) int { return w.Sent })),
				r.series("answered", "answer", perSecond(func(w Window) int { return w.Answered })),
			},
		},
	}
	if r.Program == nil {
		return all
	}
	return append(all, panel{
		title: "memory of the program", height: 140, unit: axisBytes,
		lines: []series{r.series("memory", "memory p99", func(w Window) float64 {
			if w.Sample == nil {
				return math.NaN()
			}
			return w.Sample.Memory
		})},
	})
}

// latency is nothing in a second in which nothing was measured.
func latency(of func(Window) Spread, which func(Spread) float64) func(Window) float64 {
	return func(w Window) float64 {
		if of(w).Count == 0 {
			return math.NaN()
		}
		return which(of(w))
	}
}

func perSecond(of func(Window) int) func(Window) float64 {
	return func(w Window) float64 { return float64(of(w)) / w.Took.Seconds() }
}

// mostPoints is as many as can be told apart.
const mostPoints = 400

// thinned joins windows until there are at most so many. Of percentiles the
// worst is kept, so that no trouble disappears.
func thinned(all []Window, most int) []Window {
	n := (len(all) + most - 1) / most
	if n < 2 {
		return all
	}
	var out []Window
	for group := range slices.Chunk(all, n) {
		w := group[len(group)-1]
		for _, v := range group[:len(group)-1] {
			w.Took, w.Sent, w.Answered = w.Took+v.Took, w.Sent+v.Sent, w.Answered+v.Answered
			w.Webhook, w.Answer = worse(w.Webhook, v.Webhook), worse(w.Answer, v.Answer)
		}
		out = append(out, w)
	}
	return out
}

func worse(a, b Spread) Spread {
	a.Count, a.P50, a.P99 = a.Count+b.Count, max(a.P50, b.P50), max(a.P99, b.P99)
	return a
}

func axisMillis(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%g s", v/1000)
	}
	return fmt.Sprintf("%g ms", v)
}

func axisCount(v float64) string { return thousands(int(v)) }

func axisBytes(v float64) string { return fmt.Sprintf("%g MB", v/1e6) }

// plotStyle keeps 3:1 of contrast for lines and 4.5:1 for text in both.
var plotStyle = strings.Join([]string{
	`.load{font-family:system-ui,sans-serif;--page:#fff;--ink:#1c2430;--soft:#5b6675;--grid:#e3e7ec;--webhook:#1f6fd1;--answer:#c2410c;--memory:#0f7b5f}`,
	`@media(prefers-color-scheme:dark){.load{--page:#14181f;--ink:#e8ecf2;--soft:#a3adba;--grid:#2b323c;--webhook:#6db1ff;--answer:#ff9d66;--memory:#4fd1a5}}`,
	`.page{fill:var(--page)}`,
	`text{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}`,
	`.headline{fill:var(--ink);font-size:16px;font-weight:600}`,
	`.name{fill:var(--ink);font-size:13px;font-weight:600}`,
	`.tick{text-anchor:end}.time{text-anchor:middle}`,
	`.grid{stroke:var(--grid);stroke-width:1}.minor{opacity:.45}`,
	`.webhook,.answer,.memory{fill:none;stroke-width:1.5;stroke-linejoin:round;stroke-dasharray:4 3}`,
	`.p99{stroke-width:2;stroke-dasharray:none}`,
	`.webhook{stroke:var(--webhook)}.answer{stroke:var(--answer)}.memory{stroke:var(--memory)}`,
}, "")

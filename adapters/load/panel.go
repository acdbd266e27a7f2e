package load

import (
	"bufio"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"time"
)

// The measures of a drawing, in pixels.
const (
	sheetWidth = 900
	sheetTop   = 70
	plotLeft   = 80
	plotRight  = sheetWidth - 30
	panelGap   = 30
	panelHead  = 28 // of a panel's height: its title and the key of its lines
)

// panel is one diagram of a drawing.
type panel struct {
	title  string
	height int
	log    bool // the scale is of powers of ten
	unit   func(float64) string
	lines  []series
}

// series is a line of a panel. A value that is no number makes a gap.
type series struct {
	name, class string
	at, values  []float64 // seconds
}

func (r *Report) series(name, class string, value func(Window) float64) series {
	s := series{name: name, class: class}
	for _, w := range thinned(r.Timeline, mostPoints) {
		if w.Took >= time.Second/2 { // the last may be too short to say anything
			s.at, s.values = append(s.at, (w.At-w.Took/2).Seconds()), append(s.values, value(w))
		}
	}
	return s
}

// axis turns values into heights.
type axis struct {
	low, high float64
	log       bool
	ticks     []float64
}

// axis holds all values of a panel.
func (p panel) axis() axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range p.lines {
		for _, v := range s.values {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if math.IsInf(low, 1) {
		low, high = 1, 1
	}
	if p.log {
		return decades(low, high)
	}
	step := nice(max(high, 1) / 3)
	a := axis{high: step * math.Ceil(max(high, 1)/step)}
	for v := 0.0; v <= a.high; v += step {
		a.ticks = append(a.ticks, v)
	}
	return a
}

// decades is the scale of the powers of ten around low and high.
func decades(low, high float64) axis {
	first := math.Floor(math.Log10(max(low, 0.001)))
	last := max(math.Ceil(math.Log10(high)), first+1)
	a := axis{low: first, high: last, log: true}
	for e := first; e <= last; e++ {
		a.ticks = append(a.ticks, math.Pow(10, e))
	}
	return a
}

// between are the doubles and the fivefolds between powers of ten.
func (a axis) between() []float64 {
	var all []float64
	if a.log {
		for _, v := range a.ticks[:len(a.ticks)-1] {
			all = append(all, 2*v, 5*v)
		}
	}
	return all
}

// nice is a step of 1, 2 or 5 times a power of ten that is not below v.
func nice(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= v {
			return m * power
		}
	}
	return 10 * power
}

// share is how far up a value is, 0 to 1.
func (a axis) share(v float64) float64 {
	if a.log {
		v = math.Log10(max(v, 1e-9))
	}
	return min(max((v-a.low)/(a.high-a.low), 0), 1)
}

// sheet writes elements. Its errors are kept for Flush.
type sheet struct {
	*bufio.Writer
	end float64 // of the time axis, in seconds
}

func (s *sheet) line(format string, args ...any) {
	_, _ = fmt.Fprintf(s, format+"\n", args...)
}

func (s *sheet) x(seconds float64) float64 {
	return plotLeft + (plotRight-plotLeft)*min(seconds/s.end, 1)
}

// panel draws one; the last tells the time below it.
func (s *sheet) panel(p panel, top int, last bool) {
	a, bottom := p.axis(), float64(top+p.height)
	y := func(v float64) float64 { return bottom - a.share(v)*float64(p.height-panelHead) }
	s.line(`<text class="name" x="%d" y="%d">%s</text>`, plotLeft, top+12, html.EscapeString(p.title))
	s.key(p.lines, top+12)
	for _, v := range a.between() {
		s.line(`<path class="grid minor" d="M%d %.1fH%d"/>`, plotLeft, y(v), plotRight)
	}
	for _, v := range a.ticks {
		s.line(`<path class="grid" d="M%d %.1fH%d"/><text class="tick" x="%d" y="%.1f">%s</text>`,
			plotLeft, y(v), plotRight, plotLeft-8, y(v)+4, html.EscapeString(p.unit(v)))
	}
	for _, seconds := range timeTicks(s.end) {
		s.line(`<path class="grid" d="M%.1f %dV%.0f"/>`, s.x(seconds), top+panelHead, bottom)
		if last {
			s.line(`<text class="time" x="%.1f" y="%.0f">%s</text>`, s.x(seconds), bottom+18, clock(seconds))
		}
	}
	for _, l := range p.lines {
		s.line(`<path class="%s" d="%s"><title>%s</title></path>`, l.class, s.path(l, y), html.EscapeString(l.name))
	}
}

// key names the lines at the right end of a panel's head.
func (s *sheet) key(lines []series, y int) {
	const letter, swatch = 7.1, 32
	x := float64(plotRight)
	for _, l := range slices.Backward(lines) {
		x -= float64(len(l.name))*letter + swatch + 14
		s.line(`<path class="%s" d="M%.1f %dh24"/><text x="%.1f" y="%d">%s</text>`,
			l.class, x, y-4, x+swatch, y, html.EscapeString(l.name))
	}
}

// path is the line through what was measured. A single second between gaps is a dash.
func (s *sheet) path(l series, y func(float64) float64) string {
	var b strings.Builder
	pen := "M"
	for i, v := range l.values {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", pen, s.x(l.at[i]), y(v))
		if pen == "M" {
			b.WriteString("h.5")
		}
		pen = "L"
	}
	return b.String()
}

// timeTicks are at most about ten round moments.
func timeTicks(end float64) []float64 {
	step := 3600.0
	for _, s := range []float64{0.2, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800} {
		if end/s <= 10 {
			step = s
			break
		}
	}
	var all []float64
	for n := 0.0; n*step <= end; n++ {
		all = append(all, n*step)
	}
	return all
}

// clock writes 90 seconds as 1m30s, and 120 as 2m.
func clock(seconds float64) string {
	text := (time.Duration(seconds*10) * time.Second / 10).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

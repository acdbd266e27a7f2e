package inbox

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// The chart's measures, in units of its own.
const (
	chartWidth, chartHeight                      = 540, 200
	chartLeft, chartRight, chartTop, chartBottom = 34, 8, 10, 28
	plotWidth                                    = chartWidth - chartLeft - chartRight
	plotHeight                                   = chartHeight - chartTop - chartBottom
	ticksEvery                                   = 6 // hours of the wall clock
	labelOverhang                                = 18
)

// chartView is the drawing of a forecast: windows missed, by time.
type chartView struct {
	Says          string // for who cannot see it
	Width, Height int
	Left, Right   int // of the plot
	Top, Bottom   int
	Duty          []barView // when people are there
	Across        []markView
	Hours         []markView
	Fewer         string // points of a line
	Planned       string
	More          string
}

type barView struct{ X, Width string }

type markView struct {
	At   string
	Text string
}

// chart draws a forecast; nil: nothing will be missed whoever is there.
func (v viewer) chart(f bot.Forecast) *chartView {
	most := 0.0
	for _, m := range f.Hours {
		most = max(most, m.Fewer, m.Planned, m.More)
	}
	if whole(most) == 0 {
		return nil
	}
	p := plot{from: f.At, hours: len(f.Hours), top: ceiling(most)}
	return &chartView{
		Says:  "Windows missed, by time, with one person fewer, as planned, and with one more. The numbers are in the table by hour.",
		Width: chartWidth, Height: chartHeight,
		Left: chartLeft, Right: chartLeft + plotWidth, Top: chartTop, Bottom: chartTop + plotHeight,
		Duty: p.duty(f.Shifts), Across: p.across(), Hours: p.ticks(v.zone),
		Fewer:   p.line(f.Hours, byFewer),
		Planned: p.line(f.Hours, byPlanned),
		More:    p.line(f.Hours, func(m handoff.Missed) float64 { return m.More }),
	}
}

// plot turns times and numbers into places.
type plot struct {
	from  time.Time
	hours int
	top   float64 // the number at the upper edge
}

func (p plot) x(t time.Time) float64 {
	share := t.Sub(p.from).Hours() / float64(p.hours)
	return chartLeft + plotWidth*min(max(share, 0), 1)
}

func (p plot) y(n float64) float64 { return chartTop + plotHeight*(1-n/p.top) }

func (p plot) line(hours []handoff.Missed, of func(handoff.Missed) float64) string {
	var b strings.Builder
	b.WriteString(unit(chartLeft) + "," + unit(p.y(0)))
	for _, m := range hours {
		fmt.Fprintf(&b, " %s,%s", unit(p.x(m.By)), unit(p.y(of(m))))
	}
	return b.String()
}

func (p plot) duty(shifts []handoff.Shift) (bars []barView) {
	for _, s := range shifts {
		if from, to := p.x(s.From), p.x(s.To); from < to {
			bars = append(bars, barView{X: unit(from), Width: unit(to - from)})
		}
	}
	return bars
}

// across are the lines of nothing, half and all of the height.
func (p plot) across() (marks []markView) {
	for _, share := range []float64{0, 0.5, 1} {
		n := share * p.top
		if n == math.Trunc(n) {
			marks = append(marks, markView{unit(p.y(n)), strconv.Itoa(int(n))})
		}
	}
	return marks
}

// ticks name some hours, and each day at its beginning.
func (p plot) ticks(zone *time.Location) (marks []markView) {
	for i := range p.hours + 1 {
		t := p.from.Add(time.Duration(i) * time.Hour).In(zone)
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), 0, 0, 0, zone)
		x := p.x(t)
		if t.Hour()%ticksEvery != 0 || t.Before(p.from) || x < chartLeft+labelOverhang || x > chartLeft+plotWidth-labelOverhang {
			continue
		}
		text := t.Format("15:04")
		if t.Hour() == 0 {
			text = t.Format("Mon")
		}
		marks = append(marks, markView{unit(x), text})
	}
	return marks
}

// ceiling is the next of 2, 4, 10, 20, 40, 100 ...: its half is whole, too.
func ceiling(n float64) float64 {
	for tens := 1.0; ; tens *= 10 {
		for _, step := range []float64{2, 4, 10} {
			if n <= step*tens {
				return step * tens
			}
		}
	}
}

func unit(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

package handoff

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func TestForecast(t *testing.T) {
	t.Parallel()
	windows := func(n, closes, takes int) (open []Ticket) {
		for i := range n {
			open = append(open, Ticket{ID: fmt.Sprint(i), OpenedAt: at(0), WindowCloses: at(closes), Handling: time.Duration(takes) * time.Minute})
		}
		return open
	}
	chats := windows(4, 0, 30)
	for i := range chats {
		chats[i].WindowCloses = time.Time{}
	}
	claimed := windows(9, 30, 30)
	for i := range claimed {
		claimed[i].Agent = "ana"
	}
	busy := func(number float64, window time.Duration) *Arrivals {
		var a Arrivals
		a[HourOfWeek(at(60))] = []Arrival{{Number: number, Handling: 30 * time.Minute, Window: window}}
		return &a
	}
	one := []Shift{{at(0), at(600), 1}}
	two := []Shift{{at(-30), at(600), 2}}
	for _, tt := range []struct {
		name     string
		open     []Ticket
		expected *Arrivals
		shifts   []Shift
		want     Missed // after three hours
	}{
		{"nobody waits and nobody comes", nil, &Arrivals{}, two, Missed{}},
		{"two people meet what one cannot", windows(4, 60, 30), &Arrivals{}, two, Missed{Fewer: 2}},
		{"a third one would meet the rest", windows(6, 60, 30), &Arrivals{}, two, Missed{Planned: 2, Fewer: 4}},
		{"nobody is there in time", windows(3, 60, 1), &Arrivals{}, []Shift{{at(61), at(600), 1}}, Missed{Planned: 3, Fewer: 3, More: 3}},
		{"who has nobody with one fewer", windows(1, 60, 1), &Arrivals{}, []Shift{{at(0), at(600), 1}}, Missed{Fewer: 1}},
		{"a window that closes after the time asked about", windows(9, 600, 60), &Arrivals{}, nil, Missed{}},
		{"a window that is closed already", windows(3, -1, 1), &Arrivals{}, nil, Missed{}},
		{"what somebody has", claimed, &Arrivals{}, two, Missed{}},
		{"who has no window misses none", chats, &Arrivals{}, nil, Missed{}},
		{"who is expected and can be met", nil, busy(4, time.Hour), two, Missed{Fewer: 2}},
		{"what cannot be met is not begun", append(windows(1, 20, 30), windows(1, 60, 45)...), &Arrivals{}, one, Missed{Planned: 1, Fewer: 2}},
		{"a part of one", nil, busy(2.5, 30*time.Minute), two, Missed{Planned: 0.5, Fewer: 1.5}},
		{"the window that closes first goes first", windows(2, 150, 30), busy(4, time.Hour), two, Missed{Fewer: 2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list := Forecast(tt.open, tt.expected, tt.shifts, at(0), 3)
			got := list[2]
			if tt.want.By = at(180); !alike(got, tt.want) {
				t.Errorf("Forecast = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestAForecastTellsWhen(t *testing.T) {
	t.Parallel()
	open := []Ticket{{WindowCloses: at(90), Handling: time.Minute}, {WindowCloses: at(150), Handling: time.Minute}}
	for i, want := range []float64{0, 1, 2, 2} {
		got := Forecast(open, &Arrivals{}, nil, at(0), 4)[i]
		if !got.By.Equal(at(60*(i+1))) || got.Planned != want {
			t.Errorf("hour %d: %+v, want %v missed", i, got, want)
		}
	}
}

func alike(a, b Missed) bool {
	return a.By.Equal(b.By) && nearly(a.Planned, b.Planned) && nearly(a.Fewer, b.Fewer) && nearly(a.More, b.More)
}

func nearly(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

func BenchmarkForecast(b *testing.B) {
	var open []Ticket
	for i := range 1000 {
		open = append(open, Ticket{WindowCloses: at(60 + i*7919%2880), Handling: 6 * time.Minute})
	}
	var expected Arrivals
	for i := range expected {
		expected[i] = []Arrival{{20, 6 * time.Minute, 20 * time.Hour}, {5, 4 * time.Minute, 0}}
	}
	shifts := []Shift{{at(0), at(540), 4}, {at(1440), at(1980), 4}}
	for b.Loop() {
		Forecast(open, &expected, shifts, at(0), 48)
	}
}

package handoff

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestShed(t *testing.T) {
	t.Parallel()
	windowed := func(id string, closes, takes int) Ticket {
		return Ticket{ID: id, WindowCloses: at(closes), Handling: time.Duration(takes) * time.Minute}
	}
	heavy := windowed("long", 30, 20)
	heavy.Weight = 3
	dear := windowed("dear", 20, 15)
	dear.Weight = 1
	claimed := windowed("claimed", 30, 20)
	claimed.Agent = "ana"
	late := windowed("late", 30, 10)
	late.AnswerBy = at(5)
	one := []Shift{{From: at(-60), To: at(600), People: 1}}
	for _, tt := range []struct {
		name   string
		line   []Ticket
		shifts []Shift
		want   []string
	}{
		{"nobody waits", nil, one, nil},
		{"all can be met", []Ticket{windowed("a", 10, 10), windowed("b", 30, 20)}, one, nil},
		{"the longest is put behind", []Ticket{windowed("short", 30, 11), windowed("long", 30, 20)}, one, []string{"long"}},
		{"though it closes first", []Ticket{windowed("long", 25, 20), windowed("short", 26, 11)}, one, []string{"long"}},
		{"not when missing it costs more", []Ticket{windowed("short", 30, 11), heavy}, one, []string{"short"}},
		{"two people do twice as much", []Ticket{windowed("a", 30, 29), windowed("b", 30, 29)}, []Shift{{at(0), at(60), 2}}, nil},
		{"nobody is there in time", []Ticket{windowed("a", 30, 5), windowed("b", 90, 5)}, []Shift{{at(60), at(120), 1}}, []string{"a"}},
		{"a night counts for nothing", []Ticket{windowed("a", 700, 20)}, []Shift{{at(0), at(10), 1}, {at(695), at(900), 1}}, []string{"a"}},
		{"what somebody has takes no part", []Ticket{windowed("a", 30, 20), claimed}, one, nil},
		{"what is lost takes no part", []Ticket{windowed("a", 30, 20), windowed("lost", 15, 20)}, one, nil},
		{"what passed its deadline has until the window closes", []Ticket{late}, one, nil},
		{"a promise goes behind before a window that costs more", []Ticket{dear, {ID: "chat", OpenedAt: at(0), PromisedBy: at(15), Handling: 8 * time.Minute}}, one, []string{"chat"}},
		{"who is at the floor is answered first", []Ticket{windowed("a", 20, 15), {ID: "old", OpenedAt: at(-2880), Handling: 10 * time.Minute}}, one, []string{"a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Shed(tt.line, tt.shifts, at(0)); !slices.Equal(got, tt.want) {
				t.Errorf("Shed = %q, want %q", got, tt.want)
			}
		})
	}
}

// Nobody who knew all the ways could put fewer behind.
func TestShedPutsBehindAsFewAsCanBe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var line []Ticket
		for i := range rapid.IntRange(0, 8).Draw(t, "tickets") {
			takes := rapid.IntRange(1, 30).Draw(t, "takes")
			closes := takes + rapid.IntRange(1, 120).Draw(t, "spare")
			line = append(line, Ticket{ID: fmt.Sprint(i), WindowCloses: at(closes), Handling: time.Duration(takes) * time.Minute})
		}
		shifts := []Shift{{at(0), at(rapid.IntRange(1, 60).Draw(t, "until")), 1}, {at(70), at(200), rapid.IntRange(1, 2).Draw(t, "people")}}
		most := 0
		for set := range 1 << len(line) {
			if canBeMet(line, set, shifts) {
				most = max(most, bits.OnesCount(uint(set)))
			}
		}
		if got := len(line) - len(Shed(line, shifts, at(0))); got != most {
			t.Fatalf("%d of %d are left in the line, and %d could be met: %+v", got, len(line), most, line)
		}
	})
}

// canBeMet tells whether people who work as one can meet all of a set.
func canBeMet(line []Ticket, set int, shifts []Shift) bool {
	for _, by := range line {
		work := time.Duration(0)
		for i, other := range line {
			if set&(1<<i) != 0 && !other.WindowCloses.After(by.WindowCloses) {
				work += other.Handling
			}
		}
		there := sweep{shifts: shifts, at: at(0)}
		if work > there.until(by.WindowCloses) {
			return false
		}
	}
	return true
}

func BenchmarkShed(b *testing.B) {
	line := make([]Ticket, 100_000)
	for i := range line {
		line[i] = Ticket{ID: fmt.Sprint(i), WindowCloses: at(60 + i*7919%1440), Handling: time.Duration(2+i%11) * time.Minute}
	}
	shifts := []Shift{{at(0), at(540), 200}}
	for b.Loop() {
		Shed(line, shifts, at(0))
	}
}

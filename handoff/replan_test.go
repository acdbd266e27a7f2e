package handoff

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// Whoever looks at a line every few seconds must not move it about.
func TestALineThatWasPlannedStaysSo(t *testing.T) {
	t.Parallel()
	var line []Ticket
	for i := range 100 {
		line = append(line, Ticket{ID: fmt.Sprintf("t%02d", i), OpenedAt: at(i), WindowCloses: at(300 + i*37%100), Handling: 10 * time.Minute})
	}
	shifts := []Shift{{at(0), at(600), 2}}
	replan := func(now time.Time) (shed []string) {
		shed = Shed(line, shifts, now)
		for i := range line {
			if slices.Contains(shed, line[i].ID) {
				line[i].Place = line[i].PutBehind(now)
			} else {
				line[i].Place = line[i].CallBack(now)
			}
		}
		slices.SortFunc(line, Compare)
		slices.Sort(shed)
		return shed
	}
	first := replan(at(0))
	if len(first) < 20 || len(first) > 60 {
		t.Fatalf("%d of 100 are behind", len(first))
	}
	if again := replan(at(0)); !slices.Equal(first, again) {
		t.Errorf("looked at again, behind are\n%q, and were\n%q", again, first)
	}
	later := replan(at(0).Add(5 * time.Second))
	if moved := slices.DeleteFunc(later, func(id string) bool { return slices.Contains(first, id) }); len(moved) > 1 {
		t.Errorf("five seconds later %q are behind as well", moved)
	}
}

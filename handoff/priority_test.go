package handoff

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// withWindow is a ticket that must be begun so many minutes after noon.
func withWindow(id string, begin int, p Priority) Ticket {
	t := Ticket{ID: id, OpenedAt: noon, Handling: 5 * time.Minute, WindowCloses: at(begin + 5), Priority: p}
	t.Place = t.Stand(noon)
	return t
}

func TestAPriorityOrdersThoseWhoHaveTime(t *testing.T) {
	t.Parallel()
	late := func(id string, opened int, p Priority) Ticket {
		t := Ticket{ID: id, OpenedAt: at(opened), WindowCloses: at(-1), Priority: p}
		t.Place = t.Stand(noon)
		return t
	}
	line := []Ticket{
		withWindow("far", 3000, Normal), withWindow("near", 200, Normal), withWindow("far and urgent", 4000, Urgent),
		withWindow("near and urgent", 230, Urgent), withWindow("far and high", 3900, High), withWindow("farther", 3500, Normal),
		late("lost", -90, Normal), late("lost and high", -80, High),
	}
	slices.SortFunc(line, Compare)
	var got []string
	for _, t := range line {
		got = append(got, t.ID)
	}
	want := []string{"near", "near and urgent", "far and urgent", "far and high", "far", "farther", "lost and high", "lost"}
	if !slices.Equal(got, want) {
		t.Errorf("the line is %q, want %q", got, want)
	}
	for _, tt := range []struct{ id, want string }{
		{"far and urgent", "urgent, so it goes before others who have time; answer by Fri 06:45, takes about 5 min: 2 days left"},
		{"near and urgent", "urgent; answer by 15:55, takes about 5 min: 3 h left"},
		{"lost and high", "high, so it goes before others who are too late; its window closed at 11:59"},
	} {
		for _, ticket := range line {
			if ticket.ID == tt.id && ticket.Standing(noon) != tt.want {
				t.Errorf("%q, want %q", ticket.Standing(noon), tt.want)
			}
		}
	}
	for _, ticket := range line {
		plain := ticket
		plain.Priority = Normal
		if plain.Place = plain.Stand(noon); !ticket.Begin().Equal(plain.Begin()) {
			t.Errorf("%s begins at %v, and without its priority at %v", ticket.ID, ticket.Begin(), plain.Begin())
		}
	}
}

func TestWhoMayGiveAPriority(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		ticket Ticket
		err    error
	}{
		{"a waiting one", waiting(), nil},
		{"one's own", claimed("ana"), nil},
		{"a colleague's", claimed("ben"), &TakenError{"ben"}},
		{"a closed one", closed(), ErrResolved},
	} {
		got, err := tt.ticket.Prefer("ana", High)
		sameError(t, err, tt.err)
		if (got.Priority == High) != (tt.err == nil) {
			t.Errorf("%s: %s", tt.name, got.Priority)
		}
	}
	for _, p := range []Priority{Normal, High, Urgent} {
		if got, ok := ParsePriority(p.String()); got != p || !ok {
			t.Errorf("%s is read as %s", p, got)
		}
	}
	if _, ok := ParsePriority("HIGH!"); ok {
		t.Error("nonsense is a priority")
	}
}

// serve is who is missed when one person takes whoever is first, again and again.
func serve(line []Ticket) (missed []string) {
	line = slices.Clone(line)
	for now := noon; len(line) > 0; {
		for i := range line {
			line[i].Place = line[i].Stand(now)
		}
		slices.SortFunc(line, Compare)
		first := line[0]
		if now = now.Add(first.Handling); now.After(first.limit()) {
			missed = append(missed, first.ID)
		}
		line = line[1:]
	}
	return missed
}

// TestNoPriorityMakesAWindowBeMissed: where one person meets all windows of a line
// whose work is done in less time than that for which a window counts as near, they
// still do when some are urgent, or all, or none.
func TestNoPriorityMakesAWindowBeMissed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var line []Ticket
		for i := range rapid.IntRange(1, 20).Draw(t, "tickets") {
			handling := time.Duration(rapid.IntRange(1, 11).Draw(t, "handling")) * time.Minute
			ticket := withWindow(fmt.Sprint("t", i), rapid.IntRange(0, 600).Draw(t, "begin"), Normal)
			ticket.Handling = handling
			line = append(line, ticket)
		}
		if len(serve(line)) > 0 {
			t.Skip("not all can be met anyway")
		}
		for i := range line {
			line[i].Priority = Priority(rapid.IntRange(0, 2).Draw(t, "priority"))
		}
		if missed := serve(line); len(missed) > 0 {
			t.Fatalf("with priorities %v are missed in %+v", missed, line)
		}
	})
}

package handoff

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTheLineOfTheDocs keeps the example of docs/queue.md what the program shows.
func TestTheLineOfTheDocs(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	line := []Ticket{
		{ID: "Ada", OpenedAt: at(22, 15, 0), WindowCloses: at(23, 14, 50), AnswerBy: at(23, 14, 20), Handling: 6 * time.Minute, Weight: 1},
		{ID: "Ben", OpenedAt: at(23, 13, 45), PromisedBy: at(23, 14, 45), Handling: 4 * time.Minute},
		{ID: "Cem", OpenedAt: at(22, 22, 0), WindowCloses: at(23, 22, 0), AnswerBy: at(23, 17, 30), Handling: 4 * time.Minute, Weight: 1},
		{ID: "Dia", OpenedAt: at(23, 13, 30), PromisedBy: at(23, 14, 30), WindowCloses: at(24, 13, 30), AnswerBy: at(24, 13, 0), Handling: 4 * time.Minute, Weight: 1},
		{ID: "Eli", OpenedAt: at(23, 11, 30), PromisedBy: at(23, 12, 30), WindowCloses: at(24, 11, 30), AnswerBy: at(24, 11, 0), Handling: 12 * time.Minute},
		{ID: "Fay", OpenedAt: at(23, 10, 0), PromisedBy: at(23, 11, 0), Handling: 4 * time.Minute},
		{ID: "Gus", OpenedAt: at(22, 15, 30), WindowCloses: at(23, 15, 30), AnswerBy: at(23, 15, 0), Handling: 12 * time.Minute, Place: Place{Class: Behind}},
		{ID: "Hal", OpenedAt: at(22, 13, 5), WindowCloses: at(23, 13, 5), Handling: 4 * time.Minute},
	}
	for i := range line {
		line[i].Place = line[i].Stand(now)
	}
	slices.SortFunc(line, Compare)
	var shown strings.Builder
	for i, ticket := range line {
		fmt.Fprintf(&shown, "%d  %s  %s\n", i+1, ticket.ID, ticket.Standing(now))
	}
	docs, err := os.ReadFile("../docs/queue.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(docs), "```\n"+shown.String()+"```\n") {
		t.Errorf("docs/queue.md does not show this line:\n%s", shown.String())
	}
}

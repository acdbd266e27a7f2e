package source

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFromOracle ensures that a place in a line, however long, is found where
// counting its characters one after another finds it.
func TestFromOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Repeat(rapid.StringOfN(rapid.RuneFrom([]rune("a {é漢\U0001F6B2")), 1, 50, -1).Draw(t, "line"), rapid.IntRange(1, 40).Draw(t, "times"))
		d := &Document{lines: []string{"first", line}, marks: map[int][]int{}}
		runes := []rune(line)
		for _, column := range rapid.SliceOfN(rapid.IntRange(1, len(runes)+300), 1, 5).Draw(t, "columns") {
			want := string(runes[min(column-1, len(runes)):])
			if got := d.from(Place{Line: 2, Column: column}); got != want {
				t.Fatalf("from column %d of %d: %q, want %q", column, len(runes), got, want)
			}
		}
	})
}

package layout

import (
	"fmt"
	"slices"
	"strings"
)

// around is how many lines that stay are shown before and behind a change.
const around = 3

// edit is one line of the way from one text to another: ' ' stays, '-' goes, '+' comes.
type edit struct {
	mark byte
	line string
}

// Diff shows in the unified format, as patch reads it, what makes after of
// before. It is empty when they are the same.
func Diff(name, before, after string) string {
	if before == after {
		return ""
	}
	edits := edits(linesOf(before), linesOf(after))
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", name, name)
	a, b, done := 1, 1, 0 // the numbers of the lines at done
	for i := 0; i < len(edits); i++ {
		if edits[i].mark == ' ' {
			continue
		}
		from, to := max(i-around, done), i+1
		for j := to; j < len(edits) && j <= to+2*around; j++ {
			if edits[j].mark != ' ' {
				to = j + 1
			}
		}
		stop := min(to+around, len(edits))
		a, b = a+from-done, b+from-done // what is between hunks stays in both
		a, b = hunk(&out, edits[from:stop], a, b)
		i, done = to-1, stop
	}
	return out.String()
}

// hunk writes some edits, which begin at line a of the one and b of the other
// text, and gives the numbers of the lines behind them.
func hunk(out *strings.Builder, edits []edit, a, b int) (nextA, nextB int) {
	nextA, nextB = a, b
	for _, e := range edits {
		if e.mark != '+' {
			nextA++
		}
		if e.mark != '-' {
			nextB++
		}
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", extent(a, nextA), extent(b, nextB))
	for _, e := range edits {
		out.WriteByte(e.mark)
		out.WriteString(e.line)
		if !strings.HasSuffix(e.line, "\n") {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
	return nextA, nextB
}

// extent is a range of lines as a hunk names it; an empty one is behind a line.
func extent(from, to int) string {
	if from == to {
		from--
	}
	return fmt.Sprintf("%d,%d", from, to-from)
}

func linesOf(text string) []string { return slices.Collect(strings.Lines(text)) }

// edits finds the way from a to b. Lines that are the same and only once in both
// texts hold it together; between them it is grown line by line, which is good
// enough where most lines stay.
func edits(a, b []string) []edit {
	var all []edit
	at, bt := 0, 0
	for _, anchor := range append(anchors(a, b), [2]int{len(a), len(b)}) {
		i, j := anchor[0], anchor[1]
		if i < at || j < bt { // taken already by growing an earlier one
			continue
		}
		for at < i && bt < j && a[at] == b[bt] {
			all, at, bt = append(all, edit{' ', a[at]}), at+1, bt+1
		}
		tail := 0
		for i-tail > at && j-tail > bt && a[i-tail-1] == b[j-tail-1] {
			tail++
		}
		for ; at < i-tail; at++ {
			all = append(all, edit{'-', a[at]})
		}
		for ; bt < j-tail; bt++ {
			all = append(all, edit{'+', b[bt]})
		}
		for at < len(a) && bt < len(b) && a[at] == b[bt] {
			all, at, bt = append(all, edit{' ', a[at]}), at+1, bt+1
		}
	}
	return all
}

// anchors are the places of lines that are once in both texts, as many as are in
// the same order in both.
func anchors(a, b []string) [][2]int {
	count := map[string][4]int{} // how often, and where last, in a and in b
	for i, l := range a {
		c := count[l]
		count[l] = [4]int{c[0] + 1, i, c[2], c[3]}
	}
	for j, l := range b {
		c := count[l]
		count[l] = [4]int{c[0], c[1], c[2] + 1, j}
	}
	var all [][2]int
	for _, l := range a {
		if c := count[l]; c[0] == 1 && c[2] == 1 {
			all = append(all, [2]int{c[1], c[3]})
		}
	}
	return rising(all)
}

// rising is a longest part of some places in which those of b rise as well.
func rising(all [][2]int) [][2]int {
	var ends []int // of the part of each length, the last place
	before := make([]int, len(all))
	for i, p := range all {
		at, _ := slices.BinarySearchFunc(ends, p[1], func(e, want int) int { return all[e][1] - want })
		before[i] = -1
		if at > 0 {
			before[i] = ends[at-1]
		}
		ends = append(ends[:at], append([]int{i}, ends[min(at+1, len(ends)):]...)...)
	}
	var part [][2]int
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			part = append(part, all[i])
		}
	}
	slices.Reverse(part)
	return part
}

package draw

import (
	"fmt"
	"strings"
)

type point struct{ x, y int }

// bend is the radius of the corners of edges.
const bend = 7

// points are the corners of an edge in the figure, in the direction of its arrow.
func (f *figure) points(l *link) []point {
	var all []point
	for i, leg := range l.chain {
		y := leg.top.y
		if i == 0 {
			y += leg.top.cell.height
		}
		all = append(all, point{leg.x1, y})
		if leg.x1 != leg.x2 {
			track := f.trackY(leg)
			all = append(all, point{leg.x1, track}, point{leg.x2, track})
		}
		all = append(all, point{leg.x2, leg.bottom.y})
	}
	corners := all[:1]
	for i := 1; i+1 < len(all); i++ {
		if before := corners[len(corners)-1]; before != all[i] && (before.x != all[i].x || all[i].x != all[i+1].x) {
			corners = append(corners, all[i])
		}
	}
	corners = append(corners, all[len(all)-1])
	if l.up {
		for i, j := 0, len(corners)-1; i < j; i, j = i+1, j-1 {
			corners[i], corners[j] = corners[j], corners[i]
		}
	}
	return corners
}

// trackY is where an edge goes sideways.
func (f *figure) trackY(l *leg) int { return f.ends[l.top.layer] + apartY - 2 + l.track*trackY }

// rounded is a path along some points with round corners.
func rounded(points []point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", points[0].x, points[0].y)
	for i := 1; i+1 < len(points); i++ {
		before, at, after := points[i-1], points[i], points[i+1]
		r := min(bend, distance(before, at)/2, distance(at, after)/2)
		in := point{at.x - r*sign(at.x-before.x), at.y - r*sign(at.y-before.y)}
		out := point{at.x + r*sign(after.x-at.x), at.y + r*sign(after.y-at.y)}
		fmt.Fprintf(&b, "L%d %dQ%d %d %d %d", in.x, in.y, at.x, at.y, out.x, out.y)
	}
	end := points[len(points)-1]
	fmt.Fprintf(&b, "L%d %d", end.x, end.y)
	return b.String()
}

// distance is between two points of which one is beside or below the other.
func distance(a, b point) int { return max(a.x-b.x, b.x-a.x) + max(a.y-b.y, b.y-a.y) }

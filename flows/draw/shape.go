package draw

import (
	"fmt"

	"frontdesk/flows"
)

// cell draws a state, or what leads out of the flow.
func (s *svg) cell(c *cell) {
	x, y := c.box.x-c.width/2, c.box.y
	id := ""
	if c.id != "" {
		id = fmt.Sprintf(` id="%s"`, c.id)
	}
	s.line(`<g%s class="fd-cell fd-%s"><title>%s</title>`, id, cellClass(c.kind), escaped(c.about))
	if c.target != "" {
		s.line(`<a href="#%s">`, c.target)
	}
	s.line("%s", outline(c.kind, x, y, c.width, c.height))
	if c.start {
		middle := y + c.height/2
		if c.kind == flows.NodeAsk {
			x += slant / 2
		}
		s.line(`<circle class="fd-start" cx="%d" cy="%d" r="6"/><path class="fd-begin" d="M%d %dh16"/>%s`,
			x-startRoom+7, middle, x-startRoom+13, middle, head(point{x, middle}, point{x - 9, middle}))
	}
	s.words(c, y)
	if c.target != "" {
		s.line("</a>")
	}
	s.line("</g>")
}

// words writes what stands in a cell, in its middle.
func (s *svg) words(c *cell, y int) {
	if c.id == "" {
		s.line("%s", icon(c.kind, c.box.x-c.width/2+padX-3, y+c.height/2))
		for i, line := range c.name {
			s.text("fd-words", c.box.x+7, y+(c.height-len(c.name)*textLine)/2+12+i*textLine, line)
		}
		return
	}
	x := c.box.x
	y += (c.height - len(c.name)*nameLine - len(c.text)*textLine) / 2
	if c.kind == flows.NodeChoices {
		x, y = x-pile/2, y-pile/2
	}
	for i, line := range c.name {
		s.text("fd-title", x, y+13+i*nameLine, line)
	}
	y += len(c.name) * nameLine
	for i, line := range c.text {
		s.text("fd-words", x, y+12+i*textLine, line)
	}
}

func cellClass(k cellKind) string {
	switch k {
	case flows.NodeChoices, flows.NodeAsk, flows.NodeCall, flows.NodeBranch, flows.NodeEnd, flows.NodeReturn,
		cellPerson, cellOver, cellCaller, cellBack, cellFlow:
		return string(k)
	default:
		return string(flows.NodeSay)
	}
}

const (
	slant = 13 // of the sides of questions and conditions
	pile  = 4  // between the cards of choices
)

// outline is the shape of a cell.
func outline(k cellKind, x, y, width, height int) string {
	box := func(x, y, width, height, radius int) string {
		return fmt.Sprintf(`<rect class="fd-shape" x="%d" y="%d" width="%d" height="%d" rx="%d"/>`, x, y, width, height, radius)
	}
	switch k {
	case flows.NodeChoices: // a pile of cards
		return box(x+pile, y+pile, width-pile, height-pile, 5) + box(x, y, width-pile, height-pile, 5)
	case flows.NodeAsk:
		return fmt.Sprintf(`<path class="fd-shape" d="M%d %dh%dl%d %dh%dz"/>`, x+slant, y, width-slant, -slant, height, slant-width)
	case flows.NodeCall:
		return box(x, y, width, height, 3) + fmt.Sprintf(`<path class="fd-shape" d="M%d %dv%dM%d %dv%d"/>`, x+7, y, height, x+width-7, y, height)
	case flows.NodeBranch:
		return fmt.Sprintf(`<path class="fd-shape" d="M%d %dh%dl%d %dl%d %dh%dl%d %dz"/>`,
			x+slant, y, width-2*slant, slant, height/2, -slant, height-height/2, 2*slant-width, -slant, height/2-height)
	case flows.NodeEnd, flows.NodeReturn:
		return box(x, y, width, height, min(height/2, 18))
	case cellPerson, cellOver, cellCaller, cellBack:
		return box(x, y, width, height, height/2)
	case cellFlow:
		return fmt.Sprintf(`<path class="fd-shape" d="M%d %dh%dl%d %dl%d %dh%dz"/>`,
			x, y, width-9, 9, height/2, -9, height-height/2, 9-width)
	default:
		return box(x, y, width, height, 11)
	}
}

// icon is the sign before the words of what leads out of a flow; x is where it
// begins, y its middle.
func icon(k cellKind, x, y int) string {
	switch k {
	case cellPerson:
		return fmt.Sprintf(`<circle class="fd-icon" cx="%d" cy="%d" r="3"/><path class="fd-icon" d="M%d %da5 5 0 0 1 10 0z"/>`, x+5, y-3, x, y+6)
	case cellOver:
		return fmt.Sprintf(`<rect class="fd-icon" x="%d" y="%d" width="8" height="8" rx="1"/>`, x+1, y-4)
	case cellCaller, cellBack:
		return fmt.Sprintf(`<path class="fd-stroke" d="M%d %dl-4 4l4 4m-4 -4h6q4 0 4 -4v-2"/>`, x+4, y-2)
	default:
		return fmt.Sprintf(`<path class="fd-stroke" d="M%d %dh9m-4 -4l4 4l-4 4"/>`, x, y)
	}
}

package flows

import (
	"fmt"
	"strings"
	"testing"

	"frontdesk/flows/source"
)

// largeFiles are large flow files of n states, made up in the ways that cost most.
var largeFiles = []struct {
	name string
	file func(n int) []byte
}{
	{"chain", chainFile},
	{"menus", menuFile},
	{"calls", callFile},
}

const largeTop = "version: 1\nbusiness: B\ntimezone: Europe/Berlin\nhours: {mon-fri: 09:00-18:00}\nhandoff: {words: [agent]}\n" +
	"answers:\n  hours: {words: [opening hours], say: \"{{ hours.week }}\"}\nflows:\n"

// chainFile asks n questions one after another, each with a variable of its own
// that the next three speak of.
func chainFile(n int) []byte {
	var b strings.Builder
	b.WriteString(largeTop + "  main:\n    start: s0\n    states:\n")
	for i := range n - 1 {
		fmt.Fprintf(&b, "      s%d:\n        ask: v%d\n        max: 100\n        say: \"", i, i)
		for k := max(0, i-3); k < i; k++ {
			fmt.Fprintf(&b, "You said {{ v%d }}. ", k)
		}
		fmt.Fprintf(&b, "And what is number %d?\"\n        go: s%d\n", i, i+1)
	}
	fmt.Fprintf(&b, "      s%d: {say: Thank you, end: true}\n", n-1)
	return []byte(b.String())
}

// menuFile has menus of ten choices each, in a tree that leads back to its root.
func menuFile(n int) []byte {
	var b strings.Builder
	b.WriteString(largeTop + "  main:\n    start: s0\n    states:\n")
	for i := range n {
		fmt.Fprintf(&b, "      s%d:\n        say: 'What now, {{ contact.first_name ?? \"friend\" }}? This is %d.'\n        choices:\n", i, i)
		for k := range 10 {
			to := i*10 + k + 1
			if to >= n {
				to = 0
			}
			fmt.Fprintf(&b, "          - Choice %c of %d: s%d\n", 'a'+k, i, to)
		}
	}
	return []byte(b.String())
}

// callFile has flows of ten states that call one another, look something up and
// branch on what they got.
func callFile(n int) []byte {
	var b strings.Builder
	b.WriteString(largeTop)
	flows := n / 10
	for f := range flows {
		name, next := fmt.Sprintf("f%d", f), fmt.Sprintf("f%d", f+1)
		if f == 0 {
			name = "main"
		}
		fmt.Fprintf(&b, "  %s:\n    start: a\n    states:\n", name)
		fmt.Fprintf(&b, "      a: {set: {n%d: 0}, go: b}\n", f)
		fmt.Fprintf(&b, "      b: {ask: q%d, type: number, say: \"How many? {{ n%d }}\", go: c}\n", f, f)
		fmt.Fprintf(&b, "      c:\n        on:\n          - {if: \"q%d > 3 and hours.open\", go: d}\n          - {else: e}\n", f)
		fmt.Fprintf(&b, "      d: {set: {n%d: \"{{ n%d + 1 }}\"}, say: \"{{ n%d }} for {{ business }}\", go: e}\n", f, f, f)
		fmt.Fprintf(&b, "      e:\n        call: {get: \"https://shop.example/{{ q%d }}\", as: r%d, expects: {state: text}}\n", f, f)
		fmt.Fprintf(&b, "        on:\n          - {if: r%d.ok, go: f}\n          - {else: g}\n", f)
		fmt.Fprintf(&b, "      f: {say: \"It is {{ r%d.body.state }}.\", go: g}\n", f)
		if f+1 < flows {
			fmt.Fprintf(&b, "      g: {go: %s, then: h}\n", next)
		} else {
			b.WriteString("      g: {go: h}\n")
		}
		fmt.Fprintf(&b, "      h: {say: \"{{ q%d }} of {{ n%d }}\", go: i}\n", f, f)
		b.WriteString("      i: {say: \"Anything else?\", choices: [No: j, Yes: b]}\n")
		if f == 0 {
			b.WriteString("      j: {end: true, say: Bye}\n")
		} else {
			b.WriteString("      j: {return: true}\n")
		}
	}
	return []byte(b.String())
}

// TestLarge ensures that the files that are measured are whole.
func TestLarge(t *testing.T) {
	t.Parallel()
	for _, shape := range largeFiles {
		t.Run(shape.name, func(t *testing.T) {
			t.Parallel()
			set, found := Parse("large.yaml", shape.file(120))
			if source.Failed(found) || set.Facts().States != 120 {
				t.Fatalf("%+v", found)
			}
		})
	}
}

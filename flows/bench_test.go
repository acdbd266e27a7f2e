package flows

import (
	"fmt"
	"os"
	"testing"
)

// BenchmarkStep measures an ordinary step. The budget is 3 µs.
func BenchmarkStep(b *testing.B) {
	src, err := os.ReadFile("../flows.example.yaml")
	if err != nil {
		b.Fatal(err)
	}
	set, _ := Parse("flows.example.yaml", src)
	env := Env{ContactName: "Ada Lovelace"}
	menu := set.Step(State{}, Returned{}, env).State
	for _, c := range []struct {
		name string
		in   Input
	}{
		{"tap", Tapped{ID: "main.menu:Track my order", Title: "Track my order"}},
		{"number", Said{Text: "1"}},
		{"title", Said{Text: "Track my order"}},
		{"near_miss", Said{Text: "trak my ordr"}},
		{"answer", Said{Text: "What are your opening hours?"}},
		{"miss", Said{Text: "this is something else altogether, I am afraid"}},
		{"with_expressions", Said{Text: "hello"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Step(menu, c.in, env)
			}
		})
	}
}

// BenchmarkStepSize measures the same steps in a small and in a large file: how
// large it is must make no difference.
func BenchmarkStepSize(b *testing.B) {
	for _, n := range []int{12, 2000} {
		menus, chain := mustParse(b, menuFile(n)), mustParse(b, chainFile(n))
		menu, question := menus.Step(State{}, Returned{}, Env{}).State, chain.Step(State{}, Returned{}, Env{}).State
		for _, c := range []struct {
			name string
			set  *Set
			st   State
			in   Input
		}{
			{"tap", menus, menu, Tapped{ID: "main.s0:Choice b of 0"}},
			{"text", menus, menu, Said{Text: "choice b of 0"}},
			{"miss", menus, menu, Said{Text: "something else altogether"}},
			{"ask", chain, question, Said{Text: "this is my answer"}},
		} {
			b.Run(fmt.Sprintf("%s/states=%d", c.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c.set.Step(c.st, c.in, Env{})
				}
			})
		}
	}
}

// BenchmarkStepAge measures a step of a conversation that has gone on for long:
// what was said before must make no difference.
func BenchmarkStepAge(b *testing.B) {
	set := mustParse(b, menuFile(200))
	for _, age := range []int{1, 100, 500} {
		st := set.Step(State{}, Returned{}, Env{}).State
		for i := range age {
			st = set.Step(st, Said{Text: string(rune('1' + i%9))}, Env{}).State
		}
		b.Run(fmt.Sprintf("messages=%d", age), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Step(st, Said{Text: "2"}, Env{})
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile("../flows.example.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		Parse("flows.example.yaml", src)
	}
}

// BenchmarkCheck reads and checks large files. What one state costs must not
// depend on how many there are.
func BenchmarkCheck(b *testing.B) {
	for _, shape := range largeFiles {
		for _, n := range []int{500, 5000} {
			src := shape.file(n)
			b.Run(fmt.Sprintf("%s/states=%d", shape.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Parse("large.yaml", src)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/state")
			})
		}
	}
}

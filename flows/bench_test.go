package flows

import (
	"os"
	"testing"
)

// BenchmarkStep measures an ordinary step. The budget is 5 µs.
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

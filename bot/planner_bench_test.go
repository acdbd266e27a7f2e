package bot

import (
	"fmt"
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

// BenchmarkPlan plans a line of 100,000, and makes its forecast.
func BenchmarkPlan(b *testing.B) {
	queues := map[string]flows.Queue{"support": office(30 * time.Minute)}
	line := make([]handoff.Ticket, 100_000)
	for i := range line {
		line[i] = waiting(fmt.Sprint(i), 2+i*37%160, handoff.Later)
		line[i].Place = line[i].Stand(noon)
	}
	o := Ahead(came(0, 1, 2, 25, 49), queues["support"], noon.Add(200*time.Hour))
	b.Run("plan", func(b *testing.B) {
		for b.Loop() {
			plan(map[string][]handoff.Ticket{"support": line}, queues, noon)
		}
	})
	b.Run("forecast", func(b *testing.B) {
		for b.Loop() {
			foresee(line, queues["support"], o, noon)
		}
	})
}

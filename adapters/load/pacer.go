package load

import (
	"context"
	"sync/atomic"
	"time"
)

// pacer hands out the webhooks of a schedule to many workers.
type pacer struct {
	schedule schedule
	begun    time.Time
	until    time.Duration // what would be due then or later is not handed out
	next     atomic.Int64
}

// claim takes the next webhook and returns when it is due, or at once when that
// is past: then all workers were busy, it is late, and its lateness is measured.
// ok is false when the time is over or ctx ends.
func (p *pacer) claim(ctx context.Context) (j int, due time.Duration, ok bool) {
	j, due = int(p.next.Add(1)-1), time.Since(p.begun)
	if p.schedule.rate > 0 {
		due = p.schedule.due(j)
	}
	return j, due, due < p.until && wait(ctx, due-time.Since(p.begun))
}

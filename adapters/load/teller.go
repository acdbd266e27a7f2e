package load

import (
	"context"
	"slices"
	"sync"
	"time"
)

// teller tells the program the statuses of what the Graph API took. What is due
// for one number within a beat goes into one webhook, as Meta gathers a little,
// and is sent again until it gets its 200.
type teller struct {
	statuses []string
	writer   *writer
	poster   *poster
	counts   *counts

	mu     sync.Mutex
	queued []map[int][]told // by how many statuses were told already, then by channel
	posts  sync.WaitGroup
	open   int // statuses that are queued or under way
}

const (
	beat     = 100 * time.Millisecond
	mostTold = 500 // statuses in a webhook; Meta's most is 1,000
)

func newTeller(statuses []string, w *writer, p *poster, c *counts) *teller {
	t := &teller{statuses: statuses, writer: w, poster: p, counts: c}
	for range statuses {
		t.queued = append(t.queued, map[int][]told{})
	}
	return t
}

// accepted queues the statuses of an accepted answer.
func (t *teller) accepted(channel int, s told) {
	if len(t.statuses) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queued[0][channel] = append(t.queued[0][channel], s)
	t.open += len(t.statuses)
}

// play tells statuses until ctx ends, and returns when no post is under way.
func (t *teller) play(ctx context.Context) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	defer t.posts.Wait()
	for {
		select {
		case at := <-tick.C:
			t.beat(ctx, at)
		case <-ctx.Done():
			return
		}
	}
}

// beat tells what is queued. Each answer has one status told in a beat.
func (t *teller) beat(ctx context.Context, at time.Time) {
	t.mu.Lock()
	due := t.queued
	t.queued = make([]map[int][]told, len(due))
	for i := range due {
		t.queued[i] = map[int][]told{}
		if i > 0 {
			t.queued[i] = due[i-1]
		}
	}
	t.mu.Unlock()
	for channel := range t.poster.channels {
		var all []told
		for stage, channels := range due {
			for _, s := range channels[channel] {
				s.status = t.statuses[stage]
				all = append(all, s)
			}
		}
		for part := range slices.Chunk(all, mostTold) {
			t.tell(ctx, channel, part, at)
		}
	}
}

// tell sends one webhook until it gets its 200. The caller does not wait.
func (t *teller) tell(ctx context.Context, channel int, all []told, at time.Time) {
	t.posts.Go(func() {
		body := t.writer.statuses(make([]byte, 0, 256+384*len(all)), channel, all, at)
		tries, ok := t.poster.insist(ctx, channel, body)
		t.counts.onTold(func(c *StatusCounts) {
			c.Webhooks++
			c.Again += tries - 1
			if ok {
				c.Told += len(all)
			} else {
				c.Untold += len(all)
			}
		})
		t.mu.Lock()
		t.open -= len(all)
		t.mu.Unlock()
	})
}

// waiting is how many statuses are not told yet.
func (t *teller) waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open
}

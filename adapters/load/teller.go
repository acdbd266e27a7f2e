package load

import (
	"context"
	"slices"
	"sync"
	"time"
)

// teller tells the program the statuses of what the Graph API took. What is due
// for one number within a beat goes into one webhook, as Meta gathers a little,
// and is sent again until it gets its 200. Numbers have their beats one after the
// other: Meta's do not wait for each other.
type teller struct {
	statuses []string
	writer   *writer
	poster   *poster
	counts   *counts

	mu     sync.Mutex
	queued [][][]told // by channel, then by how many statuses were told already
	posts  sync.WaitGroup
	open   int // statuses that are queued or under way
}

const (
	beat     = 100 * time.Millisecond
	mostTold = 500 // statuses in a webhook; Meta's most is 1,000
)

func newTeller(statuses []string, w *writer, p *poster, c *counts) *teller {
	t := &teller{statuses: statuses, writer: w, poster: p, counts: c}
	for range p.channels {
		t.queued = append(t.queued, make([][]told, len(statuses)))
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
	t.queued[channel][0] = append(t.queued[channel][0], s)
	t.open += len(t.statuses)
}

// play tells statuses until ctx ends, and returns when no post is under way.
func (t *teller) play(ctx context.Context) {
	tick := time.NewTicker(beat / time.Duration(len(t.queued)))
	defer tick.Stop()
	defer t.posts.Wait()
	for channel := 0; ; channel = (channel + 1) % len(t.queued) {
		select {
		case at := <-tick.C:
			t.beat(ctx, channel, at)
		case <-ctx.Done():
			return
		}
	}
}

// beat tells what is queued for a channel. Each answer has one status told in a beat.
func (t *teller) beat(ctx context.Context, channel int, at time.Time) {
	t.mu.Lock()
	due := t.queued[channel]
	t.queued[channel] = make([][]told, len(due))
	copy(t.queued[channel][min(1, len(due)):], due)
	t.mu.Unlock()
	var all []told
	for stage, list := range due {
		for _, s := range list {
			s.status = t.statuses[stage]
			all = append(all, s)
		}
	}
	for part := range slices.Chunk(all, mostTold) {
		t.tell(ctx, channel, part, at)
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

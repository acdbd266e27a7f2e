package web

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// The bounds of what webhooks may take of the memory. They are for storms, as
// after an outage of days; a platform's usual webhook is a thousand bytes.
const (
	roomBytes   = 64 << 20 // of bodies being received, and as many of bodies being stored
	roomWaiting = 4096     // webhooks that wait for their turn to be stored
	roomWait    = 10 * time.Second
	// Bodies up to this size are received without asking. Whoever claims to send
	// more takes room before anybody knows who it is: strangers may keep each
	// other's large bodies waiting, but no platform's usual webhook.
	roomSmall = 64 << 10
)

// room is what webhooks may take of the memory: who finds none waits, and is told
// to come again when that takes too long. Its methods may be called from many
// goroutines.
type room struct {
	reading, storing *semaphore.Weighted
	waiting          atomic.Int64
}

func newRoom() *room {
	return &room{reading: semaphore.NewWeighted(roomBytes), storing: semaphore.NewWeighted(roomBytes)}
}

// read takes room for a body that claims a length, negative when it claims none.
// ok is false when there is none in time; otherwise the caller must leave.
func (r *room) read(ctx context.Context, claimed int64) (leave func(), ok bool) {
	switch {
	case claimed >= 0 && claimed <= roomSmall, claimed > maxBody: // that one is refused unread
		return func() {}, true
	case claimed < 0:
		claimed = maxBody
	}
	return take(ctx, r.reading, claimed)
}

// handle takes room for a body that was received whole, likewise.
func (r *room) handle(ctx context.Context, size int) (leave func(), ok bool) {
	if r.waiting.Add(1) > roomWaiting {
		r.waiting.Add(-1)
		return nil, false
	}
	defer r.waiting.Add(-1)
	return take(ctx, r.storing, int64(size))
}

func take(ctx context.Context, s *semaphore.Weighted, n int64) (leave func(), ok bool) {
	if !s.TryAcquire(n) { // as a rule there is room, and no timer is needed
		timed, cancel := context.WithTimeout(ctx, roomWait)
		defer cancel()
		if s.Acquire(timed, n) != nil {
			return nil, false
		}
	}
	return func() { s.Release(n) }, true
}

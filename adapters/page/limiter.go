package page

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter bounds how often something may be tried under one key. Its memory is
// bounded too: at most max keys are remembered, the least recently used is
// forgotten first, and a key that has rested long enough to be as good as new
// is forgotten at the next call. Its methods may be called from many goroutines.
type Limiter struct {
	every time.Duration // one more attempt after this long
	burst int           // attempts that a rested key has
	max   int           // keys remembered

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, most recently used first
}

type bucket struct {
	key  string
	last time.Time
	rate *rate.Limiter
}

// NewLimiter gives each key burst attempts at once and one more every so often.
func NewLimiter(every time.Duration, burst, max int) *Limiter {
	return &Limiter{every: every, burst: burst, max: max, byKey: map[string]*list.Element{}, order: list.New()}
}

// Take uses one attempt of key. When none is left ok is false and wait is how
// long until there is one.
func (l *Limiter) Take(key string, now time.Time) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	e := l.byKey[key]
	if e == nil {
		e = l.order.PushFront(&bucket{key: key, rate: rate.NewLimiter(rate.Every(l.every), l.burst)})
		l.byKey[key] = e
	}
	l.order.MoveToFront(e)
	b := e.Value.(*bucket)
	b.last = now
	if len(l.byKey) > l.max {
		l.drop(l.order.Back())
	}
	r := b.rate.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// forget drops the keys that rested until their bucket was full again.
func (l *Limiter) forget(now time.Time) {
	full := l.every * time.Duration(l.burst)
	for e := l.order.Back(); e != nil && now.Sub(e.Value.(*bucket).last) >= full; e = l.order.Back() {
		l.drop(e)
	}
}

func (l *Limiter) drop(e *list.Element) {
	delete(l.byKey, e.Value.(*bucket).key)
	l.order.Remove(e)
}

// Seconds is a wait as a Retry-After header says it: whole seconds, rounded up.
func Seconds(wait time.Duration) int {
	return int((wait + time.Second - 1) / time.Second)
}

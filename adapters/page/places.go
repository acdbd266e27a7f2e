package page

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// fullWait is when a page that found no place may ask again.
const fullWait = 5 * time.Second

// Places bounds how many streams are open at once: under one key, so that one
// client cannot have them all, and in total. It remembers only keys that have a
// stream open. Its methods may be called from many goroutines.
type Places struct {
	each, total int

	mu    sync.Mutex
	byKey map[string]int
	taken int
}

// NewPlaces gives each key so many streams, and all together total.
func NewPlaces(each, total int) *Places {
	return &Places{each: each, total: total, byKey: map[string]int{}}
}

// Take takes a place for a stream until leave is called, which must be done
// once. When there is none status is what to answer: 429, the key has too many,
// or 503, all have; leave is nil then.
func (p *Places) Take(key string) (leave func(), status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.byKey[key] >= p.each:
		return nil, http.StatusTooManyRequests
	case p.taken >= p.total:
		return nil, http.StatusServiceUnavailable
	}
	p.byKey[key]++
	p.taken++
	return func() { p.leave(key) }, http.StatusOK
}

func (p *Places) leave(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.byKey[key]--; p.byKey[key] == 0 {
		delete(p.byKey, key)
	}
}

// Hold takes a place for the request's stream and reports whether it may
// begin. Otherwise it has answered: the page asks again after a while.
func (p *Places) Hold(w http.ResponseWriter, key string) (leave func(), ok bool) {
	leave, status := p.Take(key)
	if leave == nil {
		w.Header().Set("Retry-After", strconv.Itoa(Seconds(fullWait)))
		http.Error(w, "Too many pages are open. Try again in a moment.", status)
		return nil, false
	}
	return leave, true
}

package caller_test

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

var tooLate = outcome{Result: flows.Called{Error: caller.CodeTimeout}, Again: true}

func TestTheTimeBoundsTheWholeAttempt(t *testing.T) {
	t.Parallel()
	hang := func(begin string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if begin != "" {
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, begin)
				_ = http.NewResponseController(w).Flush()
			}
			<-r.Context().Done()
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"no answer":         hang(""),
		"half a body":       hang(`{"state":`),
		"a redirect to it":  func(w http.ResponseWriter, r *http.Request) { redirectOnce(w, r, hang("")) },
		"a body that drips": drip,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shop(t, h)
			r := get(s.URL)
			r.Timeout = 100 * time.Millisecond
			if diff := cmp.Diff(tooLate, call(t.Context(), newCaller(t, caller.Config{}), r)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func redirectOnce(w http.ResponseWriter, r *http.Request, then http.HandlerFunc) {
	if r.URL.Path == "/" {
		http.Redirect(w, r, "/next", http.StatusFound)
		return
	}
	then(w, r)
}

// drip sends a little now and then, which keeps a connection from being idle.
func drip(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
		}
	}
}

func TestTheCallersTimeCountsToo(t *testing.T) {
	t.Parallel()
	s := shop(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if diff := cmp.Diff(tooLate, call(ctx, newCaller(t, caller.Config{}), get(s.URL))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAHostIsNotBuriedUnderCalls(t *testing.T) {
	t.Parallel()
	const all, abreast = 24, 8
	var now, most atomic.Int32
	full := make(chan struct{})
	s := shop(t, func(http.ResponseWriter, *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		if n == abreast {
			select {
			case <-full:
			default:
				close(full)
			}
		}
		<-full // the first ones stay until there are as many as may be
	})
	c := newCaller(t, caller.Config{})
	var calls sync.WaitGroup
	for range all {
		calls.Go(func() {
			if got := call(t.Context(), c, get(s.URL)); got.Result.Status != 200 {
				t.Errorf("%+v", got)
			}
		})
	}
	calls.Wait()
	if m := most.Load(); m != abreast {
		t.Errorf("%d side by side, want %d", m, abreast)
	}
}

func TestWaitingForAPlaceEndsWithTheTime(t *testing.T) {
	t.Parallel()
	const abreast = 8
	in, out := make(chan struct{}), make(chan struct{})
	s := shop(t, func(http.ResponseWriter, *http.Request) { in <- struct{}{}; <-out })
	c := newCaller(t, caller.Config{})
	var calls sync.WaitGroup
	for range abreast {
		calls.Go(func() { call(t.Context(), c, get(s.URL)) })
		<-in
	}
	late := get(s.URL)
	late.Timeout = 50 * time.Millisecond
	if diff := cmp.Diff(tooLate, call(t.Context(), c, late)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	other := shop(t, answers(200, "text/plain", "free"))
	if got := call(t.Context(), c, get(other.URL)); got.Result.Status != 200 {
		t.Errorf("another host waits too: %+v", got)
	}
	close(out)
	calls.Wait()
}

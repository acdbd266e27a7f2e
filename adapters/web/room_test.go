package web

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRoom(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		claimed int64
		held    int64 // of the room for reading, by others
		want    bool
		waited  time.Duration
	}{
		{"a usual body asks nobody", 1 << 10, roomBytes, true, 0},
		{"the largest usual one neither", roomSmall, roomBytes, true, 0},
		{"a large one finds room", roomSmall + 1, 0, true, 0},
		{"a large one waits in vain", roomSmall + 1, roomBytes, false, roomWait},
		{"one without a length counts as the largest", -1, roomBytes - maxBody + 1, false, roomWait},
		{"and finds room where that fits", -1, roomBytes - maxBody, true, 0},
		{"one that is too large is refused later, unread", maxBody + 1, roomBytes, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRoom()
				if !r.reading.TryAcquire(tt.held) {
					t.Fatal("no room at all")
				}
				begun := time.Now()
				leave, ok := r.read(t.Context(), tt.claimed)
				if waited := time.Since(begun); ok != tt.want || waited != tt.waited {
					t.Fatalf("%v after %v, want %v after %v", ok, waited, tt.want, tt.waited)
				}
				if ok {
					leave()
				}
				r.reading.Release(tt.held)
				if !r.reading.TryAcquire(roomBytes) {
					t.Error("room is lost")
				}
			})
		})
	}
}

// Who waits gets the room of who leaves, and not more than so many wait.
func TestAStormWaitsItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom()
		var group sync.WaitGroup
		var mu sync.Mutex
		stored, refused, most, now := 0, 0, 0, 0
		for range roomWaiting + roomBytes/maxBody + 100 {
			group.Go(func() {
				leave, ok := r.handle(context.Background(), maxBody)
				mu.Lock()
				if !ok {
					refused++
					mu.Unlock()
					return
				}
				stored++
				now++
				most = max(most, now)
				mu.Unlock()
				time.Sleep(time.Millisecond)
				mu.Lock()
				now--
				mu.Unlock()
				leave()
			})
			synctest.Wait()
		}
		group.Wait()
		if refused != 100 || stored != roomWaiting+roomBytes/maxBody || most != roomBytes/maxBody {
			t.Errorf("%d stored, %d refused, %d at once", stored, refused, most)
		}
	})
}

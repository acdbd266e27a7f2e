package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// pile is a store of n steps' length. It remembers when it was asked.
type pile struct {
	n     int
	takes time.Duration // each step
	fault func(from bot.Cursor) (stuck bool, err error)

	mu    sync.Mutex
	at    []time.Time
	from  []bot.Cursor
	walk  bot.Walk
	saves int
}

func (p *pile) Sweep(_ context.Context, now time.Time, _ bot.Retention, from bot.Cursor) (bot.Swept, bot.Cursor, error) {
	p.mu.Lock()
	p.at, p.from = append(p.at, now), append(p.from, from)
	p.mu.Unlock()
	time.Sleep(p.takes)
	place, _ := strconv.Atoi(string(from))
	next := bot.Cursor(strconv.Itoa(place + 1))
	if place+1 == p.n {
		next = ""
	}
	if p.fault != nil {
		if stuck, err := p.fault(from); stuck {
			return bot.Swept{}, from, err
		} else if err != nil {
			return bot.Swept{Messages: 1}, next, err
		}
	}
	return bot.Swept{Messages: 2, Events: 1}, next, nil
}

func (p *pile) Walk(context.Context) (bot.Walk, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.walk, nil
}

func (p *pile) SaveWalk(_ context.Context, w bot.Walk) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.walk, p.saves = w, p.saves+1
	return nil
}

func (p *pile) seen() (at []time.Time, from []bot.Cursor, walk bot.Walk) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(at, p.at...), append(from, p.from...), p.walk
}

// keep runs a Keeper on p for so long, in the bubble of the caller, and gives
// what it counted and logged.
func keep(t *testing.T, p *pile, d time.Duration) (*bot.SweptStats, string) {
	t.Helper()
	var stats bot.SweptStats
	var log bytes.Buffer
	k := bot.NewKeeper(bot.KeeperConfig{Sweeper: p, Stats: &stats, Log: slog.New(slog.NewTextHandler(&log, nil))})
	ctx, stop := context.WithTimeout(t.Context(), d)
	defer stop()
	var group sync.WaitGroup
	group.Go(func() { k.Run(ctx) })
	group.Wait()
	return &stats, log.String()
}

func TestAKeeperWalksThroughTheStoreOnceADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pile{n: 3}
		begun := time.Now()
		stats, log := keep(t, p, 49*time.Hour)
		at, from, walk := p.seen()
		if len(at) != 9 {
			t.Fatalf("%d steps in two days and an hour, want three walks of 3: %v", len(at), at)
		}
		for i, want := range []bot.Cursor{"", "1", "2"} {
			if from[i] != want || from[i+3] != want {
				t.Errorf("step %d began at %q and %q, want %q", i, from[i], from[i+3], want)
			}
		}
		if late := at[3].Sub(begun) - 24*time.Hour; late < 0 || late > time.Minute {
			t.Errorf("the second walk began %s late", late)
		}
		if !walk.Over || walk.At != "" {
			t.Errorf("stored is %+v", walk)
		}
		if stats.Messages.Load() != 18 || stats.Events.Load() != 9 || stats.Walks.Load() != 3 {
			t.Errorf("counted %d messages, %d events, %d walks", stats.Messages.Load(), stats.Events.Load(), stats.Walks.Load())
		}
		if strings.Count(log, "let go of what is old") != 3 || !strings.Contains(log, "messages=6") {
			t.Errorf("it says\n%s", log)
		}
	})
}

func TestAWalkGoesOnWhereTheLastProcessStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pile{n: 1000}
		keep(t, p, 10*time.Second)
		_, from, walk := p.seen()
		stored, bad := strconv.Atoi(string(walk.At))
		last, worse := strconv.Atoi(string(from[len(from)-1]))
		if walk.Over || bad != nil || worse != nil || stored < last {
			t.Fatalf("stored is %+v after a step from %s", walk, from[len(from)-1])
		}
		done := len(from)
		keep(t, p, 10*time.Second)
		if _, from, _ := p.seen(); from[done] != walk.At {
			t.Errorf("the next process began at %q, want %q", from[done], walk.At)
		}
	})
}

func TestAWalkThatIsOverIsNotBegunAgainByARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pile{n: 3}
		keep(t, p, time.Hour)
		keep(t, p, time.Hour)
		if at, _, _ := p.seen(); len(at) != 3 {
			t.Errorf("%d steps, want 3", len(at))
		}
		p.walk.BegunAt = time.Now().Add(1000 * time.Hour) // a clock that was wrong then
		keep(t, p, time.Hour)
		if at, _, _ := p.seen(); len(at) != 6 {
			t.Errorf("%d steps after the clock was put right, want 6", len(at))
		}
	})
}

func TestAKeeperSavesItsPlaceNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &pile{n: 1 << 30}
		keep(t, p, time.Hour)
		if p.saves < 10 || p.saves > 15 {
			t.Errorf("saved %d times in an hour", p.saves)
		}
	})
}

func TestAKeeperAsksABusyStoreLessOften(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		takes       time.Duration
		least, most int // steps in ten minutes
	}{
		{"a store that answers at once", 0, 5000, 6001},
		{"one that takes a second", time.Second, 25, 30},
		{"one that takes an hour", time.Hour, 1, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &pile{n: 1 << 30, takes: tt.takes}
				keep(t, p, 10*time.Minute)
				if at, _, _ := p.seen(); len(at) < tt.least || len(at) > tt.most {
					t.Errorf("%d steps in ten minutes", len(at))
				}
			})
		})
	}
}

func TestAKeeperGoesPastDamageAndWaitsForAStoreThatCannot(t *testing.T) {
	t.Parallel()
	damage := errors.New("the data file is damaged")
	synctest.Test(t, func(t *testing.T) {
		p := &pile{n: 3, fault: func(from bot.Cursor) (bool, error) {
			if from == "1" {
				return false, damage
			}
			return false, nil
		}}
		stats, log := keep(t, p, time.Hour)
		if at, _, walk := p.seen(); len(at) != 3 || !walk.Over || stats.Messages.Load() != 5 || !strings.Contains(log, damage.Error()) {
			t.Errorf("%d steps, %+v, %d messages\n%s", len(at), walk, stats.Messages.Load(), log)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		p := &pile{n: 3, fault: func(bot.Cursor) (bool, error) { return true, damage }}
		keep(t, p, time.Hour)
		if at, _, _ := p.seen(); len(at) < 10 || len(at) > 70 {
			t.Errorf("asked %d times in an hour", len(at))
		}
	})
}

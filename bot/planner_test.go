package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// planned runs a test at a desk with a planner. One person of support is always
// there, whom a conversation takes so long.
func planned(t *testing.T, handling string, f func(t *testing.T, d *desk, p *bot.Planner)) {
	t.Helper()
	bubble(t, func(t *testing.T, d *desk) {
		set, findings := flows.Parse("shop.yaml", []byte(strings.Replace(shop, "first_reply: 15m", "handling: "+handling+", lead: 0s, staff: 1", 1)))
		if set == nil {
			t.Fatalf("the test's flows: %v", findings)
		}
		d.set = set
		d.restart(nil)
		p := bot.NewPlanner(bot.PlannerConfig{Reader: d.store, Engine: d.engine, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
		run(t, p, func() { f(t, d, p) })
	})
}

// run runs the planner for as long as f takes.
func run(t *testing.T, p *bot.Planner, f func()) {
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { p.Run(ctx) })
	defer group.Wait()
	defer stop()
	f()
}

// behind counts those that were put behind, and those that wait.
func behind(t *testing.T, d *desk) (n, all int) {
	t.Helper()
	err := d.store.Line(t.Context(), true, func(ticket handoff.Ticket) error {
		if all++; ticket.Place.Class == handoff.Behind {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, all
}

// wants lets so many customers ask for a person.
func wants(d *desk, customers ...string) {
	d.t.Helper()
	for _, c := range customers {
		d.says(c, "person")
	}
	synctest.Wait()
}

func TestWhoCannotBeMetIsPutBehindAndCalledBack(t *testing.T) {
	t.Parallel()
	planned(t, "7h", func(t *testing.T, d *desk, p *bot.Planner) {
		time.Sleep(10 * time.Second)
		people := names("+49", 5)
		wants(d, people...)
		p.Wake()
		synctest.Wait()
		n, all := behind(t, d)
		check(t, "behind and all, at once", [2]int{2, 5}, [2]int{n, all})
		for _, c := range people {
			row := d.row(c)
			if row.Ticket.Place.Class == handoff.Behind {
				continue
			}
			if err := d.engine.Resolve(t.Context(), row.Conversation.ID, "ana"); err != nil {
				t.Fatal(err)
			}
		}
		p.Wake()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		n, all = behind(t, d)
		check(t, "behind and all, when three were answered", [2]int{0, 2}, [2]int{n, all})
	})
}

func TestALineThatIsAsItShouldBeIsNotWritten(t *testing.T) {
	t.Parallel()
	planned(t, "7h", func(t *testing.T, d *desk, p *bot.Planner) {
		wants(d, names("+49", 10)...)
		p.Wake()
		time.Sleep(6 * time.Second)
		synctest.Wait()
		before := d.writes.Load()
		for range 60 {
			p.Wake()
			time.Sleep(time.Second)
		}
		synctest.Wait()
		check(t, "writes in a minute", int64(0), d.writes.Load()-before)
	})
}

func TestTimeThatNobodyUsedIsGone(t *testing.T) {
	t.Parallel()
	planned(t, "7h", func(t *testing.T, d *desk, _ *bot.Planner) {
		wants(d, names("+49", 2)...)
		time.Sleep(time.Hour)
		synctest.Wait()
		if n, _ := behind(t, d); n != 0 {
			t.Errorf("%d of 2 are behind while there is time for both", n)
		}
		time.Sleep(12 * time.Hour) // and nobody does anything
		synctest.Wait()
		if n, _ := behind(t, d); n != 1 {
			t.Errorf("%d of 2 are behind when there is time for one", n)
		}
	})
}

func TestAPlannerMovesSoManyInARound(t *testing.T) {
	t.Parallel()
	planned(t, "7h", func(t *testing.T, d *desk, p *bot.Planner) {
		wants(d, names("+49", 300)...)
		time.Sleep(5 * time.Second)
		p.Wake()
		synctest.Wait()
		if n, _ := behind(t, d); n != 200 {
			t.Errorf("%d of 300 are behind after a round", n)
		}
		time.Sleep(5 * time.Second)
		p.Wake()
		synctest.Wait()
		if n, _ := behind(t, d); n != 297 {
			t.Errorf("%d of 300 are behind after two", n)
		}
	})
}

func TestAForecastTellsWhatOneMoreWouldChange(t *testing.T) {
	t.Parallel()
	planned(t, "7h", func(t *testing.T, d *desk, p *bot.Planner) {
		wants(d, names("+49", 5)...)
		time.Sleep(time.Minute)
		p.Wake()
		synctest.Wait()
		f, told := p.Forecasts()["support"]
		if !told || len(p.Forecasts()) != 1 {
			t.Fatalf("forecasts of %v", p.Forecasts())
		}
		check(t, "waiting and behind", [2]int{5, 2}, [2]int{f.Waiting, f.Behind})
		check(t, "hours", 48, len(f.Hours))
		check(t, "on duty", []handoff.Shift{{From: f.At, To: f.At.Add(48 * time.Hour), People: 1}}, f.Shifts)
		m := f.Within(24 * time.Hour)
		if m.Planned < 1 || m.Planned > 2 || m.Fewer != 5 || m.More != 0 {
			t.Errorf("within a day %+v are missed, want one or two, 5 with one fewer, none with one more", m)
		}
		if first := f.Within(4 * time.Hour); first.Planned != 0 || !first.By.Equal(f.At.Add(4*time.Hour)) {
			t.Errorf("within four hours %+v", first)
		}
	})
}

func TestNewTicketsAreReckonedWithHowLongPeopleTake(t *testing.T) {
	t.Parallel()
	planned(t, "5m", func(t *testing.T, d *desk, p *bot.Planner) {
		people := names("+49", 21)
		wants(d, people...)
		for _, c := range people[:20] {
			id := d.row(c).Conversation.ID
			if err := d.engine.Claim(t.Context(), id, "ana"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(9 * time.Minute)
			if err := d.engine.Resolve(t.Context(), id, "ana"); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(6 * time.Minute)
		wants(d, mara)
		check(t, "a new ticket", 9*time.Minute, d.row(mara).Ticket.Handling)
		check(t, "one from before", 5*time.Minute, d.row(people[20]).Ticket.Handling)
		f := p.Forecasts()["support"]
		check(t, "measured", [2]any{9 * time.Minute, 20}, [2]any{f.Handling, f.Measured})
	})
}

// forgetful is a reader that fails.
type forgetful struct {
	bot.Reader
	asked int
}

func (s *forgetful) Traffic(context.Context, string, time.Time, time.Time) ([]bot.Traffic, error) {
	s.asked++
	return nil, errors.New("the disk is sick")
}

func TestAPlannerTellsOfAFaultAndGoesOn(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		reader, log := &forgetful{Reader: d.store}, &bytes.Buffer{}
		p := bot.NewPlanner(bot.PlannerConfig{Reader: reader, Engine: d.engine, Log: slog.New(slog.NewTextHandler(log, nil))})
		run(t, p, func() { time.Sleep(time.Hour) })
		if reader.asked < 50 {
			t.Errorf("asked %d times in an hour", reader.asked)
		}
		if n := strings.Count(log.String(), "cannot plan the line"); n < 2 || n > 20 {
			t.Errorf("told %d times in an hour:\n%s", n, log)
		}
		check(t, "forecasts", 0, len(p.Forecasts()))
	})
}

// lineReads is a reader that counts how often the line is read.
type lineReads struct {
	bot.Reader
	lines int
}

func (a *lineReads) Line(ctx context.Context, waiting bool, each func(handoff.Ticket) error) error {
	a.lines++
	return a.Reader.Line(ctx, waiting, each)
}

func TestALineIsNotReadMoreOftenThanEveryFiveSeconds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wakes time.Duration
		most  int
	}{"while much happens": {10 * time.Millisecond, 13}, "while nothing does": {time.Hour, 2}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, d *desk) {
				reader := &lineReads{Reader: d.store}
				p := bot.NewPlanner(bot.PlannerConfig{Reader: reader, Engine: d.engine, Log: slog.New(slog.DiscardHandler)})
				run(t, p, func() {
					for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(min(c.wakes, time.Minute)) {
						p.Wake()
					}
				})
				if reader.lines > c.most || reader.lines < c.most-1 {
					t.Errorf("read %d times in a minute, want %d", reader.lines, c.most)
				}
			})
		})
	}
}

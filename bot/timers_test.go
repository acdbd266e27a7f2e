package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// shopSystem is the far side of calls: a system of the business.
type shopSystem struct {
	mu     sync.Mutex
	answer func(ctx context.Context, n int) (flows.Called, bool, time.Duration) // nil: 200
	ids    []string
	at     []time.Time
}

func (s *shopSystem) Call(ctx context.Context, id string, _ flows.Call) (flows.Called, bool, time.Duration) {
	s.mu.Lock()
	s.ids, s.at = append(s.ids, id), append(s.at, time.Now())
	n, answer := len(s.ids), s.answer
	s.mu.Unlock()
	if answer != nil {
		return answer(ctx, n)
	}
	return flows.Called{Status: 200}, false, 0
}

func (s *shopSystem) calls() ([]string, []time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids), slices.Clone(s.at)
}

// hangs answers nothing until the caller gives up.
func hangs(ctx context.Context, _ int) (flows.Called, bool, time.Duration) {
	<-ctx.Done()
	return flows.Called{Error: "timeout"}, true, 0
}

var asking = flows.State{Version: "v1", Flow: "main", Node: "ask"}

func say(text string) flows.Effect { return flows.Say{Text: text} }

// acts bubbles a desk on which a play answers.
func acts(t *testing.T, p *bot.Play, f func(t *testing.T, d *desk)) {
	t.Helper()
	bubble(t, func(t *testing.T, d *desk) {
		d.restart(p)
		f(t, d)
	})
}

// patient asks, and says so when the customer stayed silent.
func patient(silence time.Duration) *bot.Play {
	return &bot.Play{Does: func(_ flows.State, in flows.Input) flows.Result {
		if _, ok := in.(flows.TimedOut); ok {
			return flows.Result{State: asking, Effects: []flows.Effect{say("Still there?")}}
		}
		return flows.Result{State: asking, Effects: []flows.Effect{say("And?")}, Silence: silence}
	}}
}

// looks makes a call for every text and says what came of it.
func looks(tries int) *bot.Play {
	return &bot.Play{Does: func(_ flows.State, in flows.Input) flows.Result {
		if in, ok := in.(flows.Called); ok {
			return flows.Result{State: asking, Effects: []flows.Effect{say(fmt.Sprintf("%d%s", in.Status, in.Error))}}
		}
		call := flows.Call{Method: "GET", URL: "https://shop.example/orders", Timeout: 30 * time.Second, Tries: tries}
		return flows.Result{State: asking, Effects: []flows.Effect{call}, Calling: true}
	}}
}

func TestSilenceIsToldAfterItsTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		silence time.Duration
		said    string
	}{
		{"of most of a day", 23 * time.Hour, "bot sent Still there?"},
		{"of a whole day, when the window is shut", 24 * time.Hour, "system noted Not said: the window is closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			acts(t, patient(c.silence), func(t *testing.T, d *desk) {
				d.says(mara, "hi")
				time.Sleep(c.silence - time.Second)
				synctest.Wait()
				check(t, "before", []string{"customer received hi", "bot sent And?"}, d.transcript(mara))
				time.Sleep(time.Second)
				synctest.Wait()
				check(t, "after", []string{"customer received hi", "bot sent And?", c.said}, d.transcript(mara))
				time.Sleep(100 * time.Hour)
				synctest.Wait()
				check(t, "it is told once", 3, len(d.transcript(mara)))
			})
		})
	}
}

func TestSilenceThatPassedWhileTheProgramWasDownIsToldWhenItIsUp(t *testing.T) {
	t.Parallel()
	play := patient(time.Hour)
	acts(t, play, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		synctest.Wait()
		d.stop()
		time.Sleep(5 * time.Hour)
		d.start()
		synctest.Wait()
		check(t, "transcript", []string{"customer received hi", "bot sent And?", "bot sent Still there?"}, d.transcript(mara))
	})
}

func TestWhoWritesInTimeIsNotToldOfSilence(t *testing.T) {
	t.Parallel()
	acts(t, patient(time.Hour), func(t *testing.T, d *desk) {
		for range 3 {
			d.says(mara, "hi")
			time.Sleep(50 * time.Minute)
			synctest.Wait()
		}
		check(t, "what was sent", []string{"And?", "And?", "And?"}, d.far.texts())
	})
}

func TestTextsInQuickFireGetOneAnswer(t *testing.T) {
	t.Parallel()
	play := &bot.Play{Gather: 3 * time.Second, Does: func(_ flows.State, in flows.Input) flows.Result {
		words := in.(flows.Said).Text
		return flows.Result{State: asking, Effects: []flows.Effect{say(strings.ReplaceAll(words, "\n", "+"))}}
	}}
	acts(t, play, func(t *testing.T, d *desk) {
		for _, words := range []string{"hi", "where is", "my bike"} {
			d.says(mara, words)
			time.Sleep(2 * time.Second)
		}
		synctest.Wait()
		check(t, "before", 0, len(d.far.texts()))
		time.Sleep(time.Second)
		synctest.Wait()
		check(t, "what was sent", []string{"hi+where is+my bike"}, d.far.texts())
	})
}

func TestTheLadderIsClimbedInTime(t *testing.T) {
	t.Parallel()
	play := patient(0)
	play.Rungs, play.Close = []time.Duration{4 * time.Hour}, 2*time.Hour
	acts(t, play, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		time.Sleep(20 * time.Hour)
		synctest.Wait()
		check(t, "the rung", []string{"And?", "rung 0"}, d.far.texts())
		time.Sleep(2*time.Hour - time.Second)
		synctest.Wait()
		check(t, "before the handover", handoff.Bot, d.row(mara).Conversation.Status)
		time.Sleep(time.Second)
		synctest.Wait()
		row := d.row(mara)
		check(t, "status", handoff.Queued, row.Conversation.Status)
		check(t, "reason", string(flows.ReasonDeadline), row.Ticket.Reason)
		check(t, "time left", 2*time.Hour, time.Until(row.Ticket.WindowCloses))
	})
}

func TestAWindowThatThePlatformClosesEarlyIsHandedOver(t *testing.T) {
	t.Parallel()
	const wait = 2 * time.Minute // Timers look again at least once a minute
	for _, c := range []struct {
		name   string
		answer error // to the send
		later  []bot.Receipt
	}{
		{"in its answer to a send", &bot.SendError{Class: bot.ClassFail, Code: "131047", Shut: true}, nil},
		{"in a status", nil, []bot.Receipt{{State: bot.StateFailed, Code: "131047", Class: bot.ClassFail, Shut: true}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			play := patient(0)
			play.Close = 2 * time.Hour
			acts(t, play, func(t *testing.T, d *desk) {
				d.far.answer = func(int, bot.Outgoing) error { return c.answer }
				d.says(mara, "hi")
				synctest.Wait()
				for _, r := range c.later {
					r.From = []bot.Alias{{Channel: "phone", Kind: "phone", Value: mara}}
					r.ExternalID = "ext-" + bot.MessageID(d.row(mara).Conversation.ID, 2)
					d.receipts(r)
				}
				time.Sleep(wait)
				synctest.Wait()
				row := d.row(mara)
				check(t, "status", handoff.Queued, row.Conversation.Status)
				check(t, "reason", string(flows.ReasonClosed), row.Ticket.Reason)
				check(t, "due again", time.Time{}, row.Conversation.CloseAt)
			})
		})
	}
}

func TestACallIsMadeAndItsAnswerTold(t *testing.T) {
	t.Parallel()
	acts(t, looks(3), func(t *testing.T, d *desk) {
		d.shop.answer = func(_ context.Context, n int) (flows.Called, bool, time.Duration) {
			if n < 3 {
				return flows.Called{Status: 503}, true, 0
			}
			return flows.Called{Status: 200}, false, 0
		}
		d.says(mara, "7")
		time.Sleep(time.Minute)
		synctest.Wait()
		ids, times := d.shop.calls()
		check(t, "one id", []string{ids[0], ids[0], ids[0]}, ids)
		check(t, "waits", []time.Duration{time.Second, 2 * time.Second}, gaps(times))
		check(t, "what was sent", []string{"200"}, d.far.texts())
		check(t, "counts", []int64{3, 1, 0, 2}, counts(d.stats))
	})
}

func counts(s *bot.Stats) []int64 {
	return []int64{s.Calls.Begun.Load(), s.Calls.Succeeded.Load(), s.Calls.Failed.Load(), s.Calls.Retried.Load()}
}

func TestACallThatDiesWithTheProgramIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		tries int
		said  string
		calls int
	}{
		{"when tries are left", 2, "200", 2},
		{"and is told as a timeout when none is", 1, "0timeout", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			play := looks(c.tries)
			acts(t, play, func(t *testing.T, d *desk) {
				d.shop.answer = hangs
				d.says(mara, "7")
				synctest.Wait()
				d.shop.mu.Lock()
				d.shop.answer = nil
				d.shop.mu.Unlock()
				d.restart(play)
				time.Sleep(time.Minute)
				synctest.Wait()
				ids, _ := d.shop.calls()
				check(t, "calls", c.calls, len(ids))
				check(t, "ids", 1, len(slices.Compact(ids)))
				check(t, "what was sent", []string{c.said}, d.far.texts())
			})
		})
	}
}

func TestAResultThatComesAfterATakeoverIsDropped(t *testing.T) {
	t.Parallel()
	play := looks(1)
	does := play.Does
	play.Does = func(st flows.State, in flows.Input) flows.Result {
		if in, ok := in.(flows.Said); ok && in.Text == "person" {
			return flows.Result{Effects: []flows.Effect{flows.Escalate{Queue: "support", Reason: flows.ReasonAsked}}}
		}
		return does(st, in)
	}
	acts(t, play, func(t *testing.T, d *desk) {
		release := make(chan struct{})
		d.shop.answer = func(context.Context, int) (flows.Called, bool, time.Duration) {
			<-release
			return flows.Called{Status: 200}, false, 0
		}
		d.says(mara, "7")
		synctest.Wait()
		d.says(mara, "person")
		synctest.Wait()
		close(release)
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "what was sent", 0, len(d.far.texts()))
		check(t, "status", handoff.Queued, d.row(mara).Conversation.Status)
	})
}

func TestACallThatPanicsIsTold(t *testing.T) {
	t.Parallel()
	acts(t, looks(3), func(t *testing.T, d *desk) {
		d.shop.answer = func(context.Context, int) (flows.Called, bool, time.Duration) { panic("a fault of the caller") }
		d.says(mara, "7")
		synctest.Wait()
		check(t, "what was sent", []string{"0fault"}, d.far.texts())
	})
}

func TestAThousandConversationsAreDueAtOnce(t *testing.T) {
	t.Parallel()
	acts(t, patient(time.Hour), func(t *testing.T, d *desk) {
		const customers = 1000
		var batch []bot.Inbound
		for i := range customers {
			batch = append(batch, d.message(fmt.Sprintf("44770120%04d", i), "hi"))
		}
		d.handle(batch...)
		synctest.Wait()
		time.Sleep(time.Hour)
		synctest.Wait()
		told := 0
		for _, text := range d.far.texts() {
			if text == "Still there?" {
				told++
			}
		}
		check(t, "told", customers, told)
	})
}

// TestASystemThatHangsHoldsUpNobodysTimers: more calls hang than may be under
// way, and meanwhile silence is told in time; in the end every call is told.
func TestASystemThatHangsHoldsUpNobodysTimers(t *testing.T) {
	t.Parallel()
	play, silent := looks(1), patient(20*time.Second)
	calls := play.Does
	play.Does = func(st flows.State, in flows.Input) flows.Result {
		switch in := in.(type) {
		case flows.TimedOut:
			return silent.Does(st, in)
		case flows.Said:
			if in.Text == "hi" {
				return silent.Does(st, in)
			}
		default:
		}
		return calls(st, in)
	}
	acts(t, play, func(t *testing.T, d *desk) {
		d.shop.answer = hangs
		const hanging = 300
		var batch []bot.Inbound
		for i := range hanging {
			batch = append(batch, d.message(fmt.Sprintf("44770120%04d", i), "7"))
		}
		d.handle(batch...)
		d.says(mara, "hi")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		check(t, "what was sent meanwhile", []string{"And?", "Still there?"}, d.far.texts())
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		ids, _ := d.shop.calls()
		check(t, "calls", hanging, len(ids))
		check(t, "what was sent", hanging+2, len(d.far.texts()))
	})
}

// counting is a store that counts how often a conversation is loaded to wake it.
type counting struct {
	bot.Ledger
	fault error // of these loads; nil: none
	loads atomic.Int64
}

func (c *counting) Load(ctx context.Context, l bot.Lookup) (bot.Snapshot, error) {
	if l.Conversation != "" {
		c.loads.Add(1)
		if c.fault != nil {
			return bot.Snapshot{}, c.fault
		}
	}
	return c.Ledger.Load(ctx, l)
}

// sick is an agenda that cannot be read at first.
type sick struct {
	bot.Agenda
	until time.Time
	reads int
}

func (s *sick) Wakes(ctx context.Context, now time.Time, limit int) ([]string, time.Time, error) {
	s.reads++
	if now.Before(s.until) {
		return nil, time.Time{}, errors.New("the disk is sick")
	}
	return s.Agenda.Wakes(ctx, now, limit)
}

// TestWhatCannotBeDoneIsTriedLessAndLessOften runs timers for an hour in which
// nothing that is due can be done.
// TestACallThatFindsNoRoomHoldsUpNothingElse: all places are taken by calls that
// never end, and whoever waits for one is told of silence in time.
func TestACallThatFindsNoRoomHoldsUpNothingElse(t *testing.T) {
	t.Parallel()
	play := looks(1)
	calls := play.Does
	play.Does = func(st flows.State, in flows.Input) flows.Result {
		if _, ok := in.(flows.TimedOut); ok {
			return flows.Result{State: st, Effects: []flows.Effect{say("Not today.")}}
		}
		res := calls(st, in)
		res.Silence = time.Hour
		return res
	}
	acts(t, play, func(t *testing.T, d *desk) {
		release := make(chan struct{})
		d.shop.answer = func(context.Context, int) (flows.Called, bool, time.Duration) {
			<-release
			return flows.Called{Status: 200}, false, 0
		}
		const places, more = 64, 10
		for i := range places + more {
			d.says(fmt.Sprintf("4477012000%02d", i), "7")
		}
		time.Sleep(time.Hour - time.Second)
		synctest.Wait()
		check(t, "before", 0, len(slices.DeleteFunc(d.far.texts(), func(text string) bool { return text != "Not today." })))
		time.Sleep(time.Second)
		synctest.Wait()
		check(t, "after", more, len(slices.DeleteFunc(d.far.texts(), func(text string) bool { return text != "Not today." })))
		close(release)
	})
}

// TestWhoWaitsForRoomIsHeard: what a customer writes meanwhile is gathered and
// answered, although their call finds no room.
func TestWhoWaitsForRoomIsHeard(t *testing.T) {
	t.Parallel()
	play := looks(1)
	calls := play.Does
	play.Gather = 3 * time.Second
	play.Does = func(st flows.State, in flows.Input) flows.Result {
		if in, ok := in.(flows.Said); ok && in.Text == "person" {
			return flows.Result{Effects: []flows.Effect{flows.Escalate{Queue: "support", Reason: flows.ReasonAsked}}}
		}
		res := calls(st, in)
		res.Silence = time.Hour
		return res
	}
	acts(t, play, func(t *testing.T, d *desk) {
		release := make(chan struct{})
		d.shop.answer = func(context.Context, int) (flows.Called, bool, time.Duration) {
			<-release
			return flows.Called{Status: 200}, false, 0
		}
		for i := range 64 {
			d.says(fmt.Sprintf("4477012000%02d", i), "7")
		}
		time.Sleep(5 * time.Second)
		d.says(mara, "7")
		time.Sleep(5 * time.Minute)
		d.says(mara, "person")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		check(t, "status", handoff.Queued, d.row(mara).Conversation.Status)
		close(release)
	})
}

func TestWhatCannotBeDoneIsTriedLessAndLessOften(t *testing.T) {
	t.Parallel()
	loop := func(flows.State, flows.Input) flows.Result { // a flow that calls again whatever came of it
		return flows.Result{State: asking, Effects: []flows.Effect{flows.Call{Method: "GET", Tries: 1}}, Calling: true}
	}
	for _, c := range []struct {
		name  string
		does  func(flows.State, flows.Input) flows.Result
		fault error
		off   bool
		level slog.Level // of what is logged; 0: nothing is
	}{
		{"as the store fails", patient(time.Minute).Does, errors.New("the disk is sick"), false, slog.LevelError},
		{"as the channel is off", patient(time.Minute).Does, nil, true, 0},
		{"as the flow goes in circles", loop, nil, false, slog.LevelWarn},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, d *desk) {
				d.idle = true
				play := &bot.Play{Does: c.does}
				d.restart(play)
				d.says(mara, "hi")
				synctest.Wait()
				time.Sleep(time.Hour)
				ledger, log := &counting{Ledger: d.store, fault: c.fault}, &levels{}
				channels := map[string]bot.Channel{d.far.name: d.far}
				if c.off {
					channels = nil
				}
				d.others(ledger, d.store, channels, log, play)
				if loads := ledger.loads.Load(); loads < 10 || loads > 30 {
					t.Errorf("it was tried %d times in an hour", loads)
				}
				if c.level == 0 && len(log.seen) > 0 || len(log.seen) > 30 {
					t.Errorf("the log has %d lines", len(log.seen))
				}
				if c.level != 0 && !slices.Contains(log.seen, c.level) {
					t.Errorf("the log has %v, want %v among them", log.seen, c.level)
				}
			})
		})
	}
}

func TestAnAgendaThatCannotBeReadIsReadAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.idle = true
		play := patient(time.Minute)
		d.restart(play)
		d.says(mara, "hi")
		synctest.Wait()
		log, agenda := &levels{}, &sick{Agenda: d.store, until: time.Now().Add(10 * time.Minute)}
		d.others(d.store, agenda, map[string]bot.Channel{d.far.name: d.far}, log, play)
		d.wake()
		synctest.Wait()
		check(t, "what was sent", []string{"And?", "Still there?"}, d.far.texts())
		if agenda.reads > 100 || len(log.seen) == 0 || len(log.seen) > 12 {
			t.Errorf("%d reads and %d lines in the log", agenda.reads, len(log.seen))
		}
	})
}

// others runs timers of their own on the desk's store for an hour.
func (d *desk) others(ledger bot.Ledger, agenda bot.Agenda, channels map[string]bot.Channel, log slog.Handler, p *bot.Play) {
	d.t.Helper()
	var timers *bot.Timers
	engine := bot.NewEngine(bot.EngineConfig{
		Ledger: ledger, Channels: channels, Set: d.set, Hub: &bot.Hub{}, Wake: func() { timers.Wake() }, Hold: func(string) {},
		Stats: bot.NewStats(channels), Log: slog.New(log),
	})
	engine.Follow(p)
	timers = bot.NewTimers(bot.TimersConfig{Agenda: agenda, Engine: engine, Log: slog.New(log), Grace: time.Second})
	ctx, stop := context.WithTimeout(context.WithoutCancel(d.t.Context()), time.Hour)
	defer stop()
	timers.Run(ctx)
}

// levels is a log of which only the levels are kept.
type levels struct {
	mu   sync.Mutex
	seen []slog.Level
}

func (l *levels) Enabled(context.Context, slog.Level) bool { return true }
func (l *levels) WithAttrs([]slog.Attr) slog.Handler       { return l }
func (l *levels) WithGroup(string) slog.Handler            { return l }
func (l *levels) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = append(l.seen, r.Level)
	return nil
}

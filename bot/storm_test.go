package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/flows"
)

// jumps is what a clock does: it is wrong by so much after ten seconds, and by so
// much after forty.
var jumps = map[string][2]time.Duration{
	"a clock that is right":                                 {0, 0},
	"a clock that goes ahead by a day":                      {24 * time.Hour, 24 * time.Hour},
	"a clock that goes ahead by a day and is right again":   {24 * time.Hour, 0},
	"a clock that goes ahead by a day and back by two":      {24 * time.Hour, -24 * time.Hour},
	"a clock that goes back by a day":                       {-24 * time.Hour, -24 * time.Hour},
	"a clock that goes back by a day and is right again":    {-24 * time.Hour, 0},
	"a clock that goes back by a day and ahead by two":      {-24 * time.Hour, 24 * time.Hour},
	"a clock that is set back by five hours":                {-5 * time.Hour, -5 * time.Hour},
	"a clock that is set ahead by a minute, and by another": {time.Minute, 2 * time.Minute},
}

// wrong is a store and a dispatcher whose machine has the wrong time.
type wrong struct {
	t     *testing.T
	off   atomic.Int64
	store *boltstore.Store
	d     *bot.Dispatcher
}

func (w *wrong) skew() time.Duration { return time.Duration(w.off.Load()) }

// inWrongTime runs a test in a bubble. The dispatcher runs until its end.
func inWrongTime(t *testing.T, p *post, f func(t *testing.T, w *wrong)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true})
		if err != nil {
			t.Fatal(err)
		}
		channels := map[string]bot.Channel{p.name: prober{p}}
		w := &wrong{t: t, store: store, d: bot.NewDispatcher(bot.DispatcherConfig{
			Outbox: store, Channels: channels, Hub: &bot.Hub{}, Stats: bot.NewStats(channels), Log: slog.New(slog.DiscardHandler), Grace: time.Second,
		})}
		w.d.Skew(w.skew)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.d.Run(ctx); close(ended) }()
		f(t, w)
		stop()
		<-ended
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
}

// comes is a new conversation with so many messages to send, as the machine has
// the time; when the customer wrote is told by the platform, which has it right.
func (w *wrong) comes(id string, messages int) {
	w.t.Helper()
	c := waitingChange(id, messages)
	for i := range c.Messages {
		c.Messages[i].At = c.Messages[i].At.Add(w.skew())
		c.Deliveries[i].DueAt = c.Deliveries[i].DueAt.Add(w.skew())
	}
	if err := w.store.Commit(w.t.Context(), []bot.Change{c}); err != nil {
		w.t.Fatal(err)
	}
	w.d.Wake()
}

// refuses answers the first n sends with an error.
func refuses(n int64, e bot.SendError) func(context.Context, bot.Outgoing) error {
	var tried atomic.Int64
	return func(context.Context, bot.Outgoing) error {
		if tried.Add(1) <= n {
			return &e
		}
		return nil
	}
}

// The clock jumps while messages wait for all that they can wait for. Each is
// sent once, in order, and not later than with a clock that is right.
func TestAClockThatJumpsLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	for situation, c := range map[string]struct {
		pace          bot.Pace
		answer        func() func(context.Context, bot.Outgoing) error
		down          time.Duration // the platform hangs for so long, from the beginning
		conversations int
		tries         int           // beside one for each message, at most
		within        time.Duration // all are sent
		wait          time.Duration // at least, between the first two tries
	}{
		"messages wait for their turn": {
			pace: bot.Pace{Rate: 1, Burst: 1}, conversations: 20, within: 70 * time.Second,
		},
		"one customer is not written to faster": {
			pace: bot.Pace{Pair: 20 * time.Second, PairBurst: 1}, conversations: 1, within: 41 * time.Second,
		},
		"a send takes long": {
			answer: func() func(context.Context, bot.Outgoing) error {
				return func(context.Context, bot.Outgoing) error { time.Sleep(25 * time.Second); return nil }
			},
			conversations: 2, within: 76 * time.Second,
		},
		"a send is tried again": {
			answer: func() func(context.Context, bot.Outgoing) error {
				return refuses(6, bot.SendError{Class: bot.ClassRetry})
			},
			conversations: 1, tries: 6, within: 64 * time.Second,
		},
		"it is not known whether the platform took a message": {
			answer: func() func(context.Context, bot.Outgoing) error {
				return refuses(1, bot.SendError{Class: bot.ClassUnknown, Code: "timeout"})
			},
			conversations: 1, tries: 1, within: 3 * time.Minute, wait: 2 * time.Minute,
		},
		"the account has trouble": {
			answer: func() func(context.Context, bot.Outgoing) error {
				return refuses(1, bot.SendError{Class: bot.ClassAlarm})
			},
			conversations: 1, tries: 1, within: 61 * time.Second,
		},
		"the platform's server hangs": {
			down: 90 * time.Second, conversations: 3, tries: 3, within: 3 * time.Minute,
		},
	} {
		for clock, off := range jumps {
			t.Run(situation+", with "+clock, func(t *testing.T) {
				t.Parallel()
				p := newPost("phone", c.pace)
				if c.answer != nil {
					p.answer = c.answer()
				}
				inWrongTime(t, p, func(t *testing.T, w *wrong) {
					begun := time.Now()
					if c.down > 0 {
						p.answer = func(ctx context.Context, _ bot.Outgoing) error { return hung(ctx, begun.Add(c.down)) }
						p.alive = func(ctx context.Context) error { return hung(ctx, begun.Add(c.down)) }
					}
					for i := range c.conversations {
						w.comes(fmt.Sprintf("c%d", i), 3)
					}
					for i, wait := range []time.Duration{10 * time.Second, 30 * time.Second} {
						time.Sleep(wait)
						w.off.Store(int64(off[i]))
						w.d.Wake()
					}
					time.Sleep(c.within - time.Since(begun))
					synctest.Wait()
					w.checkSentOnce(p, c.conversations, c.tries)
					if t.Failed() {
						return
					}
					if again := gaps(p.tries()); c.wait > 0 && again[0] < c.wait {
						t.Errorf("it was sent again after %v, want a receipt to be waited for", again[0])
					}
				})
			})
		}
	}
}

// hung is silence until the platform is back.
func hung(ctx context.Context, back time.Time) error {
	if !time.Now().Before(back) {
		return nil
	}
	return silence(ctx)
}

// checkSentOnce checks that three messages of each conversation were sent, in
// their order, none twice and after no more tries than so many.
func (w *wrong) checkSentOnce(p *post, conversations, tries int) {
	w.t.Helper()
	newest := make(map[string]uint64)
	for _, id := range p.took() {
		conversation, seq, err := bot.ParseMessageID(id)
		if err != nil || seq != newest[conversation]+1 {
			w.t.Errorf("%s was sent after %d (%v)", id, newest[conversation], err)
		}
		newest[conversation] = seq
	}
	for i := range conversations {
		id := fmt.Sprintf("c%d", i)
		check(w.t, "sent in "+id, uint64(3), newest[id])
		list, err := w.store.Transcript(w.t.Context(), id, 0, 10)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, m := range list {
			check(w.t, m.ID(), bot.StateSent, m.State)
		}
	}
	if n := len(p.tries()) - 3*conversations; n > tries {
		w.t.Errorf("%d tries too many, want at most %d", n, tries)
	}
}

// ahead writes what a customer said as a program had done it whose clock was
// ahead: everything that it reckoned by that clock is later.
func (d *desk) ahead(customer string, by time.Duration) {
	d.t.Helper()
	c := d.row(customer).Conversation
	base := c.Version
	c.Version++
	c.UpdatedAt = c.UpdatedAt.Add(by)
	for _, at := range []*time.Time{&c.AnswerAt, &c.SilentAt} {
		if !at.IsZero() {
			*at = at.Add(by)
		}
	}
	if c.Call != nil {
		c.Call.DueAt = c.Call.DueAt.Add(by)
	}
	if err := d.store.Commit(d.t.Context(), []bot.Change{{Base: base, Conversation: c}}); err != nil {
		d.t.Fatal(err)
	}
}

// What a conversation waits for does not wait for hours longer because the clock
// was five hours ahead when it was decided; and it happens once.
func TestAClockThatIsSetBackPutsNothingOff(t *testing.T) {
	t.Parallel()
	const hours = 5 * time.Hour
	gathers := &bot.Play{Gather: 10 * time.Second, Does: func(flows.State, flows.Input) flows.Result {
		return flows.Result{State: asking, Effects: []flows.Effect{say("And?")}}
	}}
	for name, c := range map[string]struct {
		play *bot.Play
		want []string
	}{
		"texts that are gathered": {gathers, []string{"And?"}},
		"silence":                 {patient(time.Minute), []string{"And?", "Still there?"}},
		"a call":                  {looks(1), []string{"200"}},
	} {
		t.Run(name+", in the next process", func(t *testing.T) {
			t.Parallel()
			acts(t, c.play, func(t *testing.T, d *desk) {
				d.idle = true
				d.restart(c.play)
				d.says(mara, "hi")
				d.ahead(mara, hours)
				d.idle = false
				d.restart(c.play)
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				check(t, "said", c.want, d.far.texts())
				check(t, "due again", time.Time{}, d.row(mara).Conversation.WakeAt())
			})
		})
		t.Run(name+", in the same", func(t *testing.T) {
			t.Parallel()
			acts(t, c.play, func(t *testing.T, d *desk) {
				var off atomic.Int64
				off.Store(int64(hours))
				d.idle = true
				d.restart(c.play)
				timers := bot.NewTimers(bot.TimersConfig{Agenda: d.store, Engine: d.engine, Log: slog.New(slog.DiscardHandler), Grace: time.Second})
				timers.Skew(func() time.Duration { return time.Duration(off.Load()) })
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan struct{})
				go func() { timers.Run(ctx); close(ended) }()
				defer func() { stop(); <-ended }()
				synctest.Wait()
				d.says(mara, "hi")
				d.ahead(mara, hours)
				off.Store(0)
				time.Sleep(4 * time.Minute) // they look once a minute
				synctest.Wait()
				check(t, "said", c.want, d.far.texts())
			})
		})
	}
}

package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
)

// platform is a channel whose server a test can let hang. A send takes a moment.
type platform struct {
	limits bot.Limits

	mu      sync.Mutex
	hangs   bool
	answer  func(o bot.Outgoing) error // nil: accept
	tries   map[string]int             // by message: how often it was sent, taken or not
	hung    map[string]bool            // messages whose send hung
	taken   []bot.Outgoing             // in order
	at      []time.Time                // of taken
	probes  []time.Time
	most    int // sends under way at once
	running int
}

func newPlatform(pace bot.Pace) *platform {
	p := &platform{limits: metaLike(), tries: make(map[string]int), hung: make(map[string]bool)}
	p.limits.Pace = pace
	return p
}

func (p *platform) Name() string       { return "phone" }
func (p *platform) Limits() bot.Limits { return p.limits }

func (p *platform) Send(ctx context.Context, o bot.Outgoing) (bot.Sent, error) {
	begun := time.Now()
	p.mu.Lock()
	id := o.Message.ID()
	p.tries[id]++
	p.running++
	p.most = max(p.most, p.running)
	hangs := p.hangs
	p.mu.Unlock()
	defer func() { p.mu.Lock(); p.running--; p.mu.Unlock() }()
	if hangs {
		<-ctx.Done()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.hung[id] = true
		return bot.Sent{}, &bot.SendError{Class: bot.ClassUnknown, Code: "timeout", Reason: "no answer", Host: true}
	}
	time.Sleep(100 * time.Millisecond)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answer != nil {
		if err := p.answer(o); err != nil {
			return bot.Sent{}, err
		}
	}
	p.taken, p.at = append(p.taken, o), append(p.at, begun)
	return bot.Sent{ExternalID: id}, nil
}

func (p *platform) set(hangs bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hangs = hangs
}

// texts is what was taken, in order.
func (p *platform) texts() (texts []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, o := range p.taken {
		texts = append(texts, o.Message.Text)
	}
	return texts
}

// asked is a platform that can be asked whether it answers.
type asked struct{ *platform }

func (p asked) Probe(ctx context.Context) error {
	p.mu.Lock()
	p.probes = append(p.probes, time.Now())
	hangs := p.hangs
	p.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return errors.New("nobody answers")
	}
	return nil
}

// sending is a store and a dispatcher that sends from it.
type sending struct {
	store *boltstore.Store
	wake  func()
	stats *bot.Stats
	end   func() // stops the dispatcher; also done when the test ends
}

// outboxOf puts something between the dispatcher and its store; nil: nothing.
func dispatching(t *testing.T, c bot.Channel, outboxOf func(bot.Outbox) bot.Outbox) sending {
	t.Helper()
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "frontdesk.db"), boltstore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	outbox := bot.Outbox(store)
	if outboxOf != nil {
		outbox = outboxOf(store)
	}
	channels := map[string]bot.Channel{c.Name(): c}
	if host := c.Limits().Pace.Host; host != "" { // another depends on it as well, and has nothing to send
		channels["idle"] = &far{name: "idle", limits: bot.Limits{Pace: bot.Pace{Host: host}}}
	}
	s := sending{store: store, stats: bot.NewStats(channels)}
	d := bot.NewDispatcher(bot.DispatcherConfig{
		Outbox: outbox, Channels: channels, Hub: &bot.Hub{}, Stats: s.stats, Log: slog.New(slog.DiscardHandler), Grace: time.Second,
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { d.Run(ctx); close(ended) }()
	s.wake = d.Wake
	s.end = func() { stop(); <-ended }
	t.Cleanup(func() {
		s.end()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// comes is a new conversation with so many messages to send.
func (s sending) comes(t *testing.T, id string, messages int) {
	t.Helper()
	if err := s.store.Commit(t.Context(), []bot.Change{waitingChange(id, messages)}); err != nil {
		t.Fatal(err)
	}
	s.wake()
}

// checkAllSent checks that all messages of a conversation are sent, and nothing waits.
func (s sending) checkAllSent(t *testing.T, id string, messages int) {
	t.Helper()
	list, err := s.store.Transcript(t.Context(), id, 0, 1000)
	if err != nil || len(list) != messages {
		t.Fatalf("%s has %d messages, want %d (%v)", id, len(list), messages, err)
	}
	for _, m := range list {
		if m.State != bot.StateSent {
			t.Errorf("%s is %s, want sent", m.ID(), m.State)
		}
	}
}

// inOrder checks that the messages of each conversation were taken in their order.
func (p *platform) inOrder(t *testing.T) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	newest := make(map[string]uint64)
	for _, o := range p.taken {
		m := o.Message
		if m.Seq != newest[m.Conversation]+1 {
			t.Errorf("%s was taken after %d", m.ID(), newest[m.Conversation])
		}
		newest[m.Conversation] = m.Seq
	}
}

// A platform hangs for an hour: 500 conversations wait, and new ones come all
// the while. What was under way may be sent twice, all else is sent once.
func TestAPlatformHangsForAnHourAndNothingIsLost(t *testing.T) {
	t.Parallel()
	const conversations, each, newcomers = 500, 3, 60
	for name, probes := range map[string]bool{"it can be asked whether it is back": true, "a delivery tells": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPlatform(bot.Pace{Rate: 80, Burst: 8, Pair: 6 * time.Second, PairBurst: 45, Host: "graph"})
				channel := bot.Channel(p)
				if probes {
					channel = asked{p}
				}
				s := dispatching(t, channel, nil)
				backlog(t, s.store, conversations, each)
				s.wake()
				time.Sleep(5 * time.Second)
				p.set(true)
				for i := range newcomers {
					time.Sleep(time.Minute)
					s.comes(t, fmt.Sprintf("n%d", i), each)
				}
				p.mu.Lock()
				before := len(p.taken)
				p.mu.Unlock()
				if before == 0 || before > 450 {
					t.Fatalf("%d were taken in 5 s before it hung, want about 400", before)
				}
				back := time.Now()
				p.set(false)
				time.Sleep(3 * time.Minute)
				synctest.Wait()

				for i := range conversations {
					s.checkAllSent(t, fmt.Sprintf("c%05d", i), each)
				}
				for i := range newcomers {
					s.checkAllSent(t, fmt.Sprintf("n%d", i), each)
				}
				p.inOrder(t)
				p.mu.Lock()
				defer p.mu.Unlock()
				if n := len(p.hung); n > 64+3+120 || probes && n > 64 {
					t.Errorf("%d sends hung, want only those that were under way", n)
				}
				for id, tries := range p.tries {
					if most := 1; tries > most && !p.hung[id] || probes && tries > 2 {
						t.Errorf("%s was sent %d times (it hung: %t)", id, tries, p.hung[id])
					}
				}
				if n := len(p.taken); n != (conversations+newcomers)*each {
					t.Errorf("%d were taken, want %d", n, (conversations+newcomers)*each)
				}
				if p.most > 64 {
					t.Errorf("%d sends at once", p.most)
				}
				if wait := p.at[before].Sub(back); wait > 41*time.Second {
					t.Errorf("the first went %v after it was back, want within a probe", wait)
				}
				if probes && (len(p.probes) < 80 || len(p.probes) > 130) {
					t.Errorf("it was asked %d times in an hour, want every 30 to 40 s", len(p.probes))
				}
				t.Logf("%d taken before, %d hung, %d probes, all sent %v after", before, len(p.hung), len(p.probes), p.at[len(p.at)-1].Sub(back))
			})
		})
	}
}

func TestNoMoreIsSentThanTheNumbersRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(bot.Pace{Rate: 80, Burst: 8})
		s := dispatching(t, p, nil)
		backlog(t, s.store, 400, 2)
		begun := time.Now()
		s.wake()
		time.Sleep(time.Minute)
		synctest.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.at) != 800 {
			t.Fatalf("%d were sent, want 800", len(p.at))
		}
		perSecond := make(map[int]int)
		for _, at := range p.at {
			perSecond[int(at.Sub(begun)/time.Second)]++
		}
		for second, n := range perSecond {
			if n > 88 {
				t.Errorf("%d in second %d", n, second)
			}
		}
		if last := p.at[len(p.at)-1].Sub(begun); last > 15*time.Second {
			t.Errorf("800 took %v at 80 a second, want about 10 s", last)
		}
	})
}

func TestConversationsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(bot.Pace{Rate: 1, Burst: 1})
		s := dispatching(t, p, nil)
		s.comes(t, "a", 4)
		time.Sleep(10 * time.Millisecond)
		s.comes(t, "b", 3)
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "the order", "a says 1, b says 1, a says 2, b says 2, a says 3, b says 3, a says 4", strings.Join(p.texts(), ", "))
	})
}

func TestOneCustomerGetsABurstAndThenWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(bot.Pace{Pair: 6 * time.Second, PairBurst: 45})
		s := dispatching(t, p, nil)
		begun := time.Now()
		s.comes(t, "a", 50)
		time.Sleep(4*time.Second + 900*time.Millisecond)
		s.comes(t, "b", 1)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		s.checkAllSent(t, "a", 50)
		s.checkAllSent(t, "b", 1)
		p.mu.Lock()
		defer p.mu.Unlock()
		burst := 0
		for i, at := range p.at {
			if p.taken[i].Message.Conversation == "b" {
				if wait := at.Sub(begun); wait > 5*time.Second {
					t.Errorf("another customer waited until %v", wait)
				}
				continue
			}
			if at.Sub(begun) < 5*time.Second {
				burst++
			}
		}
		if burst != 45 {
			t.Errorf("%d went at once, want 45", burst)
		}
		if last := p.at[len(p.at)-1].Sub(begun); last < 29*time.Second || last > 31*time.Second {
			t.Errorf("the last of 50 went after %v, want 5 times 6 s", last)
		}
		for id, tries := range p.tries {
			if tries != 1 {
				t.Errorf("%s was sent %d times", id, tries)
			}
		}
	})
}

// fullDisk is an outbox whose results cannot be stored for a while.
type fullDisk struct {
	bot.Outbox
	mu     sync.Mutex
	until  time.Time
	fault  error
	leases int // while it is full
}

func (f *fullDisk) full() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Now().Before(f.until) {
		return f.fault
	}
	return nil
}

func (f *fullDisk) Due(ctx context.Context, now time.Time, lease time.Duration, room map[string]int) ([]bot.Attempt, time.Time, error) {
	due, next, err := f.Outbox.Due(ctx, now, lease, room)
	if f.full() != nil {
		f.leases += len(due)
	}
	return due, next, err
}

func (f *fullDisk) Done(ctx context.Context, o bot.Outcome) error {
	if err := f.full(); err != nil {
		return err
	}
	return f.Outbox.Done(ctx, o)
}

func TestResultsThatCannotBeStoredAreKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault error
		long  time.Duration
	}{
		"a full disk, for ten minutes":   {fmt.Errorf("writing: %w", bot.ErrFull), 10 * time.Minute},
		"another fault, for few seconds": {errors.New("a fault"), 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPlatform(bot.Pace{})
				disk := &fullDisk{fault: c.fault}
				s := dispatching(t, p, func(o bot.Outbox) bot.Outbox { disk.Outbox = o; return disk })
				s.comes(t, "a", 2)
				time.Sleep(50 * time.Millisecond) // a-1 is under way
				disk.mu.Lock()
				disk.until = time.Now().Add(c.long)
				disk.mu.Unlock()
				time.Sleep(time.Second)
				for i := range 100 {
					s.comes(t, fmt.Sprintf("n%d", i), 1)
				}
				time.Sleep(c.long + time.Minute)
				synctest.Wait()
				if disk.leases > 0 {
					t.Errorf("%d were leased while a result could not be stored", disk.leases)
				}
				s.checkAllSent(t, "a", 2)
				for i := range 100 {
					s.checkAllSent(t, fmt.Sprintf("n%d", i), 1)
				}
				for id, tries := range p.tries {
					if tries != 1 {
						t.Errorf("%s was sent %d times", id, tries)
					}
				}
			})
		})
	}
}

// A process whose clock was five hours ahead put a message back; the next one
// begins with a clock that is right.
func TestWhatAClockThatWasAheadStoredDoesNotWaitForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(bot.Pace{})
		s := dispatching(t, p, nil)
		c := waitingChange("a", 2)
		c.Deliveries[0].DueAt = time.Now().Add(5*time.Hour + time.Minute)
		if err := s.store.Commit(t.Context(), []bot.Change{c}); err != nil {
			t.Fatal(err)
		}
		s.wake()
		time.Sleep(time.Second)
		synctest.Wait()
		s.checkAllSent(t, "a", 2)
	})
}

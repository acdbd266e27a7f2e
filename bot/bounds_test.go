package bot_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// endless is an outbox in which a million deliveries wait on every channel, each
// of another customer.
type endless struct {
	mu     sync.Mutex
	n      int
	asked  int
	leased map[string]int
	fault  error                           // of Due
	repeat time.Time                       // when the same ones are handed out again, as their leases have run out; zero: never
	done   func(ctx context.Context) error // nil: stored
}

func (e *endless) Due(_ context.Context, now time.Time, _ time.Duration, room map[string]int) (due []bot.Attempt, next time.Time, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked++
	if e.fault != nil {
		return nil, time.Time{}, e.fault
	}
	if !e.repeat.IsZero() {
		if now.Before(e.repeat) {
			return nil, e.repeat, nil
		}
		e.n, e.repeat = 0, now.Add(time.Second)
		room = map[string]int{"phone": 1}
	}
	for channel, n := range room {
		for range n {
			id := fmt.Sprintf("c%07d", e.n)
			e.n++
			e.leased[channel]++
			due = append(due, bot.Attempt{
				Delivery: bot.Delivery{Conversation: id, Seq: 1, DueAt: now}, Message: bot.Message{Conversation: id, Seq: 1},
				Conversation: bot.Conversation{ID: id, Channel: channel, NewestInbound: now},
			})
		}
	}
	return due, now, nil
}

func (e *endless) Done(ctx context.Context, _ bot.Outcome) error {
	if e.done != nil {
		return e.done(ctx)
	}
	return nil
}
func (*endless) Retry(context.Context, bot.Retry) error { return nil }

// What the dispatcher holds does not grow with what waits: with a million
// deliveries on each of six channels that hang it has leased what is under way.
func TestAMillionDeliveriesWaitInTheStoreAndNotInMemory(t *testing.T) {
	t.Parallel()
	var posts []*post
	for i := range 6 {
		p := newPost(fmt.Sprintf("n%d", i), bot.Pace{Host: "graph"})
		p.answer = func(ctx context.Context, _ bot.Outgoing) error { return silence(ctx) }
		posts = append(posts, p)
	}
	inOffice(t, posts, func(t *testing.T, o *office) {
		e := &endless{leased: map[string]int{}}
		o.outbox = e
		o.start()
		for range 1000 {
			o.d.Wake()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		e.mu.Lock()
		defer e.mu.Unlock()
		total := 0
		for channel, n := range e.leased {
			if total += n; n < 40 || n > 64 {
				t.Errorf("%d are leased on %s, want its share of the host", n, channel)
			}
		}
		check(t, "leased in all", 256, total)
	})
}

func TestALeaseThatRunsOutDuringItsSendSendsNothingTwice(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	p.answer = func(context.Context, bot.Outgoing) error { time.Sleep(20 * time.Second); return nil }
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.outbox = &endless{leased: map[string]int{}, repeat: time.Now()}
		o.start()
		time.Sleep(19 * time.Second)
		synctest.Wait()
		check(t, "tries", 1, len(p.tries()))
	})
}

func TestAStoreWithAFaultIsAskedOnceASecond(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		e := &endless{leased: map[string]int{}, fault: errors.New("a fault")}
		o.outbox = e
		o.start()
		for range 10_000 { // a storm of webhooks
			o.d.Wake()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.asked < 9 || e.asked > 11 {
			t.Errorf("asked %d times in ten seconds", e.asked)
		}
	})
}

// One record that cannot be written, with a store that is well, must not keep all
// others waiting for ever.
func TestOneResultThatCannotBeStoredStopsTheOthersForAMomentOnly(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.outbox = &torn{Outbox: o.store}
		o.waits("phone", 1, "torn", "whole")
		o.start()
		synctest.Wait()
		o.waits("phone", 1, "another")
		time.Sleep(5 * time.Second)
		synctest.Wait()
		check(t, "while it may be the disk", 2, len(p.took()))
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "afterwards", 3, len(p.took()))
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "the others", map[bot.MessageState]int{bot.StateSent: 1}, o.states("another"))
	})
}

// torn cannot store what becomes of one conversation.
type torn struct{ bot.Outbox }

func (o *torn) Done(ctx context.Context, out bot.Outcome) error {
	if out.Conversation == "torn" {
		return errors.New("the record is damaged")
	}
	return o.Outbox.Done(ctx, out)
}

func TestWhatIsNotStoredEndsWithTheProgram(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.outbox = &endless{leased: map[string]int{}, done: func(context.Context) error { return bot.ErrFull }}
		o.start()
		time.Sleep(time.Hour)
		check(t, "sent", 64, len(p.took()))
		begun := time.Now()
		o.stop()
		check(t, "stopping takes the grace", time.Second, time.Since(begun).Round(time.Millisecond))
	})
}

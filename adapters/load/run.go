package load

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// player is a run under way.
type player struct {
	o        Options
	begun    time.Time
	pacer    pacer
	ledger   *ledger
	late     *meter // from the moment a webhook was due to its sending
	webhooks *meter // from that moment to its 200
	counts   *counts
	writer   *writer
	poster   *poster
	teller   *teller
	graph    *graph
	disk     disk
}

// Play plays a load and reports on it. graph is where the program sends its
// answers; it is closed. progress is called every second, from one goroutine.
// When ctx ends no more is sent, what is under way is waited for a little, and
// the report tells of what was. An error means that nothing was measured.
func Play(ctx context.Context, o Options, at net.Listener, progress func(Window)) (*Report, error) {
	p, err := newPlayer(o)
	if err != nil {
		_ = at.Close()
		return nil, err
	}
	return p.play(ctx, at, progress), nil
}

func (p *player) play(ctx context.Context, at net.Listener, progress func(Window)) *Report {
	w := newWatch(p)
	p.begin(w)
	far := &http.Server{Handler: p.graph, ReadHeaderTimeout: 10 * time.Second}
	var servers sync.WaitGroup
	servers.Go(func() { _ = far.Serve(at) }) // it ends when it is closed, and what it then says is not news
	defer servers.Wait()
	defer far.Close() //nolint:errcheck // nobody is to be told any more

	// What is under way is not cut when ctx ends: whether it was taken would not be known.
	after, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	var beside sync.WaitGroup
	beside.Go(func() { p.teller.play(after) })
	beside.Go(func() { p.disk.play(after, p.o.Folder) })
	beside.Go(func() { w.run(after, progress) })
	p.send(ctx, after)
	sent := time.Since(p.begun)
	p.settle(ctx)
	end()
	p.poster.close() // what hangs now hangs for ever
	beside.Wait()
	return p.report(ctx, w, sent)
}

func newPlayer(o Options) (*player, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	// Begun anew each time: a program that knows yesterday's customers meets others.
	code := run(fmt.Sprintf("%0*d", runDigits, rand.IntN(1_000_000))) //nolint:gosec // nothing is to be guessed
	p := &player{
		o: o, pacer: pacer{schedule: newSchedule(&o), until: o.Duration}, late: newMeter(), webhooks: newMeter(),
		disk:   disk{newMeter()},
		counts: &counts{answers: map[string]int{}}, writer: &writer{run: code, channels: o.Channels},
	}
	p.ledger = newLedger(p.pacer.schedule.senders())
	var err error
	if p.poster, err = newPoster(&o, p.counts); err != nil {
		return nil, err
	}
	p.teller = newTeller(o.Statuses, p.writer, p.poster, p.counts)
	channels := map[string]int{}
	for i, c := range o.Channels {
		channels[c.Number] = i
	}
	p.graph = &graph{
		run: code, trouble: o.Trouble, channels: channels, ledger: p.ledger,
		answers: newMeter(), counts: p.counts, teller: p.teller,
	}
	return p, nil
}

// begin starts the clock.
func (p *player) begin(w *watch) {
	p.begun = time.Now()
	p.graph.begun, p.pacer.begun, w.begun = p.begun, p.begun, p.begun
}

// send sends webhooks until their time is over or ctx ends.
func (p *player) send(ctx, after context.Context) {
	limit, cancel := context.WithTimeout(after, p.o.Duration+p.o.Grace)
	defer cancel()
	var workers sync.WaitGroup
	for range p.o.Concurrency {
		workers.Go(func() { p.work(ctx, limit) })
	}
	workers.Wait()
}

func (p *player) work(ctx, limit context.Context) {
	var slots []slot
	var people []person
	for {
		j, due, ok := p.pacer.claim(ctx)
		if !ok {
			return
		}
		var channel int
		channel, slots = p.pacer.schedule.slots(slots[:0], j)
		people = people[:0]
		now := time.Since(p.begun)
		p.late.record(now - due)
		for _, s := range slots {
			people = append(people, person{s, p.ledger.send(s, due, now)})
		}
		if p.webhook(ctx, limit, channel, people) {
			p.taken(people, due)
		}
	}
}

// webhook sends one, and reports whether it got its 200.
func (p *player) webhook(ctx, limit context.Context, channel int, people []person) bool {
	body := p.writer.messages(make([]byte, 0, 256+512*len(people)), channel, people, time.Now())
	if p.poster.post(limit, channel, body) {
		return true
	}
	for pause := firstPause; p.o.Retry && wait(ctx, pause) && limit.Err() == nil; pause = min(2*pause, mostPause) {
		if p.poster.post(limit, channel, body) {
			return true
		}
	}
	return false
}

func (p *player) taken(people []person, due time.Duration) {
	now := time.Since(p.begun)
	p.webhooks.record(now - due)
	for _, m := range people {
		p.ledger.take(m.slot, m.name, now)
	}
}

const (
	settleEvery = 20 * time.Millisecond
	leave       = 5 * time.Second // what a run that is stopped early waits at most
)

// settle waits until everything is answered and told, or the grace is over.
func (p *player) settle(ctx context.Context) {
	tick := time.NewTicker(settleEvery)
	defer tick.Stop()
	grace, left := time.After(p.o.Grace), make(<-chan time.Time)
	stopped := ctx.Done()
	for p.ledger.tally().waiting > 0 || p.teller.waiting() > 0 {
		select {
		case <-tick.C:
		case <-stopped:
			stopped, left = nil, time.After(leave)
		case <-left:
			return
		case <-grace:
			return
		}
	}
}

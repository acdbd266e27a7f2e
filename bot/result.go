package bot

import (
	"context"
	"errors"
	"time"
)

const (
	// A result that cannot be stored is tried again after 100 ms, doubling.
	storeFirst = 100 * time.Millisecond
	storeMost  = 5 * time.Second
	// A store that takes one result for so long not, although its disk is not
	// full, may take others: they do not wait for it any more.
	storeAlone = 10 * time.Second
)

func (d *Dispatcher) done(ctx context.Context, a Attempt, o Outcome) {
	o.Conversation, o.Seq, o.At = a.Delivery.Conversation, a.Delivery.Seq, time.Now().UTC()
	if again := d.putBack(a.Message.ID()); again != nil {
		d.retry(ctx, *again, Retry{At: again.Delivery.DueAt})
	}
	d.store(ctx, a, func(ctx context.Context) error { return d.finish(ctx, o) })
}

func (d *Dispatcher) retry(ctx context.Context, a Attempt, r Retry) {
	r.Conversation, r.Seq = a.Delivery.Conversation, a.Delivery.Seq
	d.store(ctx, a, func(ctx context.Context) error { return d.outbox.Retry(ctx, r) })
}

// store stores a result, and does not give up before ctx ends: what was sent must
// be known, or it might be sent twice. While results wait nothing new is leased,
// so that no more of them come than sends were under way.
func (d *Dispatcher) store(ctx context.Context, a Attempt, write func(context.Context) error) {
	begun, blocks := time.Now(), false
	defer func() { d.block(&blocks, false) }()
	for wait := storeFirst; ; wait = min(2*wait, storeMost) {
		// Not ctx: a result that is being written when it ends must be known.
		err := write(context.WithoutCancel(ctx))
		if err == nil {
			d.wrote()
			d.hub.Publish(Hint{Conversation: a.Delivery.Conversation})
			return
		}
		if errors.Is(err, ErrNotFound) {
			d.log.Info("the result of a send is not stored, as its conversation is not kept any more", "message", a.Message.ID())
			return
		}
		age, full := time.Since(begun), errors.Is(err, ErrFull)
		if wait == storeFirst {
			d.log.Error("cannot store the result of a send; it is tried again", "message", a.Message.ID(), "error", err)
		}
		d.block(&blocks, full || age < storeAlone)
		if !full && age > lease && d.wroteSince(begun) || !pass(ctx, wait) {
			// The lease stays; when it runs out the result counts as unknown.
			d.log.Error("the result of a send is not stored", "message", a.Message.ID(), "error", err)
			return
		}
	}
}

// pass waits, and reports whether ctx goes on.
func pass(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// block counts a result among those for which all wait, or not any more.
func (d *Dispatcher) block(blocks *bool, should bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case should && !*blocks:
		d.unstored++
	case !should && *blocks:
		if d.unstored--; d.unstored == 0 {
			d.Wake() // all may go on
		}
	}
	*blocks = should
}

func (d *Dispatcher) wrote() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.written = time.Now()
}

// wroteSince reports whether the store took some other result since then.
func (d *Dispatcher) wroteSince(then time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.written.After(then)
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// sendTimeout is well below the lease, so that it never ends while a send is
// under way.
const sendTimeout = 30 * time.Second

// send judges one delivery, sends it and stores what came of it.
func (d *Dispatcher) send(ctx context.Context, l *lane, a Attempt) {
	at := d.moment(a.Message)
	defer func() {
		if fault := recover(); fault != nil {
			d.log.Error("a send panicked", "message", a.Message.ID(), "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			d.failed(ctx, l, a, at.now, &SendError{Class: ClassUnknown, Code: "fault", Reason: "a fault in frontdesk; the log says more"})
		}
	}()
	verdict := judge(a, l.channel.Limits(), at) // rules may have been read anew
	if verdict.outcome != nil {
		l.stats.dropped(*verdict.outcome)
		d.done(ctx, a, *verdict.outcome)
		return
	}
	if verdict.retry == nil {
		verdict.retry = d.tooSoon(l, a, at.now)
	}
	if verdict.retry != nil {
		d.retry(ctx, a, *verdict.retry)
		return
	}
	sent, err := d.hand(ctx, l, a, verdict.tag)
	d.told(l, at.now, err)
	if err != nil {
		d.failed(ctx, l, a, at.now, err)
		return
	}
	l.stats.Sent.Add(1)
	if a.Message.Author == AuthorBot {
		d.stats.Answered(l.name, a.Conversation.ID, time.Now())
	}
	d.done(ctx, a, Outcome{
		State: StateSent, ExternalID: sent.ExternalID, Aliases: sent.Aliases, NextAt: d.accepted(l, a, at.now),
	})
}

// tooSoon puts a delivery back until its customer may be written to, or counts it
// and gives nil. When the platform itself named the time, that is believed.
func (d *Dispatcher) tooSoon(l *lane, a Attempt, now time.Time) *Retry {
	d.mu.Lock()
	defer d.mu.Unlock()
	id := a.Delivery.Conversation
	if next := l.pairs.next(id, now); next.After(now) && a.Delivery.Tally.Waits == 0 {
		return &Retry{At: next}
	}
	l.pairs.take(id, now)
	return nil
}

// hand gives the message to the channel.
func (d *Dispatcher) hand(ctx context.Context, l *lane, a Attempt, tag Tag) (sent Sent, err error) {
	timed, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	traced, end := StartSpan(timed, d.tracer, "send", slog.String("channel", l.name), slog.String("message", a.Message.ID()))
	begun := time.Now()
	sent, err = l.channel.Send(traced, Outgoing{Message: a.Message, To: aliasesOn(a.Contact.Aliases, l.name), Tag: tag})
	end(err)
	class := Class("")
	if err != nil {
		class = sendError(err).Class
	}
	d.stats.Sent(l.name, class, time.Since(begun))
	return sent, err
}

func aliasesOn(all []Alias, channel string) []Alias {
	var out []Alias
	for _, a := range all {
		if a.Channel == channel {
			out = append(out, a)
		}
	}
	return out
}

func sendError(err error) *SendError {
	if se, ok := errors.AsType[*SendError](err); ok {
		return se
	}
	return &SendError{Class: ClassUnknown, Code: "error", Reason: "the channel gave no reason"}
}

// told notes what a send that began at begun tells of the channel's host.
func (d *Dispatcher) told(l *lane, begun time.Time, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.now()
	se := sendError(err)
	switch {
	case err != nil && se.Host:
		if l.host.failed(begun, now) {
			d.turned(l.host)
		}
	case err == nil || se.Class != ClassUnknown: // a refusal is an answer, too
		if l.host.answered(now) {
			d.turned(l.host)
		}
	}
}

// accepted notes the success of a send that began at begun, and gives when the
// customer may be written to next; zero: at once.
func (d *Dispatcher) accepted(l *lane, a Attempt, begun time.Time) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.now()
	l.succeeded(begun, now)
	if next := l.pairs.next(a.Delivery.Conversation, now); next.After(now) {
		return next
	}
	return time.Time{}
}

// failed stores what follows from a send that began at begun and was not accepted.
func (d *Dispatcher) failed(ctx context.Context, l *lane, a Attempt, begun time.Time, err error) {
	se := sendError(err)
	l.stats.failed(se.Class)
	f := d.follow(l, a, begun, se)
	log := d.log.With("channel", l.name, "message", a.Message.ID(), "class", string(se.Class), "code", se.Code)
	switch {
	case f.pauses && (f.pause >= longPause || se.Class == ClassAlarm):
		log.Error("nothing is sent on the channel for a while; nothing is lost", "reason", se.Reason, "until", f.retry.At)
	case f.outcome != nil && f.outcome.State == StateUnknown:
		log.Error("the platform never told whether it took a message; it is not sent again", "reason", se.Reason)
	default:
		log.Warn("a message was not accepted", "reason", se.Reason)
	}
	if f.outcome != nil {
		d.done(ctx, a, *f.outcome)
		return
	}
	d.retry(ctx, a, *f.retry)
}

// follow is followUp, and what it means for the channel and the customer.
func (d *Dispatcher) follow(l *lane, a Attempt, begun time.Time, se *SendError) verdict {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.now()
	f := followUp(a, se, l.channel.Limits(), now)
	if se.Class == ClassAlarm && l.others(a.Delivery.Tally) {
		// Others were sent since this one was refused as the account's trouble:
		// it is this conversation's, and must not stop the channel again.
		f.pauses, f.retry.At = false, now.Add(backoff(f.retry.Tally.Alarms, 4))
	}
	if f.pauses {
		f.retry.At = l.hold(begun, now, f.pause, se.Class == ClassAlarm)
		f.pause = f.retry.At.Sub(now)
	}
	if se.Class == ClassWait && !se.Account {
		l.pairs.empty(a.Delivery.Conversation, now)
	}
	if next := l.pairs.next(a.Delivery.Conversation, now); f.outcome != nil && next.After(now) {
		f.outcome.NextAt = next // the platform counts what it refuses, too
	}
	return f
}

package bot

import "time"

// verdict is what is to be done with a leased delivery. Neither outcome nor retry:
// send it, marked with tag.
type verdict struct {
	tag     Tag
	outcome *Outcome
	retry   *Retry
	pauses  bool          // the whole channel sends nothing for a while
	pause   time.Duration // and for at least this long
}

// moment is when a delivery is judged.
type moment struct {
	now   time.Time // the dispatcher's time, see clock
	wall  time.Time // the machine's
	since time.Time // from when on the platform's receipts could reach this process
}

const (
	// unknownTries is how many sends may stay without a known result before a
	// person must look.
	unknownTries = 3
	// lostTries is the same for results that were lost with the process, or could
	// not be stored. Each was waited for in vain, so more of them are let pass.
	lostTries  = 6
	maxBackoff = 5 * time.Minute
)

// judge looks at a delivery once more in the instant of sending.
func judge(a Attempt, l Limits, at moment) verdict {
	d, c, now := a.Delivery, a.Conversation, at.now
	begun := !d.BegunAt.IsZero()
	tag, open := leave(a, l, at.wall)
	switch {
	case d.Cancel || (d.Author == AuthorBot && d.Epoch < c.Epoch):
		if begun || d.Unknown {
			// It may have been sent before a person took over; we never learn. It stays out of the way.
			return verdict{outcome: &Outcome{State: StateUnknown, Code: "unknown", Reason: "the program ended while it was being sent"}}
		}
		return verdict{outcome: &Outcome{State: StateCancelled}}
	case begun && d.Tally.Lost+1 >= lostTries:
		return verdict{outcome: &Outcome{State: StateUnknown, Code: "unknown", Reason: "its result was lost too often"}}
	case begun && l.UnknownWait > 0:
		// The process that sent it ended before the result was stored. A receipt
		// tells, if the platform had taken it.
		tally := d.Tally
		tally.Lost++
		return verdict{retry: &Retry{
			At: now.Add(l.UnknownWait), Unknown: true, Begun: true, Tally: tally,
			Code: "unknown", Reason: "the program ended while it was being sent",
		}}
	case d.Unknown && now.Before(at.since.Add(l.UnknownWait)):
		// The wait went by while nobody listened: it begins again.
		return verdict{retry: &Retry{
			At: at.since.Add(l.UnknownWait), Unknown: true,
			Code: "unknown", Reason: "waiting for the platform to tell whether it took the message",
		}}
	case !open && doubtful(d):
		return verdict{outcome: &Outcome{State: StateUnknown, Code: "unknown", Reason: "it may have arrived, and may not be sent again"}}
	case !open:
		return verdict{outcome: barred(a.Message, codeClosed, "the platform allows no answer any more: the customer's last message is too old")}
	case !a.Contact.OptedOutAt.IsZero() && a.Message.unasked():
		return verdict{outcome: barred(a.Message, codeOptedOut, "the customer asked to be sent nothing more")}
	case a.bounded(l.Cap) != nil:
		return verdict{outcome: a.bounded(l.Cap)}
	default:
		return verdict{tag: tag}
	}
}

// doubtful reports whether an earlier send of a delivery may have been accepted.
func doubtful(d Delivery) bool {
	return !d.BegunAt.IsZero() || d.Unknown || d.Tally.Unknowns > 0 || d.Tally.Lost > 0
}

// leave reports whether the platform takes a message at a moment, and with which
// mark. A mark that only a person's own words may have is a bar to all others.
func leave(a Attempt, l Limits, at time.Time) (tag Tag, open bool) {
	name, open := a.Conversation.Allow(l.Window, a.Message.writer(), at)
	if tag = a.Message.Hand.tag(name); tag.Name() != name {
		return Tag{}, false
	}
	return tag, open
}

// followUp is what follows from a send that was not accepted, by its class. Each
// class has its own count: having waited often says nothing of faults.
func followUp(a Attempt, se *SendError, l Limits, now time.Time) verdict {
	again := &Retry{Begun: true, Tally: a.Delivery.Tally, Code: se.Code, Reason: se.Reason}
	final := &Outcome{State: StateFailed, Code: se.Code, Reason: se.Reason, OptedOut: se.OptedOut}
	if se.Shut {
		final = barred(a.Message, se.Code, se.Reason)
		final.ShutAt = a.Conversation.NewestInbound
	}
	tally, asked := &again.Tally, min(se.RetryAfter, FarthestDue)
	switch se.Class {
	case ClassFail:
		return verdict{outcome: final}
	case ClassRetry:
		tally.Faults++
		if se.Attempts > 0 && tally.Faults >= se.Attempts {
			return verdict{outcome: final}
		}
		again.At = now.Add(max(asked, backoff(tally.Faults, 2)))
		return verdict{retry: again}
	case ClassWait:
		tally.Waits++
		if se.Account {
			return verdict{retry: again, pauses: true, pause: se.RetryAfter}
		}
		// "Retry after 4^X s, X = 0, 1, 2 ..." (Meta, WhatsApp, about-the-platform, 2025-12-05)
		again.At = now.Add(max(asked, backoff(tally.Waits, 4)))
		return verdict{retry: again}
	case ClassAlarm:
		if tally.Alarms++; tally.Alarms == 1 {
			tally.AlarmedAt = now
		}
		return verdict{retry: again, pauses: true, pause: se.RetryAfter}
	default: // ClassUnknown
		tally.Unknowns++
		if l.UnknownWait == 0 { // sending twice does no harm
			again.At = now.Add(backoff(tally.Unknowns, 2))
			return verdict{retry: again}
		}
		most := unknownTries
		if se.Attempts > 0 {
			most = min(most, se.Attempts)
		}
		if tally.Unknowns >= most {
			return verdict{outcome: &Outcome{State: StateUnknown, Code: se.Code, Reason: se.Reason}}
		}
		again.At, again.Unknown = now.Add(l.UnknownWait), true
		return verdict{retry: again}
	}
}

// backoff is base^(n-1) seconds, at most maxBackoff.
func backoff(n, base int) time.Duration {
	d := time.Second
	for range n - 1 {
		if d *= time.Duration(base); d >= maxBackoff {
			return maxBackoff
		}
	}
	return d
}

package main

import (
	"container/heap"
	"time"

	"github.com/tidwall/btree"

	"frontdesk/handoff"
)

// simOrder is a way to order a line.
type simOrder struct {
	name  string
	place func(t handoff.Ticket, now time.Time) handoff.Place
	plans bool // what cannot be met as a whole is cut
	knows bool // how long each one will take; else what its like take on average
}

func bySlack() simOrder { return simOrder{name: "by slack", place: handoff.Ticket.Stand, plans: true} }

// timesKnown shows what it costs that nobody knows beforehand how long each takes.
func timesKnown() simOrder {
	return simOrder{name: "by slack, times known", place: handoff.Ticket.Stand, plans: true, knows: true}
}

func firstCome() simOrder {
	return simOrder{name: "first come", place: func(t handoff.Ticket, _ time.Time) handoff.Place { return handoff.Place{At: t.OpenedAt} }}
}

// planEvery is how often the line is cut to what can be met.
const planEvery = time.Minute

// simLine is a line of customers, the people who answer them, and what is to come.
type simLine struct {
	order  simOrder
	trace  simTrace
	now    time.Time
	line   *btree.BTreeG[*simWaiting]
	events simEvents
	number int // of events so far
	busy   int
	simResult
	waits []time.Duration
}

// simWaiting is a ticket in line.
type simWaiting struct {
	handoff.Ticket            // as it is now
	of             *simTicket // as it came
	here           bool       // it waits
}

// runLine lets a line run until nothing is to come.
func runLine(order simOrder, trace simTrace) simResult {
	l := &simLine{order: order, trace: trace, simResult: simResult{Order: order.name}}
	l.line = btree.NewBTreeGOptions(func(a, b *simWaiting) bool { return handoff.Compare(a.Ticket, b.Ticket) < 0 }, btree.Options{NoLocks: true})
	for i := range trace.tickets {
		w := &simWaiting{Ticket: trace.tickets[i].Ticket, of: &trace.tickets[i]}
		if order.knows {
			w.Handling = w.of.takes
		}
		l.at(w.OpenedAt, func() { l.arrive(w) })
	}
	for _, s := range trace.clock.shifts {
		l.begin(s)
	}
	for len(l.events) > 0 {
		e := heap.Pop(&l.events).(simEvent)
		l.now = e.at
		e.do()
		l.serve()
	}
	l.count(l.waits)
	return l.simResult
}

func (l *simLine) at(at time.Time, do func()) {
	l.number++
	heap.Push(&l.events, simEvent{at, l.number, do})
}

// begin lets people come, and the line be cut while they are there.
func (l *simLine) begin(s handoff.Shift) {
	l.at(s.From, func() {
		l.plan()
		if next := l.now.Add(planEvery); next.Before(s.To) {
			s.From = next
			l.begin(s)
		}
	})
}

func (l *simLine) arrive(w *simWaiting) {
	w.here = true
	l.stand(w)
	l.closes(w)
	if again := w.of.again.OpenedAt; !again.IsZero() {
		l.at(again, func() { l.again(w) })
	}
}

// again is when the customer writes once more.
func (l *simLine) again(w *simWaiting) {
	if !w.here {
		return
	}
	l.line.Delete(w)
	w.WindowCloses, w.AnswerBy = w.of.again.WindowCloses, w.of.again.AnswerBy
	l.stand(w)
	l.closes(w)
}

// closes takes whoever waits till the end out of the line: nobody can answer.
func (l *simLine) closes(w *simWaiting) {
	closes := w.WindowCloses
	if closes.IsZero() {
		return
	}
	l.at(closes, func() {
		if w.here && w.WindowCloses.Equal(closes) {
			l.leave(w)
			l.tell(w.of, false)
		}
	})
}

// stand puts a ticket where it belongs; it must not be in the line.
func (l *simLine) stand(w *simWaiting) {
	l.put(w, l.order.place(w.Ticket, l.now))
}

func (l *simLine) put(w *simWaiting, p handoff.Place) {
	w.Place = p
	l.line.Set(w)
	if p.Next.IsZero() {
		return
	}
	l.at(p.Next, func() {
		if w.here && w.Place == p {
			l.line.Delete(w)
			l.stand(w)
		}
	})
}

func (l *simLine) leave(w *simWaiting) {
	l.line.Delete(w)
	w.here = false
}

// serve lets everybody who is free take the first of the line.
func (l *simLine) serve() {
	for l.busy < l.trace.clock.people(l.now) {
		w, ok := l.line.Min()
		if !ok {
			return
		}
		l.leave(w)
		l.busy++
		done := l.trace.clock.end(l.now, w.of.takes)
		l.at(done, func() { l.busy-- })
		l.waits = append(l.waits, l.now.Sub(w.OpenedAt))
		l.tell(w.of, w.of.met(l.now, done))
	}
}

// plan cuts the line to what can be met, as the program does.
func (l *simLine) plan() {
	if !l.order.plans || l.line.Len() == 0 {
		return
	}
	var all []*simWaiting
	var tickets []handoff.Ticket
	l.line.Scan(func(w *simWaiting) bool {
		all, tickets = append(all, w), append(tickets, w.Ticket)
		return true
	})
	behind := make(map[string]bool)
	for _, id := range handoff.Shed(tickets, l.trace.clock.shifts[l.trace.clock.next(l.now):], l.now) {
		behind[id] = true
	}
	for _, w := range all {
		switch was := w.Place.Class == handoff.Behind; {
		case behind[w.ID] && !was:
			l.line.Delete(w)
			l.put(w, w.PutBehind(l.now))
		case !behind[w.ID] && was:
			l.line.Delete(w)
			l.put(w, w.CallBack(l.now))
		}
	}
}

// simEvent is something that happens; of those of one moment the first that was
// planned goes first.
type simEvent struct {
	at     time.Time
	number int
	do     func()
}

type simEvents []simEvent

func (e simEvents) Len() int { return len(e) }
func (e simEvents) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].number < e[j].number
}
func (e simEvents) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *simEvents) Push(v any)   { *e = append(*e, v.(simEvent)) }

func (e *simEvents) Pop() any {
	last := len(*e) - 1
	v := (*e)[last]
	*e = (*e)[:last]
	return v
}

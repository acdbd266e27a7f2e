package load

import (
	"testing"
	"time"
)

// What may happen to messages of one ledger, in the order in which it happens.
type event func(l *ledger, now time.Duration)

func sent(number int) event {
	return func(l *ledger, now time.Duration) { l.send(slot{0, number}, now, now) }
}

func taken(number int) event {
	return func(l *ledger, now time.Duration) { l.take(slot{0, number}, number, now) }
}

func answered(number int) event { return answeredTo(slot{0, number}, 0) }

func answeredTo(s slot, to int) event {
	return func(l *ledger, _ time.Duration) { l.accept(s, to) }
}

func doubted(number int) event {
	return func(l *ledger, _ time.Duration) { l.doubt(slot{0, number}) }
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		events []event
		want   Verdict
	}{
		{"one message and its answer", []event{sent(1), taken(1), answered(1)}, Verdict{}},
		{"an answer that is quicker than the 200", []event{sent(1), answered(1), taken(1)}, Verdict{}},
		{"a 200 and no answer is lost", []event{sent(1), taken(1), sent(2), taken(2), answered(2)}, Verdict{Lost: 1}},
		{"no 200 and no answer is refused, and not lost", []event{sent(1)}, Verdict{Refused: 1}},
		{"no 200 and yet an answer is refused all the same", []event{sent(1), answered(1)}, Verdict{Refused: 1}},
		{"an answer twice is doubled", []event{sent(1), taken(1), answered(1), answered(1)}, Verdict{Doubled: 1}},
		{"an answer three times is doubled twice", []event{sent(1), taken(1), answered(1), answered(1), answered(1)}, Verdict{Doubled: 2}},
		{
			"an answer again after a request without a result is lawful",
			[]event{sent(1), taken(1), answered(1), doubted(1), answered(1)},
			Verdict{Unsure: 1},
		},
		{
			"the doubt about one message excuses no other",
			[]event{sent(1), taken(1), answered(1), sent(2), taken(2), answered(2), doubted(1), answered(2)},
			Verdict{Doubled: 1},
		},
		{
			"the second answered before the first, which had its 200 before the second was sent",
			[]event{sent(1), taken(1), sent(2), taken(2), answered(2), answered(1)},
			Verdict{Reordered: 1},
		},
		{
			"both under way at the same time have no order",
			[]event{sent(1), sent(2), taken(2), taken(1), answered(2), answered(1)},
			Verdict{},
		},
		{
			"the third before both others, of which one is excused",
			[]event{sent(1), taken(1), sent(2), sent(3), taken(2), taken(3), answered(3), answered(2), answered(1)},
			Verdict{Reordered: 1},
		},
		{
			"a double in between is no disorder",
			[]event{sent(1), taken(1), sent(2), taken(2), answered(1), answered(2), doubted(1), answered(1)},
			Verdict{Unsure: 1},
		},
		{"the answer of another customer", []event{sent(1), taken(1), answeredTo(slot{0, 1}, 1)}, Verdict{Strayed: 1, Lost: 1}},
		{"an answer to what was never sent", []event{sent(1), taken(1), answered(1), answered(2)}, Verdict{Unheard: 1}},
		{"an answer of a customer there is not", []event{answeredTo(slot{99, 1}, 99)}, Verdict{Unheard: 1}},
		{"an answer without a number", []event{func(l *ledger, _ time.Duration) { l.unheard() }}, Verdict{Unheard: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLedger(2)
			for i, e := range c.events {
				e(l, time.Duration(i+1)*time.Millisecond)
			}
			if got := l.verdict(); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestTheNameOfACustomerTellsTheMessageUntilOneIsTaken(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	if name := l.send(slot{0, 1}, 0, 1); name != 1 {
		t.Errorf("the first message goes out under the name %d", name)
	}
	if name := l.send(slot{0, 2}, 0, 2); name != 2 {
		t.Errorf("while none is taken the second goes out under the name %d", name)
	}
	l.take(slot{0, 2}, 2, 3)
	if name := l.send(slot{0, 3}, 0, 4); name != 2 {
		t.Errorf("after the second was taken the third goes out under the name %d", name)
	}
}

func TestOnlyTheFirstRequestOfAnAnswerIsMeasured(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	if _, first := l.ask(slot{0, 1}); first {
		t.Error("what was never sent was asked for")
	}
	l.send(slot{0, 1}, 5*time.Millisecond, 7*time.Millisecond)
	if due, first := l.ask(slot{0, 1}); !first || due != 5*time.Millisecond {
		t.Errorf("due at %s, first %t; want the moment of the schedule, not that of sending", due, first)
	}
	if _, first := l.ask(slot{0, 1}); first {
		t.Error("a second request counts as the first")
	}
}

func TestTallyCountsWhatWaits(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	for i, e := range []event{sent(1), taken(1), sent(2), answered(2), taken(2), sent(3)} {
		e(l, time.Duration(i+1))
	}
	if got, want := l.tally(), (tally{messages: 3, taken: 2, answered: 1, waiting: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

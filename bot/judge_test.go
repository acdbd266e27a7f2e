package bot

import (
	"testing"
	"time"

	"frontdesk/bot/window"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestJudgeLooksAgainInTheInstantOfSending(t *testing.T) {
	t.Parallel()
	day := Limits{Window: window.Shipped().For("whatsapp"), UnknownWait: 2 * time.Minute}
	chat := Limits{Window: window.Shipped().For("webchat")}
	for _, c := range []struct {
		name    string
		d       Delivery
		c       Conversation
		l       Limits
		outcome MessageState // empty: none
		code    string
		retry   time.Time // zero: none
	}{
		{"inside the window it is sent", Delivery{Author: AuthorBot}, Conversation{NewestInbound: noon.Add(-23 * time.Hour)}, day, "", "", time.Time{}},
		{"one moment before the close it is sent", Delivery{}, Conversation{NewestInbound: noon.Add(-24*time.Hour + 1)}, day, "", "", time.Time{}},
		{"at the close it is not", Delivery{}, Conversation{NewestInbound: noon.Add(-24 * time.Hour)}, day, StateDraft, "window_closed", time.Time{}},
		{"a refusal by the platform closes the window", Delivery{}, Conversation{NewestInbound: noon.Add(-time.Hour), ShutAt: noon.Add(-time.Hour)}, day, StateDraft, "window_closed", time.Time{}},
		{"what may have arrived before is no draft", Delivery{Unknown: true}, Conversation{NewestInbound: noon.Add(-24 * time.Hour)}, day, StateUnknown, "unknown", time.Time{}},
		{"nor what was tried without an answer", Delivery{Tally: Tally{Unknowns: 1}}, Conversation{NewestInbound: noon.Add(-24 * time.Hour)}, day, StateUnknown, "unknown", time.Time{}},
		{"a newer message opens it again", Delivery{}, Conversation{NewestInbound: noon.Add(-time.Hour), ShutAt: noon.Add(-2 * time.Hour)}, day, "", "", time.Time{}},
		{"a channel without a window never closes", Delivery{}, Conversation{NewestInbound: noon.Add(-9999 * time.Hour)}, chat, "", "", time.Time{}},
		{"a bot's delivery of an older epoch is cancelled", Delivery{Author: AuthorBot, Epoch: 1}, Conversation{NewestInbound: noon, Epoch: 2}, day, StateCancelled, "", time.Time{}},
		{"an agent's delivery of an older epoch is sent", Delivery{Author: AuthorAgent, Epoch: 1}, Conversation{NewestInbound: noon, Epoch: 2}, day, "", "", time.Time{}},
		{"a cancelled one that was being sent stays unknown", Delivery{Author: AuthorBot, Cancel: true, BegunAt: noon.Add(-time.Minute)}, Conversation{NewestInbound: noon}, day, StateUnknown, "unknown", time.Time{}},
		{"what a dead process had begun waits for a receipt", Delivery{BegunAt: noon.Add(-time.Second)}, Conversation{NewestInbound: noon}, day, "", "", noon.Add(2 * time.Minute)},
		{"after too many lost results it is left", Delivery{BegunAt: noon.Add(-time.Second), Tally: Tally{Lost: lostTries - 1}}, Conversation{NewestInbound: noon}, day, StateUnknown, "unknown", time.Time{}},
		{"where sending twice does no harm it is sent at once", Delivery{BegunAt: noon.Add(-time.Second)}, Conversation{NewestInbound: noon}, chat, "", "", time.Time{}},
		{"after the wait without a receipt it is sent again", Delivery{Unknown: true}, Conversation{NewestInbound: noon}, day, "", "", time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := judge(Attempt{Delivery: c.d, Conversation: c.c}, c.l, moment{noon, noon, noon.Add(-time.Hour)})
			checkVerdict(t, v, c.outcome, c.code, c.retry)
		})
	}
}

func TestATemplateIsSentIntoAShutWindow(t *testing.T) {
	t.Parallel()
	a := Attempt{
		Message:      Message{Template: &Template{Name: "still_there", Language: "en"}},
		Conversation: Conversation{NewestInbound: noon.Add(-48 * time.Hour)},
	}
	checkVerdict(t, judge(a, Limits{Window: window.Shipped().For("whatsapp")}, moment{noon, noon, noon.Add(-time.Hour)}), "", "", time.Time{})
}

func TestFollowUpGoesByTheClass(t *testing.T) {
	t.Parallel()
	wait := Limits{UnknownWait: 2 * time.Minute}
	for _, c := range []struct {
		name    string
		before  int // how often this class was met before
		e       SendError
		l       Limits
		outcome MessageState
		retry   time.Duration // from now; 0: none
		pause   time.Duration
	}{
		{"a retry comes after a second", 0, SendError{Class: ClassRetry}, wait, "", time.Second, 0},
		{"then doubles", 3, SendError{Class: ClassRetry}, wait, "", 8 * time.Second, 0},
		{"up to five minutes", 60, SendError{Class: ClassRetry}, wait, "", 5 * time.Minute, 0},
		{"unless the platform asks for longer", 0, SendError{Class: ClassRetry, RetryAfter: time.Minute}, wait, "", time.Minute, 0},
		{"but not for a day", 0, SendError{Class: ClassRetry, RetryAfter: 24 * time.Hour}, wait, "", FarthestDue, 0},
		{"and ends where its rules say", 2, SendError{Class: ClassRetry, Attempts: 3}, wait, StateFailed, 0, 0},
		{"a pair's wait grows by four", 2, SendError{Class: ClassWait}, wait, "", 16 * time.Second, 0},
		{"and not for a day, either", 2, SendError{Class: ClassWait, RetryAfter: 24 * time.Hour}, wait, "", FarthestDue, 0},
		{"an account's wait pauses the channel", 0, SendError{Class: ClassWait, Account: true, RetryAfter: 7 * time.Second}, wait, "", 0, 7 * time.Second},
		{"a failure is final", 0, SendError{Class: ClassFail}, wait, StateFailed, 0, 0},
		{"a window that is closed leaves a draft", 0, SendError{Class: ClassFail, Shut: true}, wait, StateDraft, 0, 0},
		{"an alarm pauses the channel and loses nothing", 0, SendError{Class: ClassAlarm, RetryAfter: time.Hour}, wait, "", 0, time.Hour},
		{"an unknown result waits for a receipt", 0, SendError{Class: ClassUnknown}, wait, "", 2 * time.Minute, 0},
		{"and is not sent for ever", 2, SendError{Class: ClassUnknown}, wait, StateUnknown, 0, 0},
		{"or less often where the platform's rules say so", 1, SendError{Class: ClassUnknown, Attempts: 2}, wait, StateUnknown, 0, 0},
		{"unless twice does no harm", 5, SendError{Class: ClassUnknown}, Limits{}, "", 32 * time.Second, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := Delivery{Attempts: 40, Tally: Tally{Faults: 20, Waits: 20, Alarms: 20, Unknowns: 20}}
			switch c.e.Class {
			case ClassRetry:
				d.Tally.Faults = c.before
			case ClassWait:
				d.Tally.Waits = c.before
			case ClassUnknown:
				d.Tally.Unknowns = c.before
			case ClassAlarm, ClassFail:
			}
			v := followUp(Attempt{Delivery: d, Conversation: Conversation{NewestInbound: noon}}, &c.e, c.l, noon)
			if v.pause != c.pause {
				t.Errorf("the channel pauses for %v, want %v", v.pause, c.pause)
			}
			if v.pauses != (c.pause > 0) {
				t.Errorf("that the channel pauses is %t", v.pauses)
			}
			if c.pause > 0 {
				if v.retry == nil || !v.retry.Begun {
					t.Errorf("a pause must keep the delivery, got %+v", v)
				}
				return
			}
			at := time.Time{}
			if c.retry > 0 {
				at = noon.Add(c.retry)
			}
			checkVerdict(t, v, c.outcome, c.e.Code, at)
			if v.outcome != nil && v.outcome.ShutAt.Equal(noon) != c.e.Shut {
				t.Errorf("ShutAt is %v, want the newest inbound when the window is closed", v.outcome.ShutAt)
			}
		})
	}
}

func checkVerdict(t *testing.T, v verdict, outcome MessageState, code string, retry time.Time) {
	t.Helper()
	switch {
	case outcome == "" && v.outcome != nil:
		t.Fatalf("ended as %q (%s), want no end", v.outcome.State, v.outcome.Reason)
	case outcome != "" && (v.outcome == nil || v.outcome.State != outcome || v.outcome.Code != code):
		t.Fatalf("ended as %+v, want %q with code %q", v.outcome, outcome, code)
	case retry.IsZero() && v.retry != nil:
		t.Fatalf("is tried again at %v, want not", v.retry.At)
	case !retry.IsZero() && (v.retry == nil || !v.retry.At.Equal(retry)):
		t.Fatalf("is tried again %+v, want at %v", v.retry, retry)
	}
}

func TestTheWaitForAReceiptBeginsAgainWithTheProcess(t *testing.T) {
	t.Parallel()
	a := Attempt{Delivery: Delivery{Unknown: true}, Conversation: Conversation{NewestInbound: noon}}
	l := Limits{Window: window.Shipped().For("whatsapp"), UnknownWait: 2 * time.Minute}
	checkVerdict(t, judge(a, l, moment{noon, noon, noon.Add(-time.Second)}), "", "", noon.Add(2*time.Minute-time.Second))
	checkVerdict(t, judge(a, l, moment{noon, noon, noon.Add(-2 * time.Minute)}), "", "", time.Time{})
}

func TestTheWindowIsJudgedByTheMachinesTime(t *testing.T) {
	t.Parallel()
	a := Attempt{Conversation: Conversation{NewestInbound: noon.Add(-23 * time.Hour)}}
	l := Limits{Window: window.Shipped().For("whatsapp")}
	// The clock was three hours ahead and is right again: the dispatcher's is not.
	checkVerdict(t, judge(a, l, moment{noon.Add(3 * time.Hour), noon, noon}), "", "", time.Time{})
	checkVerdict(t, judge(a, l, moment{noon, noon.Add(3 * time.Hour), noon}), StateDraft, "window_closed", time.Time{})
}

func TestWhatIsNotSentIsCountedByWhy(t *testing.T) {
	t.Parallel()
	var c ChannelStats
	answer, courtesy := Message{Author: AuthorBot}, Message{Author: AuthorBot, Courtesy: true}
	for _, o := range []*Outcome{
		barred(answer, codeClosed, ""), barred(courtesy, codeClosed, ""), barred(answer, codeSpend, ""), barred(courtesy, codeSpend, ""),
		barred(courtesy, codeSpend, ""), barred(courtesy, codeOptedOut, ""),
		{State: StateCancelled},
		{State: StateUnknown, Code: "unknown"},
	} {
		c.dropped(*o)
	}
	got := map[string]int64{
		"window_closed": c.Closed.Load(), "spend_cap": c.Capped.Load(), "opted_out": c.OptedOut.Load(), "stale": c.Cancelled.Load(), "unknown": c.Unknown.Load(),
	}
	differ(t, "counts", map[string]int64{"window_closed": 2, "spend_cap": 3, "opted_out": 1, "stale": 1, "unknown": 1}, got)
}

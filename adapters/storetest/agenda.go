package storetest

import (
	"context"
	"strconv"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
)

// wakes sets when the conversation is to be answered, which is when it wakes.
func (d *draft) wakes(at time.Time) *draft {
	d.Conversation.AnswerAt = at
	return d
}

// wantWakes checks who wakes, at most limit, and when the next does.
func (d desk) wantWakes(now time.Time, limit int, next time.Time, want ...string) {
	d.t.Helper()
	got, gotNext, err := d.Wakes(d.t.Context(), now, limit)
	if err != nil {
		d.t.Fatalf("Wakes: %v", err)
	}
	same(d.t, "who wakes", got, want)
	d.wantNext(gotNext, next, limit, want)
}

// wantNext checks that looking again when a store says leads to next: it may say
// something earlier, when nobody else wakes, but not for ever.
func (d desk) wantNext(got, next time.Time, limit int, want []string) {
	d.t.Helper()
	for !got.IsZero() && (next.IsZero() || got.Before(next)) {
		at := got
		again, later, err := d.Wakes(d.t.Context(), at, limit)
		if err != nil {
			d.t.Fatalf("Wakes: %v", err)
		}
		same(d.t, "who wakes when it is time to look again", again, want)
		if got = later; !got.IsZero() && !got.After(at) {
			d.t.Fatalf("having looked at %v, the next wakes at %v", at, got)
		}
	}
	if !got.Equal(next) {
		d.t.Fatalf("the next wakes at %v, want %v", got, next)
	}
}

func testWakesOrder(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.wantWakes(noon().Add(time.Hour), 10, time.Time{})
	at := func(seconds int) time.Time { return noon().Add(time.Duration(seconds) * time.Second) }
	for id, seconds := range map[string]int{"a": 2, "b": 0, "c": 3, "d": 1} {
		d.commit(newcomer(id).wakes(at(seconds)))
	}
	d.commit(newcomer("never").hears("Hello", noon()))
	d.commit(newcomer("before 1970").wakes(time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)))
	d.wantWakes(at(0).Add(-time.Nanosecond), 10, at(0), "before 1970")
	d.wantWakes(at(1), 10, at(2), "before 1970", "b", "d")
	d.wantWakes(at(3), 10, time.Time{}, "before 1970", "b", "d", "a", "c")
	d.wantWakes(at(3), 10, time.Time{}, "before 1970", "b", "d", "a", "c") // listing changes nothing
}

// testWakesSources moves each of the times of which the earliest counts.
func testWakesSources(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	c := d.commit(newcomer("a"))
	for _, tt := range []struct {
		name string
		set  func(c *bot.Conversation)
		want time.Time
	}{
		{"the window closes", func(c *bot.Conversation) { c.CloseAt = at(60) }, at(60)},
		{"the customer is silent", func(c *bot.Conversation) { c.SilentAt = at(30) }, at(30)},
		{"a call is due", func(c *bot.Conversation) { c.Call = &bot.Call{ID: "c1", DueAt: at(20)} }, at(20)},
		{"texts are gathered", func(c *bot.Conversation) { c.AnswerAt = at(10) }, at(10)},
		{"more texts are gathered", func(c *bot.Conversation) { c.AnswerAt = at(15) }, at(15)},
		{"they are answered", func(c *bot.Conversation) { c.AnswerAt = time.Time{} }, at(20)},
		{"the call is tried again", func(c *bot.Conversation) { c.Call = &bot.Call{ID: "c1", DueAt: at(45)} }, at(30)},
		{"the silence ends", func(c *bot.Conversation) { c.SilentAt = time.Time{} }, at(45)},
		{"the call is answered", func(c *bot.Conversation) { c.Call = nil }, at(60)},
		{"the window is closed", func(c *bot.Conversation) { c.CloseAt = time.Time{} }, time.Time{}},
		{"nothing", func(*bot.Conversation) {}, time.Time{}},
		{"a new window", func(c *bot.Conversation) { c.CloseAt = at(5) }, at(5)},
	} {
		next := after(c)
		tt.set(&next.Conversation)
		t.Log(tt.name)
		c = d.commit(next)
		d.wantWakes(noon(), 10, tt.want)
		if !tt.want.IsZero() {
			d.wantWakes(tt.want, 10, time.Time{}, "a")
		}
	}
}

func testWakesPages(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	for i := range 5 {
		d.commit(newcomer(strconv.Itoa(i)).wakes(noon().Add(time.Duration(i/4) * time.Second))) // four at the same moment
	}
	d.wantWakes(noon(), 0, noon())
	d.wantWakes(noon(), -1, noon())
	now := noon().Add(time.Minute)
	seen := make(map[string]bool)
	for _, left := range []int{3, 1} {
		two, next, err := d.Wakes(t.Context(), now, 2)
		if err != nil || len(two) != 2 {
			t.Fatalf("Wakes: %v, %v", two, err)
		}
		if want := noon().Add(time.Duration((5-left)/4) * time.Second); !next.Equal(want) {
			t.Fatalf("with %d left the next wakes at %v, want %v", left, next, want)
		}
		for _, id := range two {
			seen[id] = true
			d.commit(after(d.conversation(id)).wakes(time.Time{}))
		}
	}
	if len(seen) != 4 || seen["4"] {
		t.Fatalf("of those at the same moment came %v", seen)
	}
	d.wantWakes(now, 2, time.Time{}, "4")
	d.wantWakes(now, 1, time.Time{}, "4")
}

// testWakesAtomic checks that a commit that is refused wakes nobody, and that
// what is no commit leaves the wakes alone.
func testWakesAtomic(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	c := d.commit(newcomer("a").says(bot.AuthorBot, "Hi", noon()).wakes(noon().Add(time.Hour)))
	d.refused(bot.ErrConflict, after(after(c).Conversation).wakes(noon()))
	d.wantDue(noon(), "a-1")
	d.retry(bot.Retry{Conversation: "a", Seq: 1, At: noon(), Begun: true, Code: "timeout"})
	d.wantDue(noon(), "a-1")
	d.done(bot.Outcome{Conversation: "a", Seq: 1, State: bot.StateFailed, At: noon(), ShutAt: c.NewestInbound})
	d.wantWakes(noon(), 10, noon().Add(time.Hour))
	one := after(d.conversation("a")).wakes(noon())
	two := after(one.Conversation).wakes(noon().Add(2 * time.Hour))
	d.commit(one, two) // only where a commit ends counts
	d.wantWakes(noon(), 10, noon().Add(2*time.Hour))
}

func testShutKeepsIndexes(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a").hears("Hello", noon()).says(bot.AuthorBot, "Hi", noon()).wakes(noon().Add(time.Hour)).stands("v1", "start", "ask")
	d.commit(first)
	d.wantDue(noon(), "a-2")
	d.done(bot.Outcome{Conversation: "a", Seq: 2, State: bot.StateFailed, At: noon(), ShutAt: noon()})
	if c := d.conversation("a"); !c.ShutAt.Equal(noon()) {
		t.Fatalf("the window is shut at %v", c.ShutAt)
	}
	d.wantWakes(noon(), 10, noon().Add(time.Hour))
	d.wantStandings(standing("v1", "start", "ask", 1))
	d.commit(after(d.conversation("a")).wakes(time.Time{}).stands("", "", ""))
	d.wantWakes(noon().Add(24*time.Hour), 10, time.Time{})
	d.wantStandings()
}

func testAgendaReopen(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.commit(newcomer("a").wakes(noon()).stands("v1", "start", "ask"))
	d.commit(newcomer("b").wakes(noon().Add(time.Hour)).stands("v1", "start", "end"))
	files := flows.Files{Root: "flows.yaml", Content: map[string][]byte{"flows.yaml": []byte("a: b\n")}}
	d.keep("v1", files)
	d = desk{t, f.Reopen()}
	d.wantWakes(noon(), 10, noon().Add(time.Hour), "a")
	d.wantStandings(standing("v1", "start", "ask", 1), standing("v1", "start", "end", 1))
	d.wantFlows("v1", files)
	d.commit(after(d.conversation("a")).wakes(noon().Add(2*time.Hour)).stands("v1", "start", "end"))
	d.wantWakes(noon().Add(time.Hour), 10, noon().Add(2*time.Hour), "b")
	d.wantStandings(standing("v1", "start", "end", 2))
}

func testAgendaContext(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := f.Store.Wakes(ctx, noon(), 10)
	wantError(t, "Wakes", err, context.Canceled)
	_, err = f.Store.Standings(ctx)
	wantError(t, "Standings", err, context.Canceled)
	_, err = f.Store.Flows(ctx, "v1")
	wantError(t, "Flows", err, context.Canceled)
	wantError(t, "KeepFlows", f.Store.KeepFlows(ctx, "v1", flows.Files{}), context.Canceled)
}

package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

func names(prefix string, n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s%03d", prefix, i))
	}
	return ids
}

func TestThePaceOfACustomerOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{Pair: 6 * time.Second, PairBurst: 45})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		counted := &putBack{Outbox: o.store}
		o.outbox = counted
		o.waits("phone", 50, "c")
		o.waits("phone", 1, "other")
		o.start()
		time.Sleep(time.Second)
		synctest.Wait()
		check(t, "at once", 46, len(p.took()))

		// The store knows when the next may go, whoever sends it.
		time.Sleep(10 * time.Second)
		synctest.Wait()
		check(t, "after eleven seconds", 47, len(p.took()))
		o.stop()
		o.start()
		time.Sleep(time.Minute)
		synctest.Wait()
		times := p.tries()
		for i := 47; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); i == 47 && gap < 6*time.Second {
				t.Errorf("message %d came %v after the one before", i, gap)
			}
		}
		check(t, "in the end", 51, len(p.took()))
		check(t, "tries", 51, len(times))
		check(t, "leased too soon, and put back", int64(0), counted.n.Load())
	})
}

// putBack counts what is put back.
type putBack struct {
	bot.Outbox
	n atomic.Int64
}

func (o *putBack) Retry(ctx context.Context, r bot.Retry) error {
	o.n.Add(1)
	return o.Outbox.Retry(ctx, r)
}

// A message that is decided when its customer must be spared is put back, and is
// no attempt.
func TestAMessageThatComesTooSoonWaits(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{Pair: 6 * time.Second, PairBurst: 2})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		begun := time.Now()
		o.waits("phone", 2, "c")
		o.start()
		synctest.Wait()
		check(t, "at once", 2, len(p.took()))
		time.Sleep(time.Second)
		o.more("c")
		o.more("c")
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "what was sent", []string{"c-1", "c-2", "c-3", "c-4"}, p.took())
		var at []time.Duration
		for _, moment := range p.tries() {
			at = append(at, moment.Sub(begun))
		}
		check(t, "when", []time.Duration{0, 0, 6 * time.Second, 12 * time.Second}, at)
	})
}

func TestAPairThatThePlatformCallsTooFastIsSpared(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{Pair: 6 * time.Second, PairBurst: 45})
	p.answer = func(context.Context, bot.Outgoing) error {
		if len(p.tries()) == 1 {
			return &bot.SendError{Class: bot.ClassWait, Code: "131056"}
		}
		return nil
	}
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.waits("phone", 4, "c")
		o.start()
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "what was sent", []string{"c-1", "c-2", "c-3", "c-4"}, p.took())
		check(t, "waits", []time.Duration{time.Second, 6 * time.Second, 6 * time.Second, 6 * time.Second}, gaps(p.tries()))
	})
}

func TestAChannelThatIsOffKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{})
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.waits("gone", 2, "c")
		o.waits("phone", 1, "d")
		o.start()
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "what was sent", []string{"d-1"}, p.took())
		o.stop()
		gone := newPost("gone", bot.Pace{})
		o.channels["gone"] = gone
		o.start()
		synctest.Wait()
		check(t, "when it is on again", []string{"c-1", "c-2"}, gone.took())
	})
}

// ordered checks that each conversation's messages came in their order, none is
// missing, and none came again but those of which twice says so.
func ordered(t *testing.T, sent []string, want map[string]int, twice map[string]bool) {
	t.Helper()
	newest, count := map[string]string{}, map[string]int{}
	for _, id := range sent {
		conversation, _, _ := strings.Cut(id, "-")
		if before := newest[conversation]; before != "" && seq(id) < seq(before) {
			t.Errorf("%s came after %s", id, before)
		}
		newest[conversation] = id
		count[id]++
	}
	for conversation, messages := range want {
		for n := range messages {
			id := bot.MessageID(conversation, uint64(n+1))
			if c := count[id]; c == 0 || c > 2 || c > 1 && !twice[id] {
				t.Errorf("%s was sent %d times; its result was unknown: %t", id, c, twice[id])
			}
			delete(count, id)
		}
	}
	check(t, "sent, and not wanted", map[string]int{}, count)
}

func seq(id string) (n int) {
	_, _ = fmt.Sscanf(id[strings.LastIndex(id, "-")+1:], "%d", &n)
	return n
}

// Those who wait go on writing, and of what hangs the platform takes every second.
func TestAPlatformThatHangsForAnHourCostsOnlyWhatWasUnderWay(t *testing.T) {
	t.Parallel()
	pace := bot.Pace{Rate: 80, Burst: 8, Pair: 6 * time.Second, PairBurst: 45, Host: "graph"}
	p := newPost("phone", pace)
	p.probes = true
	elsewhere := newPost("elsewhere", bot.Pace{Host: "another"})
	inOffice(t, []*post{p, elsewhere}, func(t *testing.T, o *office) {
		end := time.Now().Add(time.Hour)
		hangs := func() bool { return time.Now().Before(end) }
		unknown := map[string]bool{}
		p.answer = func(ctx context.Context, out bot.Outgoing) error {
			if !hangs() {
				return nil
			}
			id := out.Message.ID()
			p.mu.Lock()
			if unknown[id] = true; len(unknown)%2 == 0 { // it took every second one all the same
				p.sent = append(p.sent, id)
			}
			p.mu.Unlock()
			return silence(ctx)
		}
		p.alive = func(ctx context.Context) error {
			if hangs() {
				return silence(ctx)
			}
			return nil
		}
		ids := names("c", 500)
		want := map[string]int{}
		for _, id := range ids {
			want[id] = 1
		}
		o.waits("phone", 1, ids...)
		o.start()
		for i := 0; hangs(); i++ {
			time.Sleep(7 * time.Second)
			id := ids[i*37%len(ids)]
			o.more(id)
			want[id]++
			if i == 100 {
				o.waits("elsewhere", 1, "free")
				synctest.Wait()
				check(t, "another host meanwhile", []string{"free-1"}, elsewhere.took())
				check(t, "the host is shut", true, o.stats.Channel("phone").HostShut())
				check(t, "the other is", false, o.stats.Channel("elsewhere").HostShut())
			}
		}
		if n := len(unknown); n > 64 {
			t.Errorf("%d messages were tried while it hung, want no more than were under way", n)
		}
		if n := p.probed(); n < 80 || n > 200 {
			t.Errorf("it was asked %d times in an hour whether it is back", n)
		}
		time.Sleep(45 * time.Second)
		synctest.Wait()
		check(t, "the host is shut", false, o.stats.Channel("phone").HostShut())
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		ordered(t, p.took(), want, unknown)
		for _, id := range ids {
			check(t, "states", map[bot.MessageState]int{bot.StateSent: want[id]}, o.states(id))
		}
	})
}

// A server that refuses connections at once must not be shut and opened without end.
func TestAServerWithoutProbeIsTriedByOneDelivery(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{Host: "graph"})
	var end time.Time
	p.answer = func(context.Context, bot.Outgoing) error {
		if time.Now().Before(end) {
			return &bot.SendError{Class: bot.ClassRetry, Code: "connection", Host: true}
		}
		return nil
	}
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		end = time.Now().Add(10 * time.Minute)
		ids := names("c", 200)
		o.waits("phone", 2, ids...)
		o.start()
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		// At first all that may be under way, then one a time: after 1, 2, 4 ... 30 s.
		if n := len(p.tries()); n < 64+18 || n > 64+24 {
			t.Errorf("%d tries in ten minutes", n)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		want := map[string]int{}
		for _, id := range ids {
			want[id] = 2
		}
		ordered(t, p.took(), want, nil)
	})
}

func TestChannelsOfOneHostAreShutTogetherAndComeBackSlowly(t *testing.T) {
	t.Parallel()
	one, two := newPost("one", bot.Pace{Host: "graph"}), newPost("two", bot.Pace{Host: "graph"})
	two.probes = true
	var end time.Time
	busy := func(ctx context.Context, _ bot.Outgoing) error {
		if time.Now().Before(end) {
			return silence(ctx)
		}
		time.Sleep(time.Second)
		return nil
	}
	one.answer, two.answer = busy, busy
	two.alive = func(ctx context.Context) error { return busy(ctx, bot.Outgoing{}) }
	inOffice(t, []*post{one, two}, func(t *testing.T, o *office) {
		end = time.Now().Add(5 * time.Minute)
		o.waits("one", 1, names("a", 3)...)
		o.start()
		time.Sleep(time.Minute)
		o.waits("two", 1, names("b", 300)...)
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		check(t, "sends on the other channel while it hangs", 0, len(two.tries()))
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		check(t, "what was sent on one", 3, len(one.took()))
		check(t, "what was sent on the other", 300, len(two.took()))
		var back []time.Time
		for _, at := range slices.Concat(one.tries(), two.tries()) {
			if !at.Before(end) {
				back = append(back, at)
			}
		}
		first := slices.MinFunc(back, time.Time.Compare)
		bySecond := map[int]int{}
		for _, at := range back {
			bySecond[int(at.Sub(first)/time.Second)]++
		}
		for second, most := range []int{2, 4, 8, 16} { // of two channels, each may send one
			if n := bySecond[second]; n > most {
				t.Errorf("%d sends began in second %d after it was back, want at most %d", n, second, most)
			}
		}
	})
}

func TestRefusalsShutNoServer(t *testing.T) {
	t.Parallel()
	p := newPost("phone", bot.Pace{Host: "graph"})
	p.answer = func(_ context.Context, o bot.Outgoing) error {
		if strings.HasPrefix(o.Message.ID(), "bad") {
			return &bot.SendError{Class: bot.ClassUnknown, Code: "answer"}
		}
		return nil
	}
	inOffice(t, []*post{p}, func(t *testing.T, o *office) {
		o.waits("phone", 1, names("bad", 20)...)
		o.start()
		time.Sleep(time.Minute)
		o.waits("phone", 1, "good")
		synctest.Wait()
		check(t, "what was sent", true, slices.Contains(p.took(), "good-1"))
		check(t, "shut", false, o.stats.Channel("phone").HostShut())
	})
}

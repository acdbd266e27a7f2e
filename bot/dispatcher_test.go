package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
)

// fails answers the first n sends with the error and accepts the rest.
func fails(n int, e bot.SendError) func(int, bot.Outgoing) error {
	return func(i int, _ bot.Outgoing) error {
		if i <= n {
			return &e
		}
		return nil
	}
}

func gaps(times []time.Time) []time.Duration {
	var out []time.Duration
	for i := 1; i < len(times); i++ {
		out = append(out, times[i].Sub(times[i-1]).Round(time.Second))
	}
	return out
}

func TestARetryHoldsBackWhatIsBehindIt(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(3, bot.SendError{Class: bot.ClassRetry, Code: "131000"})
		d.says(mara, "hi")
		d.says(mara, "1")
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", prices}, d.far.texts())
		check(t, "waits", []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, gaps(d.far.tries())[:3])
	})
}

func TestThePlatformsWishToWaitIsGranted(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1, bot.SendError{Class: bot.ClassWait, Code: "429", RetryAfter: 37 * time.Second, Account: true})
		d.says(mara, "hi")
		synctest.Wait()
		d.says("another", "hi")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		check(t, "tries while it waits", 1, len(d.far.tries()))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", "Hello!"}, d.far.texts())
	})
}

func TestAnotherCustomerIsNotHeldByAPairsWait(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1, bot.SendError{Class: bot.ClassWait, Code: "131056"})
		d.says(mara, "hi")
		synctest.Wait()
		d.says("another", "open")
		synctest.Wait()
		check(t, "tries at once", 2, len(d.far.tries()))
	})
}

func TestAFailureSaysWhyAndLetsTheNextOneGo(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1, bot.SendError{Class: bot.ClassFail, Code: "131026", Reason: "undeliverable"})
		d.handle(d.message(mara, "1"), d.message(mara, "1"))
		synctest.Wait()
		messages, err := d.store.Transcript(t.Context(), d.row(mara).Conversation.ID, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		if m := messages[1]; m.State != bot.StateFailed || m.Code != "131026" || m.Reason != "undeliverable" {
			t.Errorf("the message is %s with %s %q, want failed with the platform's reason", m.State, m.Code, m.Reason)
		}
		check(t, "what was sent", []string{prices}, d.far.texts())
	})
}

func TestAClosedWindowIsLearntFromThePlatform(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1, bot.SendError{Class: bot.ClassFail, Code: "131047", Shut: true})
		d.says(mara, "hi")
		synctest.Wait()
		row := d.row(mara)
		if closes := row.Conversation.WindowCloses(d.far.limits.Window, window.Bot, time.Now()); closes.After(time.Now()) {
			t.Errorf("the window closes %v, want that it is closed", closes)
		}
		check(t, "the transcript", []string{
			"customer received hi", "bot draft Hello!", "system noted Handed over to support: the window has closed",
		}, d.transcript(mara))
		time.Sleep(time.Second)
		d.says(mara, "1")
		row = d.row(mara)
		if err := d.engine.Claim(t.Context(), row.Conversation.ID, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Reply(t.Context(), row.Conversation.ID, "ana", prices, ""); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		check(t, "a newer message opens it again", []string{prices}, d.far.texts())
	})
}

func TestNothingIsSentAfterTheWindowClosed(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1<<30, bot.SendError{Class: bot.ClassRetry, Code: "503"})
		d.says(mara, "hi")
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		tried := d.far.tries()
		if last := tried[len(tried)-1].Sub(tried[0]); last >= 24*time.Hour || last < 23*time.Hour {
			t.Errorf("the last try came after %v, want shortly before 24 h", last)
		}
		check(t, "transcript", []string{
			"customer received hi", "bot draft Hello!", "system noted Handed over to support: the window has closed",
		}, d.transcript(mara))
	})
}

func TestALateMessageIsJudgedByThePlatformsTimestamp(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		late := d.message(mara, "hi")
		late.Message.At = time.Now().Add(-25 * time.Hour)
		d.handle(late)
		time.Sleep(time.Minute)
		synctest.Wait()
		check(t, "tries", 0, len(d.far.tries()))
		check(t, "transcript", []string{"customer received hi", "system noted Handed over to support: the window has closed"}, d.transcript(mara))
	})
}

func TestATimestampToComeDoesNotHoldTheWindowOpen(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		early := d.message(mara, "person")
		early.Message.At = time.Now().Add(10 * time.Hour)
		d.handle(early)
		synctest.Wait()
		check(t, "the window closes", time.Now().UTC().Add(24*time.Hour), d.row(mara).Ticket.WindowCloses)
	})
}

func TestAnAccountInTroublePausesAndLosesNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(2, bot.SendError{Class: bot.ClassAlarm, Code: "190", Reason: "token expired"})
		d.says(mara, "hi")
		synctest.Wait()
		if until := d.stats.Paused(time.Now())["phone"]; !until.Equal(time.Now().Add(time.Minute)) {
			t.Errorf("the channel is paused until %v, want for a minute", until)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		check(t, "waits", []time.Duration{time.Minute, 2 * time.Minute}, gaps(d.far.tries()))
		check(t, "paused after the success", 0, len(d.stats.Paused(time.Now())))
		check(t, "what was sent", []string{"Hello!"}, d.far.texts())
	})
}

func TestAPanicOfAChannelEndsNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = func(n int, _ bot.Outgoing) error {
			if n == 1 {
				panic("a fault of the channel")
			}
			return nil
		}
		d.says(mara, "hi")
		d.says("another", "hi")
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!"}, d.far.texts())
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "after the wait for a receipt", []string{"Hello!", "Hello!"}, d.far.texts())
	})
}

func TestAPanicEachTimeLetsTheNextOneGo(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = func(_ int, o bot.Outgoing) error {
			if o.Message.Text == "Hello!" && o.Message.Seq == 2 {
				panic("a fault of the channel")
			}
			return nil
		}
		d.says(mara, "hi")
		d.says(mara, "1")
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "what was sent", []string{prices}, d.far.texts())
		check(t, "tries", 4, len(d.far.tries()))
	})
}

func TestHavingWaitedSaysNothingOfFaults(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = func(n int, _ bot.Outgoing) error {
			switch {
			case n <= 5:
				return &bot.SendError{Class: bot.ClassWait, Code: "130429", Account: true}
			case n == 6:
				return &bot.SendError{Class: bot.ClassRetry, Code: "131000", Attempts: 3}
			case n == 7:
				return &bot.SendError{Class: bot.ClassUnknown, Code: "timeout"}
			default:
				return nil
			}
		}
		d.says(mara, "hi")
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!"}, d.far.texts())
	})
}

func TestOneCustomersAlarmDoesNotStarveTheOthers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = func(_ int, o bot.Outgoing) error {
			if o.To[0].Value == mara {
				return &bot.SendError{Class: bot.ClassAlarm, Code: "200/1", Reason: "refused"}
			}
			return nil
		}
		d.says(mara, "hi")
		var worst time.Duration
		for i := range 100 {
			asked := time.Now()
			before := len(d.far.texts())
			d.says(fmt.Sprint(i), "hi")
			for len(d.far.texts()) == before {
				time.Sleep(time.Second)
			}
			worst = max(worst, time.Since(asked))
			time.Sleep(3*time.Minute - time.Since(asked)%(3*time.Minute))
		}
		if worst > 3*time.Minute {
			t.Errorf("somebody waited %v because of another's alarm", worst)
		}
	})
}

func TestStoppingWhileLeasingMakesNothingUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "frontdesk.db")
		ctx, stop := context.WithCancel(t.Context())
		var armed atomic.Bool
		store, err := boltstore.Open(path, boltstore.Options{Flush: func() {
			if armed.Load() {
				stop() // SIGTERM while the lease is being flushed
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		set, _ := flows.Parse("shop.yaml", []byte(shop))
		f := &far{name: "phone", limits: metaLike()}
		channels := map[string]bot.Channel{"phone": f}
		d := &desk{t: t, store: store, far: f, stats: bot.NewStats(channels)}
		log := slog.New(slog.NewTextHandler(t.Output(), nil))
		d.engine = bot.NewEngine(bot.EngineConfig{
			Ledger: store, Channels: channels, Set: set, Hub: &bot.Hub{}, Wake: func() {}, Hold: func(string) {}, Stats: d.stats, Log: log,
		})
		dispatch := func(ctx context.Context) {
			bot.NewDispatcher(bot.DispatcherConfig{
				Outbox: d.store, Channels: channels, Hub: &bot.Hub{}, Stats: d.stats, Log: log, Grace: time.Second,
			}).Run(ctx)
		}
		d.says(mara, "hi")
		armed.Store(true)
		dispatch(ctx)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		if d.store, err = boltstore.Open(path, boltstore.Options{}); err != nil {
			t.Fatal(err)
		}
		defer d.store.Close()
		begun := time.Now()
		again, end := context.WithTimeout(t.Context(), 5*time.Second)
		defer end()
		dispatch(again)
		check(t, "what was sent", []string{"Hello!"}, f.texts())
		if tried := f.tries(); len(tried) != 1 || tried[0].Sub(begun) > time.Second {
			t.Errorf("sent at %v, want once and at once", tried)
		}
	})
}

func TestAnUnknownResultIsNeverBlindlyRepeated(t *testing.T) {
	t.Parallel()
	unknown := bot.SendError{Class: bot.ClassUnknown, Code: "timeout"}
	t.Run("a receipt tells that it was taken", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, d *desk) {
			d.far.answer = fails(1, unknown)
			d.says(mara, "hi")
			synctest.Wait()
			d.says(mara, "1")
			synctest.Wait()
			check(t, "meanwhile", []string{
				"customer received hi", "bot unknown Hello!", "customer received 1", "bot queued " + prices,
			}, d.transcript(mara))
			time.Sleep(time.Minute)
			err := d.engine.Handle(t.Context(), bot.Batch{Receipts: []bot.Receipt{{
				Channel: "phone", Message: bot.MessageID(d.row(mara).Conversation.ID, 2), ExternalID: "late",
				State: bot.StateDelivered, At: time.Now(),
			}}})
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			check(t, "sent meanwhile", []string{prices}, d.far.texts())
			time.Sleep(time.Hour)
			synctest.Wait()
			check(t, "sent again", []string{prices}, d.far.texts())
			check(t, "transcript", []string{
				"customer received hi", "bot delivered Hello!", "customer received 1", "bot sent " + prices,
			}, d.transcript(mara))
		})
	})
	t.Run("no receipt within the wait: it was not taken", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, d *desk) {
			d.far.answer = fails(1, unknown)
			d.says(mara, "hi")
			time.Sleep(time.Hour)
			synctest.Wait()
			check(t, "waits", []time.Duration{2 * time.Minute}, gaps(d.far.tries()))
			check(t, "transcript", []string{"customer received hi", "bot sent Hello!"}, d.transcript(mara))
		})
	})
	t.Run("it is not tried for ever", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, d *desk) {
			d.far.answer = fails(1<<30, unknown)
			d.says(mara, "hi")
			time.Sleep(time.Hour)
			synctest.Wait()
			check(t, "tries", 3, len(d.far.tries()))
			check(t, "transcript", []string{"customer received hi", "bot unknown Hello!"}, d.transcript(mara))
		})
	})
}

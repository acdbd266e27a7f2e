package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
	"frontdesk/handoff"
)

const mara = "447700900123"

// bubble runs a test in a bubble of fake time with a desk.
func bubble(t *testing.T, f func(t *testing.T, d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newDesk(t)) })
}

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestAMessageIsAnsweredOnceAndInOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		d.says(mara, "1")
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", prices}, d.far.texts())
		check(t, "transcript", []string{
			"customer received hi", "bot sent Hello!", "customer received 1", "bot sent " + prices,
		}, d.transcript(mara))
	})
}

func TestTheSameMessageNeverRunsTheFlowTwice(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		m := d.message(mara, "hi")
		d.handle(m, m)
		d.handle(m)
		var group sync.WaitGroup
		second := d.message(mara, "2")
		for range 20 {
			group.Go(func() { d.handle(second) })
		}
		group.Wait()
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", "Which number?"}, d.far.texts())
	})
}

func TestABatchKeepsTheOrderOfEachCustomer(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		var batch []bot.Inbound
		for _, text := range []string{"hi", "2", "abc", "123"} {
			for i := range 50 {
				batch = append(batch, d.message(fmt.Sprintf("4477009%05d", i), text))
			}
		}
		d.handle(batch...)
		synctest.Wait()
		want := []string{
			"customer received hi", "bot sent Hello!", "customer received 2", "bot sent Which number?",
			"customer received abc", "bot sent Three digits, please.", "customer received 123", "bot sent 123 is on its way.",
		}
		for i := range 50 {
			check(t, "transcript", want, d.transcript(fmt.Sprintf("4477009%05d", i)))
		}
	})
}

func TestWhatTheBotCannotResolveReachesAPerson(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		d.says(mara, "gibberish one")
		d.says(mara, "gibberish two")
		synctest.Wait()
		row := d.row(mara)
		if row.Conversation.Status != handoff.Queued || !row.Ticket.Open() {
			t.Fatalf("the conversation is %s with ticket %+v, want queued with an open one", row.Conversation.Status, row.Ticket)
		}
		check(t, "words", []string{"gibberish one", "gibberish two"}, row.Ticket.Words)
		check(t, "reason", "not_understood", row.Ticket.Reason)
		check(t, "promise", time.Now().UTC().Add(15*time.Minute), row.Ticket.PromisedBy)
		check(t, "deadline", row.Ticket.PromisedBy, row.Ticket.Deadline())

		time.Sleep(time.Hour)
		d.says(mara, "are you there?")
		synctest.Wait()
		check(t, "the window follows the customer's newest message",
			time.Now().UTC().Add(24*time.Hour), d.row(mara).Ticket.WindowCloses)
		if got := d.far.texts(); got[len(got)-1] != "One moment, please." {
			t.Errorf("the bot spoke after the handover: %q", got)
		}
	})
}

func TestOnePersonWinsAndTheBotIsSilent(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		synctest.Wait() // or else a takeover makes what was not sent yet stale
		id := d.row(mara).Conversation.ID
		var (
			group sync.WaitGroup
			errs  [8]error
		)
		for i := range errs {
			group.Go(func() { errs[i] = d.engine.Claim(t.Context(), id, fmt.Sprintf("agent%d", i)) })
		}
		group.Wait()
		winners := 0
		owner := d.row(mara).Ticket.Agent
		for i, err := range errs {
			var taken *handoff.TakenError
			switch {
			case err == nil:
				winners++
			case !errors.As(err, &taken) || taken.Agent != owner:
				t.Errorf("agent%d was told %v, want that %s has it", i, err, owner)
			}
		}
		if winners != 1 {
			t.Errorf("%d agents won, want one", winners)
		}
		if err := d.engine.Reply(t.Context(), id, "stranger", "hello", "n"); err == nil {
			t.Error("a stranger may answer")
		}
		d.says(mara, "hi")
		for range 2 { // pressed twice
			if err := d.engine.Reply(t.Context(), id, owner, " I am here. ", "nonce"); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		check(t, "what was sent", []string{"One moment, please.", "I am here."}, d.far.texts())
		if row := d.row(mara); row.Ticket.FirstReplyAt.IsZero() || !row.Ticket.Deadline().Equal(row.Ticket.WindowCloses) {
			t.Errorf("after the first reply the deadline is the window, got %+v", row.Ticket)
		}
	})
}

func TestWhatTheBotHadNotSentIsNeverSentAfterATakeover(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		down := true
		d.far.answer = func(int, bot.Outgoing) error {
			if down {
				return &bot.SendError{Class: bot.ClassRetry, Code: "503"}
			}
			return nil
		}
		d.says(mara, "hi")
		d.says(mara, "person")
		synctest.Wait()
		id := d.row(mara).Conversation.ID
		if err := d.engine.Claim(t.Context(), id, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Reply(t.Context(), id, "ana", "Hello, Ana here.", ""); err != nil {
			t.Fatal(err)
		}
		d.far.mu.Lock()
		down = false
		d.far.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello, Ana here."}, d.far.texts())
		check(t, "transcript", []string{
			"customer received hi", "bot cancelled Hello!", "customer received person", "bot cancelled One moment, please.",
			"system noted Handed over to support: asked for a person", "system noted ana took the conversation",
			"agent sent Hello, Ana here.",
		}, d.transcript(mara))
	})
}

func TestHandBackAndResolveWakeTheBot(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		synctest.Wait() // or else a takeover makes what was not sent yet stale
		id := d.row(mara).Conversation.ID
		for _, act := range []error{
			d.engine.Claim(t.Context(), id, "ana"),
			d.engine.Claim(t.Context(), id, "ana"), // once more does no harm
			d.engine.HandBack(t.Context(), id, "ana"),
		} {
			if act != nil {
				t.Fatal(act)
			}
		}
		synctest.Wait()
		d.says(mara, "1")
		d.says(mara, "person")
		synctest.Wait()
		if err := d.engine.Claim(t.Context(), id, "ben"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Release(t.Context(), id, "ben"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Claim(t.Context(), id, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Resolve(t.Context(), id, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Resolve(t.Context(), id, "ana"); !errors.Is(err, handoff.ErrResolved) {
			t.Errorf("resolving twice says %v, want that it is resolved", err)
		}
		check(t, "status", handoff.Resolved, d.row(mara).Conversation.Status)
		d.says(mara, "hi again")
		synctest.Wait()
		check(t, "what was sent", []string{
			"One moment, please.", "Hello!", prices, "One moment, please.", "Hello!",
		}, d.far.texts())
	})
}

func TestAnAgentIsToldWhatIsNotPossible(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		synctest.Wait() // or else a takeover makes what was not sent yet stale
		id := d.row(mara).Conversation.ID
		ctx := t.Context()
		if err := d.engine.Reply(ctx, id, "ana", "hi", ""); !errors.Is(err, handoff.ErrNotClaimed) {
			t.Errorf("got %v, want that it must be claimed", err)
		}
		if err := d.engine.Claim(ctx, id, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := d.engine.Reply(ctx, id, "ana", " \n", ""); !errors.Is(err, bot.ErrEmptyReply) {
			t.Errorf("got %v, want that it is empty", err)
		}
		if err := d.engine.Claim(ctx, "nobody", "ana"); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("got %v, want not found", err)
		}
		time.Sleep(24 * time.Hour)
		if err := d.engine.Reply(ctx, id, "ana", "too late", ""); !errors.Is(err, bot.ErrWindowClosed) {
			t.Errorf("got %v, want that the window is closed", err)
		}
	})
}

func TestALongReplyOfAnAgentIsSplitInOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		synctest.Wait() // or else a takeover makes what was not sent yet stale
		id := d.row(mara).Conversation.ID
		if err := d.engine.Claim(t.Context(), id, "ana"); err != nil {
			t.Fatal(err)
		}
		long := strings.TrimSpace(strings.Repeat("All work and no play. ", 400))
		if err := d.engine.Reply(t.Context(), id, "ana", long, ""); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := strings.Join(d.far.texts()[1:], " "); got != long {
			t.Errorf("the parts give %d characters, want %d", len(got), len(long))
		}
	})
}

func TestQuietKindsAreStoredAndNotAnswered(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		for _, kind := range []bot.Kind{bot.KindReaction, bot.KindSystem} {
			m := d.message(mara, "x")
			m.Message.Kind = kind
			d.handle(m)
		}
		picture := d.message(mara, "")
		picture.Message.Kind = bot.KindImage
		d.handle(picture)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!"}, d.far.texts()[:1])
		check(t, "lines", 4, len(d.transcript(mara)))
	})
}

func TestWhatNobodyCanReadIsAnswered(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		poll := func() bot.Inbound {
			m := d.message(mara, "poll_creation")
			m.Message.Kind = bot.KindUnsupported
			return m
		}
		d.handle(poll()) // the first word of a customer
		synctest.Wait()
		opened := d.row(mara).Conversation.NewestInbound
		time.Sleep(time.Hour)
		d.handle(poll())
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", "Sorry?"}, d.far.texts())
		check(t, "an open window stays as it is", opened, d.row(mara).Conversation.NewestInbound)
	})
}

func TestAContactIsFoundByAnyOfItsNames(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi") // known by phone only
		both := d.message(mara, "1")
		both.From = append([]bot.Alias{{Channel: "phone", Kind: "user_id", Value: "GB.7H2K"}}, both.From...)
		d.handle(both)
		only := d.message(mara, "1")
		only.From = []bot.Alias{{Channel: "phone", Kind: "user_id", Value: "GB.7H2K"}}
		d.handle(only)
		synctest.Wait()
		check(t, "lines of the one conversation", 6, len(d.transcript(mara)))
		check(t, "names", 2, len(d.row(mara).Contact.Aliases))
	})
}

func TestTwoContactsThatTurnOutToBeOnePersonLoseNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		id := bot.Alias{Channel: "phone", Kind: "user_id", Value: "GB.7H2K"}
		d.says(mara, "hi") // known by phone
		byID := d.message("", "hi")
		byID.From = []bot.Alias{id} // known by the user id
		d.handle(byID)
		both := d.message(mara, "1") // and now by both
		both.From = append([]bot.Alias{id}, both.From...)
		d.handle(both)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", "Hello!", prices}, d.far.texts())
		check(t, "the phone still leads to the first", 2, len(d.transcript(mara)))
	})
}

func TestAWatermarkNeverTouchesWhatWaits(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1, bot.SendError{Class: bot.ClassRetry, Code: "503"})
		d.says(mara, "hi")
		synctest.Wait()
		d.receipts(bot.Receipt{
			From:  []bot.Alias{{Channel: "phone", Kind: "phone", Value: mara}},
			Until: time.Now().Add(time.Minute), State: bot.StateRead,
		})
		time.Sleep(time.Hour)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!"}, d.far.texts())
	})
}

func TestAnswersGoToTheIdentityOfTheNewestMessage(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		byPhone := bot.Alias{Channel: "phone", Kind: "phone", Value: mara}
		old, changed := bot.Alias{Channel: "phone", Kind: "user_id", Value: "GB.OLD"}, bot.Alias{Channel: "phone", Kind: "user_id", Value: "GB.NEW"}
		for _, id := range []bot.Alias{old, changed} {
			m := d.message(mara, "hi")
			m.From = []bot.Alias{id, byPhone}
			d.handle(m)
			synctest.Wait()
		}
		d.far.mu.Lock()
		defer d.far.mu.Unlock()
		check(t, "the first answer went to", []bot.Alias{old, byPhone}, d.far.sent[0].To)
		check(t, "the second answer went to", []bot.Alias{changed, byPhone, old}, d.far.sent[1].To)
	})
}

func TestNothingIsDecidedToBeSentOnAChannelThatIsOff(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		synctest.Wait()
		id := d.row(mara).Conversation.ID
		off := bot.NewEngine(bot.EngineConfig{
			Ledger: d.store, Channels: nil, Set: d.engine.Flows(), Hub: &bot.Hub{}, Wake: func() {}, Hold: func(string) {},
			Stats: bot.NewStats(nil), Log: slog.New(slog.DiscardHandler),
		})
		if err := off.Claim(t.Context(), id, "ana"); err != nil {
			t.Fatal(err)
		}
		if err := off.Reply(t.Context(), id, "ana", "Your parcel leaves tomorrow.", ""); !errors.Is(err, bot.ErrChannelOff) {
			t.Errorf("a reply says %v, want that the channel is off", err)
		}
		if err := off.HandBack(t.Context(), id, "ana"); !errors.Is(err, bot.ErrChannelOff) {
			t.Errorf("a hand-back says %v, want that the channel is off", err)
		}
		if err := off.Resolve(t.Context(), id, "ana"); err != nil {
			t.Errorf("resolving sends nothing and says %v", err)
		}
	})
}

func TestAFailureAfterAcceptance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		class  bot.Class
		texts  []string
		state  string
		paused bool
		lost   bool // a person is asked for
	}{
		{"for a reason that passes is sent again", bot.ClassRetry, []string{"Hello!", "Hello!"}, "sent", false, false},
		{"for being too fast is sent again", bot.ClassWait, []string{"Hello!", "Hello!"}, "sent", false, false},
		{"for good is failed", bot.ClassFail, []string{"Hello!"}, "failed", false, true},
		{"for the account is failed and pauses the channel", bot.ClassAlarm, []string{"Hello!"}, "failed", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, d *desk) {
				d.says(mara, "hi")
				synctest.Wait()
				d.receipts(bot.Receipt{Message: bot.MessageID(d.row(mara).Conversation.ID, 2), State: bot.StateFailed, Class: c.class, Code: "1"})
				if paused := d.stats.Channel("phone").PausedUntil().After(time.Now()); paused != c.paused {
					t.Errorf("paused is %v, want %v", paused, c.paused)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				check(t, "what was sent", c.texts, d.far.texts())
				want := []string{"customer received hi", "bot " + c.state + " Hello!"}
				if c.lost {
					want = append(want, "system noted Handed over to support: an answer could not be sent")
				}
				check(t, "transcript", want, d.transcript(mara))
			})
		})
	}
	t.Run("again and again ends after some minutes", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, d *desk) {
			d.says(mara, "hi")
			for range 60 {
				synctest.Wait()
				d.receipts(bot.Receipt{Message: bot.MessageID(d.row(mara).Conversation.ID, 2), State: bot.StateFailed, Class: bot.ClassRetry, Code: "131000"})
				time.Sleep(time.Minute)
			}
			if n := len(d.far.texts()); n < 3 || n > 12 {
				t.Errorf("it was sent %d times", n)
			}
			check(t, "transcript", []string{
				"customer received hi", "bot failed Hello!", "system noted Handed over to support: an answer could not be sent",
			}, d.transcript(mara))
		})
	})
}

func TestManyReceiptsOfOneConversationAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		var batch []bot.Inbound
		for range 150 {
			batch = append(batch, d.message(mara, "open"))
		}
		d.handle(batch...)
		synctest.Wait()
		id := d.row(mara).Conversation.ID
		messages, err := d.store.Transcript(t.Context(), id, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		var receipts []bot.Receipt
		for _, m := range messages {
			if !m.Incoming() {
				receipts = append(receipts,
					bot.Receipt{Message: m.ID(), State: bot.StateRead},
					bot.Receipt{ExternalID: m.ExternalID, State: bot.StateDelivered, From: []bot.Alias{{Channel: "phone", Kind: "phone", Value: mara}}})
			}
		}
		d.receipts(receipts...)
		for _, line := range d.transcript(mara) {
			if strings.HasPrefix(line, "bot ") && !strings.HasPrefix(line, "bot read") {
				t.Fatalf("after all receipts: %q", line)
			}
		}
	})
}

func TestACallerThatWentAwayStopsNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		gone, leave := context.WithCancel(t.Context())
		m := d.message(mara, "hi")
		wait := leaveDuring{d.store, leave}
		engine := bot.NewEngine(bot.EngineConfig{
			Ledger: wait, Channels: map[string]bot.Channel{"phone": d.far}, Set: d.engine.Flows(), Hub: &bot.Hub{},
			Wake: d.wake, Hold: func(string) {}, Stats: d.stats, Log: slog.New(slog.DiscardHandler),
		})
		if err := engine.Handle(gone, bot.Batch{Messages: []bot.Inbound{m}}); err != nil {
			t.Errorf("the commit says %v", err)
		}
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!"}, d.far.texts())
	})
}

// leaveDuring is a store whose caller goes away while it commits.
type leaveDuring struct {
	bot.Ledger
	leave func()
}

func (l leaveDuring) Commit(ctx context.Context, c []bot.Change) error {
	l.leave()
	return l.Ledger.Commit(ctx, c)
}

func TestAPanicWhileDecidingIsAnError(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		set := d.engine.Flows()
		d.engine.SetFlows(nil) // no caller does so; every decision about it panics
		batch := bot.Batch{Messages: []bot.Inbound{d.message(mara, "hi"), d.message("another", "hi")}}
		if err := d.engine.Handle(t.Context(), batch); err == nil {
			t.Error("a panic was taken for success")
		}
		d.engine.SetFlows(set)
		if err := d.engine.Handle(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!", "Hello!"}, d.far.texts())
	})
}

func TestReceiptsMoveForwardOnlyAndNeverRunAFlow(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		synctest.Wait()
		id := d.row(mara).Conversation.ID
		receipt := func(state bot.MessageState, how bot.Receipt) {
			how.Channel, how.State, how.At = "phone", state, time.Now().UTC()
			if err := d.engine.Handle(t.Context(), bot.Batch{Receipts: []bot.Receipt{how}}); err != nil {
				t.Fatal(err)
			}
		}
		whose := []bot.Alias{{Channel: "phone", Kind: "phone", Value: mara}}
		receipt(bot.StateRead, bot.Receipt{From: whose, ExternalID: "ext-" + bot.MessageID(id, 2)})
		receipt(bot.StateDelivered, bot.Receipt{Message: bot.MessageID(id, 2)})
		receipt(bot.StateSent, bot.Receipt{Message: bot.MessageID(id, 2)})
		receipt(bot.StateFailed, bot.Receipt{Message: bot.MessageID(id, 2)})
		receipt(bot.StateRead, bot.Receipt{Message: "nobody-7"})
		receipt(bot.StateRead, bot.Receipt{From: whose, ExternalID: "unheard of"})
		receipt(bot.StateRead, bot.Receipt{ExternalID: "ext-" + bot.MessageID(id, 2)}) // of nobody
		check(t, "transcript", []string{"customer received hi", "bot read Hello!"}, d.transcript(mara))

		d.says(mara, "1")
		synctest.Wait()
		receipt(bot.StateDelivered, bot.Receipt{
			From:  whose,
			Until: time.Now().UTC(),
		})
		check(t, "after the watermark", []string{
			"customer received hi", "bot read Hello!", "customer received 1", "bot delivered " + prices,
		}, d.transcript(mara))
		other := bot.Receipt{Channel: "elsewhere", Message: bot.MessageID(id, 4), State: bot.StateRead, At: time.Now()}
		if err := d.engine.Handle(t.Context(), bot.Batch{Receipts: []bot.Receipt{other}}); err != nil {
			t.Fatal(err)
		}
		if got := d.transcript(mara)[3]; got != "bot delivered "+prices {
			t.Errorf("another channel's receipt moved the message: %q", got)
		}
	})
}

func TestManyCustomersAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		const customers, lines = 40, 10
		batches := make([][]bot.Inbound, customers)
		for i := range batches {
			for range lines {
				batches[i] = append(batches[i], d.message(fmt.Sprint(1000+i), "open"))
			}
		}
		var group sync.WaitGroup
		for _, batch := range batches {
			group.Go(func() {
				for _, m := range batch {
					d.handle(m)
				}
			})
		}
		group.Wait()
		synctest.Wait()
		texts := d.far.texts()
		slices.Sort(texts)
		hours := 0
		for _, text := range texts {
			if strings.HasPrefix(text, "Nine to five.") {
				hours++
			}
		}
		check(t, "answers", customers*lines, hours)
	})
}

package bot_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func TestAnAnswerResolvesInTheSameCommit(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		id := d.row(mara).Conversation.ID
		must(t, d.engine.Claim(t.Context(), id, "ana"))
		synctest.Wait()
		version := d.row(mara).Conversation.Version
		answer := bot.Answer{Text: "It is on its way.", Nonce: "n"}
		must(t, d.engine.ReplyAndResolve(t.Context(), id, "ana", answer))
		if got := d.row(mara).Conversation; got.Version < version+2 || got.Status != handoff.Resolved {
			t.Errorf("version %d, %s", got.Version, got.Status)
		}
		must(t, d.engine.ReplyAndResolve(t.Context(), id, "ana", answer)) // pressed twice
		time.Sleep(time.Second)
		synctest.Wait()
		lines := d.transcript(mara)
		check(t, "the end of it", []string{"agent sent It is on its way.", "system noted ana resolved the conversation"}, lines[len(lines)-2:])
	})
}

func TestAnAnswerThatIsRefusedResolvesNothing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "person")
		id := d.row(mara).Conversation.ID
		send := func(agent, text string) error {
			return d.engine.ReplyAndResolve(t.Context(), id, agent, bot.Answer{Text: text})
		}
		if err := send("ana", "Hello"); !errors.Is(err, handoff.ErrNotClaimed) {
			t.Errorf("not claimed: %v", err)
		}
		must(t, d.engine.Claim(t.Context(), id, "ana"))
		if err := send("ana", " \n"); !errors.Is(err, bot.ErrEmptyReply) {
			t.Errorf("empty: %v", err)
		}
		var taken *handoff.TakenError
		if err := send("ben", "Hello"); !errors.As(err, &taken) {
			t.Errorf("ana's: %v", err)
		}
		time.Sleep(24 * time.Hour)
		if err := send("ana", "Hello"); !errors.Is(err, bot.ErrWindowClosed) {
			t.Errorf("too late: %v", err)
		}
		check(t, "whose it is", handoff.Assigned, d.row(mara).Conversation.Status)
	})
}

func TestADraftIsDealtWithWhenItsAnswerResolves(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		conversation, draft := undelivered(t, d)
		answer := bot.Answer{Text: "Again.", Draft: draft, Nonce: "n"}
		must(t, d.engine.ReplyAndResolve(t.Context(), conversation, "ana", answer))
		for _, m := range d.messages(conversation) {
			if m.ID() == draft {
				check(t, "the draft", bot.StateCancelled, m.State)
			}
		}
		answer.Nonce = "another"
		if err := d.engine.ReplyAndResolve(t.Context(), conversation, "ana", answer); !errors.Is(err, handoff.ErrResolved) {
			t.Errorf("once more: %v", err)
		}
	})
}

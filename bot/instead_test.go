package bot_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"frontdesk/bot"
)

// undelivered gives ana a conversation with a failed answer of theirs, and its id.
func undelivered(t *testing.T, d *desk) (conversation, draft string) {
	t.Helper()
	d.far.answer = func(int, bot.Outgoing) error { return &bot.SendError{Class: bot.ClassFail, Code: "131026"} }
	d.says("491701", "person")
	id := d.row("491701").Conversation.ID
	must(t, d.engine.Claim(t.Context(), id, "ana"))
	must(t, d.engine.Reply(t.Context(), id, "ana", "It is ready.", "first"))
	synctest.Wait()
	for _, m := range d.messages(id) {
		if m.Text == "It is ready." {
			draft = m.ID()
		}
	}
	return id, draft
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) messages(conversation string) []bot.Message {
	d.t.Helper()
	list, err := d.store.Transcript(d.t.Context(), conversation, 0, 1000)
	must(d.t, err)
	return list
}

func TestOneDraftIsAnsweredAnewOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		id, draft := undelivered(t, d)
		nonces := []string{"one tab", "another", "a third", "a fourth"}
		errs := make([]error, len(nonces))
		var tabs sync.WaitGroup
		for i, nonce := range nonces {
			tabs.Go(func() { errs[i] = d.engine.ReplyInstead(t.Context(), id, "ana", "Come and get it!", draft, nonce) })
		}
		tabs.Wait()
		told := 0
		for i, err := range errs {
			var settled *bot.SettledError
			if errors.As(err, &settled) && *settled == (bot.SettledError{Agent: "ana", Way: bot.WayUsed}) {
				told++
				continue
			}
			must(t, err)
			must(t, d.engine.ReplyInstead(t.Context(), id, "ana", "Come and get it!", draft, nonces[i])) // pressed twice
		}
		if told != len(nonces)-1 {
			t.Errorf("%d tabs were told who answered, want %d: %v", told, len(nonces)-1, errs)
		}
		sent := slices.DeleteFunc(d.messages(id), func(m bot.Message) bool { return m.Text != "Come and get it!" })
		if len(sent) != 1 {
			t.Errorf("the customer is sent %d messages instead of one draft", len(sent))
		}
		if lines := d.transcript("491701"); !slices.Contains(lines, "agent cancelled It is ready.") {
			t.Errorf("the draft stays: %q", lines)
		}
	})
}

func TestADraftIsAnsweredAnewOnlyByWhomItConcerns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		_, draft := undelivered(t, d)
		d.says("5511999", "person")
		other := d.row("5511999").Conversation.ID
		must(t, d.engine.Claim(t.Context(), other, "ana"))
		for _, what := range []string{draft, "", "nonsense", "nobody-7", strings.Replace(draft, "-", "-9", 1)} {
			must(t, d.engine.ReplyInstead(t.Context(), other, "ana", "Hello!", what, ""))
		}
		if lines := d.transcript("491701"); !slices.Contains(lines, "agent failed It is ready.") {
			t.Errorf("an answer to somebody else settled a draft: %q", lines)
		}
		if err := d.engine.ReplyInstead(t.Context(), other, "ana", " ", draft, ""); !errors.Is(err, bot.ErrEmptyReply) {
			t.Errorf("nothing to say: %v", err)
		}
	})
}

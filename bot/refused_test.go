package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// Platforms tell a status again and late, as they do everything.
func TestAFailureThatPassesIsToldMoreThanOnce(t *testing.T) {
	t.Parallel()
	failed := func(d *desk, id string) {
		d.receipts(bot.Receipt{
			Message: bot.MessageID(d.row(mara).Conversation.ID, 2), ExternalID: id, State: bot.StateFailed, Class: bot.ClassRetry, Code: "131000",
		})
	}
	for _, c := range []struct {
		name  string
		plays func(d *desk)
		sends int
	}{
		{"while the message waits to be sent again", func(d *desk) {
			failed(d, "ext-1")
			failed(d, "ext-1")
		}, 2},
		{"while it is sent again", func(d *desk) {
			failed(d, "ext-1")
			d.far.during(func() { failed(d, "ext-1") })
		}, 2},
		{"when it was sent again", func(d *desk) {
			failed(d, "ext-1")
			time.Sleep(time.Minute)
			failed(d, "ext-1")
		}, 2},
		{"and it fails once more, which is told before the answer to the send is stored", func(d *desk) {
			failed(d, "ext-1")
			d.far.during(func() { failed(d, "ext-2") })
		}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, d *desk) {
				d.far.ids = true
				d.says(mara, "hi")
				synctest.Wait()
				c.plays(d)
				time.Sleep(time.Hour)
				synctest.Wait()
				check(t, "sends", c.sends, len(d.far.tries()))
				check(t, "transcript", []string{"customer received hi", "bot sent Hello!"}, d.transcript(mara))
			})
		})
	}
}

// during does something while the next send is under way.
func (f *far) during(does func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = func(int, bot.Outgoing) error {
		f.answer = nil
		does()
		return nil
	}
}

func TestAnUnknownResultThatProvesToBeAFailureThatPassesIsSentAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.far.answer = fails(1, bot.SendError{Class: bot.ClassUnknown, Code: "timeout"})
		d.says(mara, "hi")
		synctest.Wait()
		d.receipts(bot.Receipt{
			Message: bot.MessageID(d.row(mara).Conversation.ID, 2), ExternalID: "late", State: bot.StateFailed, Class: bot.ClassRetry, Code: "131000",
		})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		check(t, "what was sent", []string{"Hello!"}, d.far.texts())
		check(t, "transcript", []string{"customer received hi", "bot sent Hello!"}, d.transcript(mara))
	})
}

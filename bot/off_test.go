package bot_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// watched is an agenda that tells how many conversations it was asked for at most.
type watched struct {
	bot.Agenda
	asked, most int
}

func (a *watched) Wakes(ctx context.Context, now time.Time, limit int) ([]string, time.Time, error) {
	if !now.After(time.Now()) { // what is due, not what a clock may have put off
		a.asked++
		a.most = max(a.most, limit)
	}
	return a.Agenda.Wakes(ctx, now, limit)
}

// A channel is taken out of the operator's file while its customers are being
// waited for: they must not stay in memory, nor be read again with every message
// of the others.
func TestWhoIsWaitedForOnAChannelThatIsOffDoesNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.idle = true
		play := patient(time.Minute)
		d.restart(play)
		begun := time.Now().UTC()
		for _, id := range names("gone", 500) {
			c := waitingOn("gone", id, 0)
			c.Conversation.SilentAt = begun
			if err := d.store.Commit(t.Context(), []bot.Change{c}); err != nil {
				t.Fatal(err)
			}
		}
		shut := waitingOn("gone", "shut", 0) // cannot be put off, as the platform closed its window
		shut.Conversation.ShutAt, shut.Conversation.CloseAt = shut.Conversation.NewestInbound, begun.Add(24*time.Hour)
		if err := d.store.Commit(t.Context(), []bot.Change{shut}); err != nil {
			t.Fatal(err)
		}
		d.says(mara, "hi")
		synctest.Wait()
		time.Sleep(time.Minute)
		agenda, log := &watched{Agenda: d.store}, &levels{}
		d.others(d.store, agenda, map[string]bot.Channel{d.far.name: d.far}, log, play)
		d.wake()
		synctest.Wait()
		check(t, "what was sent", []string{"And?", "Still there?"}, d.far.texts())
		if agenda.most > 300 {
			t.Errorf("%d conversations were asked for at once", agenda.most)
		}
		check(t, "lines in the log", 0, len(log.seen))
		if agenda.asked > 2000 { // some for each of those that were woken
			t.Errorf("the agenda was read %d times in an hour", agenda.asked)
		}

		// They are woken when their channel is back, and no change that anybody sees.
		time.Sleep(5 * time.Minute)
		late, _, err := d.store.Wakes(t.Context(), time.Now(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		check(t, "conversations that are due again", 501, len(late))
		row, err := d.store.Conversation(t.Context(), "gone007")
		if err != nil {
			t.Fatal(err)
		}
		check(t, "the newest that happened", begun, row.Conversation.UpdatedAt)
		if row.Conversation.Version > 20 {
			t.Errorf("it was written %d times in an hour", row.Conversation.Version)
		}
	})
}

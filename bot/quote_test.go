package bot_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

func TestAQuoteTellsWhatHoldsNow(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says(mara, "hi")
		synctest.Wait()
		c := d.row(mara).Conversation
		ask := func(author window.Author, text string) bot.Quote {
			t.Helper()
			q, err := d.engine.Quote(t.Context(), bot.Asked{Conversation: c.ID, Author: author, Text: text})
			if err != nil {
				t.Fatal(err)
			}
			return q
		}
		q := ask(window.Human, strings.Repeat("many words ", 500))
		if q.Why != window.WhyNothing || !q.Until.Equal(c.NewestInbound.Add(24*time.Hour)) || q.Messages != 2 || q.Free != 0 || q.Total.Known {
			t.Errorf("after one answer of the bot: %+v", q)
		}
		if after := d.row(mara).Conversation; after.Version != c.Version {
			t.Error("asking changed the conversation")
		}
		tomorrow := bot.Asked{Conversation: c.ID, Author: window.Human, At: time.Now().Add(25 * time.Hour)}
		if q, err := d.engine.Quote(t.Context(), tomorrow); err != nil || q.Why != window.WhyClosed || q.Total.Known {
			t.Errorf("tomorrow: %+v, %v", q, err)
		}
		time.Sleep(24 * time.Hour)
		if q = ask(window.Human, "Hello"); q.Why != window.WhyClosed || q.Price.Known || q.Messages != 1 {
			t.Errorf("a day later: %+v", q)
		}
		if q = ask(window.Template, ""); q.Why != window.WhyNothing || q.Price.Known || q.Messages != 1 {
			t.Errorf("a template, whose price nobody knows: %+v", q)
		}
		if _, err := d.engine.Quote(t.Context(), bot.Asked{Conversation: "nobody", Author: window.Human}); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a quote for nobody: %v", err)
		}
	})
}

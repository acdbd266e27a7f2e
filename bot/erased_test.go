package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

// erase erases a customer, as the operator does.
func (d *desk) erase(customer string) {
	d.t.Helper()
	row := d.row(customer)
	if _, err := d.store.Erase(d.t.Context(), row.Contact.ID, bot.Audit{At: time.Now(), What: bot.AuditErase}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) unknown(customer string) {
	d.t.Helper()
	if row := d.row(customer); row.Contact.ID != "" || row.Conversation.ID != "" {
		d.t.Errorf("%s is known: %+v", customer, row)
	}
}

// A customer is erased while a message is on its way to the platform.
func TestTheResultOfASendToSomebodyErasedIsDropped(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		sending, erased := make(chan struct{}), make(chan struct{})
		d.far.answer = func(n int, _ bot.Outgoing) error {
			if n == 1 {
				close(sending)
				<-erased
			}
			return nil
		}
		d.says("+1", "Hello")
		d.wake()
		<-sending
		d.erase("+1")
		close(erased)
		synctest.Wait()
		time.Sleep(time.Hour)
		d.unknown("+1")
		if texts := d.far.texts(); len(texts) != 1 {
			t.Errorf("sent %q", texts)
		}
		d.says("+1", "Hello again")
		synctest.Wait()
		if got := d.transcript("+1"); len(got) != 2 || len(d.far.texts()) != 2 {
			t.Errorf("the new conversation is %q", got)
		}
	})
}

// A customer is erased while a system of the business is asked for them.
func TestTheAnswerToACallOfSomebodyErasedIsDropped(t *testing.T) {
	t.Parallel()
	acts(t, looks(1), func(t *testing.T, d *desk) {
		d.shop.answer = hangs
		d.says("+1", "Order 123")
		synctest.Wait()
		if ids, _ := d.shop.calls(); len(ids) != 1 {
			t.Fatalf("%d calls", len(ids))
		}
		d.erase("+1")
		time.Sleep(time.Hour)
		synctest.Wait()
		d.unknown("+1")
		if texts := d.far.texts(); len(texts) != 0 {
			t.Errorf("sent %q", texts)
		}
	})
}

// Somebody owns the conversation of a customer who is erased.
func TestAnActOnAConversationThatIsErasedIsNotFound(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, d *desk) {
		d.says("+1", "person")
		synctest.Wait()
		id := d.row("+1").Conversation.ID
		d.erase("+1")
		if err := d.engine.Claim(t.Context(), id, "ana"); err == nil {
			t.Error("a conversation that is not there was claimed")
		}
		d.receipts(bot.Receipt{Message: bot.MessageID(id, 2), State: bot.StateRead})
		d.unknown("+1")
	})
}

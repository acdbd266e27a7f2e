package inbox

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func TestResolvingLeadsToTheNext(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	r := b.post("/inbox/c/c3lena/resolve-and-next?tab=mine", nil)
	wantStatus(t, r, http.StatusSeeOther)
	if to := r.Header.Get("Location"); to != "/inbox/c/c1maria?tab=mine" {
		t.Errorf("led to %s", to)
	}
	if got := d.row("c3lena").Conversation.Status; got != handoff.Resolved {
		t.Errorf("what was left is %s", got)
	}
	r = b.post("/inbox/c/c4omar/resolve-and-next", nil) // ben's
	wantStatus(t, r, http.StatusConflict)
	wantText(t, text(t, r), "Ben Ito has this conversation.")
	if got := d.row("c2jonas").Ticket.Agent; got != "" {
		t.Errorf("%q got the next one although nothing was resolved", got)
	}
}

func TestAnAnswerThatResolvesKeepsItsTextWhenItIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	const act = "/reply-and-resolve?part=conversation"
	r := b.post("/inbox/c/c6priya"+act, url.Values{"text": {"Dear Priya"}, "nonce": {"n"}})
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), "Not sent: the window is closed.", "Dear Priya</textarea>")
	r = b.post("/inbox/c/c3lena"+act, url.Values{"text": {"Here it is."}, "nonce": {"n"}})
	wantStatus(t, r, http.StatusOK)
	wantText(t, text(t, r), "Here it is.", "This conversation is resolved", "></textarea>")
}

func TestWhoIsLeftAndMayNotBeTakenIsTold(t *testing.T) {
	t.Parallel()
	for want, q := range map[string]queueView{
		"Nobody is waiting.": {},
		"":                   {Waiting: 3, Ahead: 1},
		"Nobody waits whom you can answer: the windows of those in the list are closed.":                                {Closed: 2},
		"Only one conversation is left, and it was put behind, as not all can be answered in time. Open it to take it.": {Waiting: 1, Closed: 1},
		"The 3 who are left were put behind, as not all can be answered in time. Open one to take it.":                  {Waiting: 3},
	} {
		if got := q.noNext(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// holding presses a key in a field while modifiers are held.
func holding(selector, key string, modifiers ...kb.Modifier) []step {
	return []step{chromedp.Focus(selector), chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...))}
}

func TestADayByKeys(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	for _, id := range []string{"c1", "c2"} {
		d.put(waiting(id))
		time.Sleep(time.Millisecond) // a place of its own
	}
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(url+"/inbox"), until(live),
		chromedp.KeyEvent("n"), chromedp.WaitVisible(`#conversation[data-conversation="c1"]`), until(live),
		chromedp.KeyEvent("E"), chromedp.WaitVisible(`#conversation[data-conversation="c2"]`), until(live),
		chromedp.SendKeys("#reply-text", "All done."),
	)
	page(holding("#reply-text", kb.Enter, chromedp.ModifierCtrl, chromedp.ModifierShift)...)
	page(
		until(`document.getElementById("status").innerText === "Resolved"`),
		until(`document.getElementById("reply-text").value === ""`),
		chromedp.KeyEvent("n"), until(`document.getElementById("notices").innerText.startsWith("Nobody waits")`),
	)
	for id, want := range map[string][]string{"c1": nil, "c2": {"All done."}} {
		row := d.row(id)
		if row.Conversation.Status != handoff.Resolved || len(d.replies(id)) != len(want) {
			t.Errorf("%s is %s, and got %q", id, row.Conversation.Status, d.replies(id))
		}
	}
	if m := d.message("c2", d.row("c2").Conversation.LastSeq); m.Author != bot.AuthorSystem {
		t.Errorf("the last line is %q", m.Text)
	}
}

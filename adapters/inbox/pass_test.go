package inbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func TestAConversationIsPassedOn(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	pass := func(id, to, note string) *http.Response {
		return b.post("/inbox/c/"+id+"/pass?tab=mine", url.Values{"to": {to}, "note": {note}})
	}
	wantStatus(t, pass("c3lena", " ben ITO ", "  Knows \n the case. "), http.StatusSeeOther)
	if got := d.row("c3lena").Ticket; got.Agent != "ben" || got.Note != "Knows the case." {
		t.Errorf("%q has it, with the note %q", got.Agent, got.Note)
	}
	wantText(t, text(t, b.get("/inbox/c/c3lena")), "Ana gave the conversation to Ben Ito: Knows the case.", "Ben Ito has this conversation.")
	ben := d.signedIn("ben")
	wantText(t, text(t, ben.get("/inbox?tab=mine")), `id="row-c3lena"`)
	wantStatus(t, ben.post("/inbox/c/c3lena/pass", url.Values{"to": {"supp"}}), http.StatusSeeOther)
	if got := d.row("c3lena").Ticket; got.Agent != "" || got.Queue != "support" || got.PromisedBy.IsZero() || got.Note != "Knows the case." {
		t.Errorf("in %s of %q, promised by %v, with the note %q", got.Queue, got.Agent, got.PromisedBy, got.Note)
	}
	wantText(t, text(t, b.get("/inbox/c/c3lena")), "Ben Ito passed the conversation to support<")
}

func TestWhatCannotBePassedOnSaysWhy(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	for _, c := range []struct {
		name, id, to, note string
		status             int
		says               string
	}{
		{"to nobody", "c1maria", " ", "", 422, "Say to whom: a colleague&#39;s name, or a queue&#39;s."},
		{"to a stranger", "c1maria", "<zoe>", "", 422, "no colleague and no queue is called “&lt;zoe&gt;”"},
		{"to its own queue", "c1maria", "support", "", 409, "The conversation waits in this queue already."},
		{"what ben has", "c4omar", "ana", "", 409, "Ben Ito has this conversation."},
		{"what is resolved", "c7done", "ben", "", 409, "not waiting for a person any more"},
		{"with a book", "c1maria", "ben", strings.Repeat("x", noteMax+1), 422, "this is too long"},
	} {
		r := b.post("/inbox/c/"+c.id+"/pass", url.Values{"to": {c.to}, "note": {c.note}})
		wantStatus(t, r, c.status)
		wantText(t, text(t, r), c.says)
	}
	if body := text(t, b.get("/inbox/c/c4omar")); strings.Contains(body, `id="pass"`) {
		t.Error("what a colleague has is offered to be passed on")
	}
}

func TestWhoIsMeantByAFewLetters(t *testing.T) {
	t.Parallel()
	all := []target{
		{agent: "ana", called: "Ana"},
		{agent: "ben", called: "Ben Ito"},
		{agent: "bill", called: "William"},
		{queue: "billing", called: "billing"},
		{queue: "ben", called: "ben"},
		{agent: "an", called: "Anton"},
	}
	for typed, want := range map[string]string{
		"ana": "Ana", "ANA ": "Ana", "be": "may be the colleague Ben Ito or the queue ben", "ben i": "Ben Ito", "bi": "billing",
		"bill": "William", "an": "Anton", "w": "William", "x": "is called “x”", "": "Say to whom",
	} {
		got, err := called(all, typed)
		if err != nil && !strings.Contains(err.Error(), want) || err == nil && got.called != want {
			t.Errorf("%q: %+v, %v, want %s", typed, got, err, want)
		}
	}
	if _, err := called(all, "ben"); err == nil {
		t.Error("a colleague and a queue are both called ben, and one of them was taken")
	}
}

// press is a key that the page takes for itself: chromedp.KeyEvent would also type
// it into what has the focus then, which no keyboard does.
func press(key string) step {
	return until(`(document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "` + key + `", bubbles: true, cancelable: true })), true)`)
}

func TestPassingOnByKeysIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	d, address, signIn := served(t)
	d.put(waiting("cjo"))
	browser := chromium(t)
	ana, ben := newTab(browser, t), newTab(chromium(t), t)
	ana(signIn...)
	ben(
		chromedp.Navigate(address+"/inbox/sign-in"), chromedp.SendKeys("#sign-in-name", "ben"), chromedp.SendKeys("#sign-in-password", "secret"),
		chromedp.Submit("#sign-in-name"), chromedp.WaitVisible("#queue"), chromedp.Navigate(address+"/inbox?tab=mine"), until(live),
		until(`document.getElementById("queue-empty") !== null`),
	)
	ana(
		chromedp.Navigate(address+"/inbox/c/cjo"), until(live), press("a"),
		until(`document.activeElement.id === "pass-to"`), chromedp.KeyEvent("be"),
	)
	d.hub.Publish(bot.Hint{Conversation: "cjo"}) // what comes meanwhile leaves the panel alone
	time.Sleep(time.Second)
	ana(
		until(`document.getElementById("pass").open && document.getElementById("pass-to").value === "be"`),
		chromedp.KeyEvent(kb.Enter), until(`document.getElementById("status").innerText === "Ben Ito"`),
	)
	ben(
		until(`document.getElementById("row-cjo") !== null`),
		until(`document.querySelector("#tab-mine .count").innerText === "1"`),
	)
	if got := d.row("cjo"); got.Conversation.Status != handoff.Assigned || got.Ticket.Agent != "ben" {
		t.Errorf("%s, owned by %q", got.Conversation.Status, got.Ticket.Agent)
	}
}

package inbox

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"frontdesk/handoff"
)

func TestAPriorityIsGivenAndShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	give := func(id, priority string) *http.Response {
		return b.post("/inbox/c/"+id+"/priority", url.Values{"priority": {priority}})
	}
	wantStatus(t, give("c2jonas", "urgent"), http.StatusSeeOther)
	if got := d.row("c2jonas").Ticket; got.Priority != handoff.Urgent {
		t.Errorf("it is %s", got.Priority)
	}
	body := text(t, b.get("/inbox/c/c2jonas"))
	wantText(t, body, `<span class="chip priority">Urgent</span>`, `id="has-priority">Urgent</span>`, "Ana set the priority to urgent",
		"Urgent, so it goes before others who have time; ", `value="urgent" aria-current="true">`)
	seq := d.row("c2jonas").Conversation.LastSeq
	wantStatus(t, give("c2jonas", "urgent"), http.StatusSeeOther) // as it is
	if got := d.row("c2jonas").Conversation.LastSeq; got != seq {
		t.Error("what changed nothing is told")
	}
	r := give("c2jonas", "now!")
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), "There is no such priority.")
	r = give("c4omar", "normal")
	wantStatus(t, r, http.StatusConflict)
	wantText(t, text(t, r), "Ben Ito has this conversation.")
}

func TestAPriorityByKeys(t *testing.T) {
	t.Parallel()
	d, address, signIn := served(t)
	d.put(waiting("cjo"))
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(address+"/inbox/c/cjo"), until(live), press("p"),
		until(`document.activeElement.innerText === "Normal"`), // as it is
		chromedp.KeyEvent("\t"), until(`document.activeElement.innerText === "High"`), chromedp.KeyEvent("\r"),
		until(`document.getElementById("has-priority")?.innerText === "High"`),
		until(`document.querySelector("#row-cjo .priority")?.innerText === "High"`),
	)
	if got := d.row("cjo").Ticket.Priority; got != handoff.High {
		t.Errorf("it is %s", got)
	}
}

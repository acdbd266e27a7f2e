package inbox

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chromedp/chromedp"

	"frontdesk/handoff"
)

func TestLabelsAreMadeByTypingAndFilterTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14 * time.Hour)
		d := newDesk(t, nil)
		d.putSamples(time.Now().UTC())
		b := d.signedIn("ana")
		label := func(id, field, name string) *http.Response {
			return b.post("/inbox/c/"+id+"/label?tab=all", url.Values{field: {name}})
		}
		for _, each := range [][2]string{{"c1maria", "  Late  DELIVERY "}, {"c1maria", "refund"}, {"c3lena", "refund"}, {"c3lena", "Café & more"}} {
			wantStatus(t, label(each[0], "label", each[1]), http.StatusSeeOther)
		}
		golden(t, "labelled.html", text(t, b.get("/inbox/c/c3lena?tab=label:refund")))
		body := text(t, b.get("/inbox?tab=label%3Acaf%C3%A9+%26+more"))
		wantText(t, body, `id="row-c3lena"`, `data-here="/inbox?tab=label%3Acaf%C3%A9&#43;%26&#43;more"`)
		if strings.Contains(body, `id="row-c1maria"`) {
			t.Error("who does not have the label is in its list")
		}
		wantStatus(t, label("c1maria", "off", "refund"), http.StatusSeeOther)
		if got := fmt.Sprint(d.row("c1maria").Conversation.Labels, d.row("c1maria").Ticket.Labels); got != "[late delivery] [late delivery]" {
			t.Errorf("the labels are %s", got)
		}
		wantText(t, text(t, b.get("/inbox/c/c1maria")), "Ana added the label late delivery", "Ana took off the label refund")
		wantText(t, text(t, b.get("/inbox?tab=label:nothing")), "Nothing that needs a person has the label nothing.")
		for name, says := range map[string]string{
			" ": "This cannot be a label", strings.Repeat("x", 41): "This cannot be a label",
		} {
			r := label("c1maria", "label", name)
			wantStatus(t, r, http.StatusUnprocessableEntity)
			wantText(t, text(t, r), says)
		}
		wantStatus(t, label("c4omar", "label", "refund"), http.StatusConflict)
	})
}

func TestALabelOutlivesItsTicket(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	wantStatus(t, b.post("/inbox/c/c3lena/label", url.Values{"label": {"vip"}}), http.StatusSeeOther)
	wantStatus(t, b.post("/inbox/c/c3lena/resolve", nil), http.StatusSeeOther)
	wantText(t, text(t, b.get("/inbox?tab=label:vip")), "Nothing that needs a person has the label vip.")
	wantText(t, text(t, b.get("/inbox/c/c3lena")), `<a class="label" href="/inbox?tab=label%3Avip">vip</a>`)
}

func TestTheLabelsMostUsedStandFirst(t *testing.T) {
	t.Parallel()
	counts := map[string]int{"rare": 1, "often": 7, "b": 3, "a": 3}
	for i := range labelsShown {
		counts[fmt.Sprint("some", i)] = 2
	}
	var got []string
	for _, link := range labelCounts(counts, "rare") {
		got = append(got, fmt.Sprintf("%s %d %t", link.Name, link.Count, link.Current))
	}
	want := "often 7 false, a 3 false, b 3 false, some0 2 false, some1 2 false, some2 2 false, some3 2 false, some4 2 false, rare 1 true"
	if strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

func TestLabellingByKeys(t *testing.T) {
	t.Parallel()
	d, address, signIn := served(t)
	d.put(waiting("cjo"))
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(address+"/inbox/c/cjo"), until(live), press("l"),
		until(`document.activeElement.id === "label-add"`), chromedp.KeyEvent("vip\r"),
		until(`document.getElementById("labels")?.innerText === "vip"`),
		until(`document.querySelector("#row-cjo .labels")?.innerText.trim() === "vip"`),
		chromedp.Click("#labels a"), chromedp.WaitVisible(`.queue-top .labels [aria-current]`), until(live),
		chromedp.Click("#row-cjo a"), chromedp.WaitVisible("#label-open"), until(live),
		until(`new URLSearchParams(location.search).get("tab") === "label:vip"`),
		chromedp.Click("#label-open"), chromedp.Click(`#label-form [name="off"]`), chromedp.WaitNotPresent("#labels"),
		chromedp.WaitVisible("#queue-empty"),
	)
	if got := d.row("cjo").Ticket; len(got.Labels) > 0 || got.Agent != "" || !got.Open() || got.Priority != handoff.Normal {
		t.Errorf("the ticket is %+v", got)
	}
}

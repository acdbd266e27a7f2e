package inbox

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

func TestASnoozedConversationHasATabOfItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14 * time.Hour) // Saturday, 2 pm
		d := newDesk(t, nil)
		d.putSamples(time.Now().UTC())
		b := d.signedIn("ana")
		b.cookies["frontdesk_zone"] = "Europe%2FBerlin"
		until := func(id, preset, field string) *http.Response {
			return b.post("/inbox/c/"+id+"/snooze", url.Values{"until": {preset}, "at": {field}})
		}
		wantStatus(t, until("c2jonas", "2000-01-01T15:00:00Z", ""), http.StatusSeeOther)
		wantStatus(t, until("c3lena", "at", "2000-01-01T20:30"), http.StatusSeeOther)
		wantStatus(t, until("c5none7f3a", "", ""), http.StatusSeeOther)
		for id, want := range map[string]string{"c2jonas": "15:00", "c3lena": "19:30", "c5none7f3a": "00:00"} {
			if row := d.row(id); !row.Ticket.Asleep || row.Ticket.WakeAt.Format("15:04") != want {
				t.Errorf("%s sleeps: %t, until %v, want %s", id, row.Ticket.Asleep, row.Ticket.WakeAt, want)
			}
		}
		body := text(t, b.get("/inbox?tab=snoozed"))
		wantText(t, body, `Snoozed <span class="count">3</span>`, `Mine <span class="count">1</span>`, `Unassigned <span class="count">1</span>`,
			`id="row-c2jonas"`, "Snoozed until 16:00, or until the customer writes", "Snoozed until 20:30", "Snoozed until the customer writes")
		golden(t, "snoozed.html", text(t, b.get("/inbox/c/c3lena?tab=snoozed")))
		wantStatus(t, b.post("/inbox/c/c3lena/unsnooze", nil), http.StatusSeeOther)
		if d.row("c3lena").Ticket.Asleep {
			t.Error("it sleeps on")
		}
	})
}

func TestASnoozeThatCannotBeSaysWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14 * time.Hour)
		d := newDesk(t, nil)
		d.putSamples(time.Now().UTC())
		b := d.signedIn("ana")
		for _, c := range []struct {
			name, id, until, at string
			status              int
			says                string
		}{
			{"past its deadline", "c1maria", "2000-01-03T09:00:00Z", "", 422, "Not snoozed: people must have answered by Sun 13:49 UTC."},
			{"who waits for an answer", "c1maria", "", "", 422, "Not snoozed: people must have answered by Sun 13:49 UTC."},
			{"a moment that is over", "c1maria", "2000-01-01T13:00:00Z", "", 422, "choose a moment that is still to come"},
			{"no moment", "c1maria", "at", "", 422, "choose a moment that is still to come"},
			{"nonsense", "c1maria", "<b>", "", 422, "choose a moment that is still to come"},
			{"a colleague's", "c4omar", "2000-01-01T15:00:00Z", "", 409, "Ben Ito has this conversation."},
			{"a resolved one", "c7done", "", "", 409, "not waiting for a person any more"},
		} {
			r := b.post("/inbox/c/"+c.id+"/snooze", url.Values{"until": {c.until}, "at": {c.at}})
			wantStatus(t, r, c.status)
			wantText(t, text(t, r), c.says)
		}
		sure := url.Values{"until": {"2000-01-03T09:00:00Z"}, "sure": {"yes"}}
		wantStatus(t, b.post("/inbox/c/c1maria/snooze", sure), http.StatusSeeOther)
	})
}

func TestThePresetsGoByTheQueuesHours(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14 * time.Hour) // Saturday
		d := newDesk(t, nil)
		d.putSamples(time.Now().UTC())
		v := viewer{now: time.Now(), zone: time.UTC}
		labels := func() (out []string) {
			for _, p := range d.inbox.snoozes(v, d.row("c1maria")).Presets {
				says := p.Label
				if p.Late {
					says += ", late"
				}
				out = append(out, says)
			}
			return out
		}
		want := []string{"Until the customer writes, late", "For an hour", "Until tomorrow 09:00 UTC", "Until Mon 3 Jan 09:00 UTC, late"}
		if diff := cmp.Diff(want, labels()); diff != "" {
			t.Errorf("on Saturday (-want +got):\n%s", diff)
		}
		d.inbox.Acts = office{d.inbox.Acts}
		want = []string{"Until the customer writes, late", "For an hour", "Until Mon 3 Jan 08:00 UTC, late"}
		if diff := cmp.Diff(want, labels()); diff != "" {
			t.Errorf("where nobody comes on Sundays (-want +got):\n%s", diff)
		}
	})
}

// office opens on Mondays at eight.
type office struct{ Acts }

func (office) Opens(_ string, from time.Time) time.Time {
	for from.Weekday() != time.Monday {
		from = from.AddDate(0, 0, 1)
	}
	return from.Add(8 * time.Hour)
}

func TestSnoozingByKeys(t *testing.T) {
	t.Parallel()
	d, address, signIn := served(t)
	d.put(waiting("cjo"))
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(address+"/inbox/c/cjo"), until(live), press("s"),
		until(`document.activeElement.innerText.startsWith("Until the customer writes")`),
		chromedp.KeyEvent("\r"), chromedp.WaitVisible("#unsnooze"),
		until(`document.querySelector("#tab-snoozed .count").innerText === "1"`),
		until(`!document.getElementById("snooze").open`),
		until(`document.getElementById("standing").innerText.includes("Snoozed until the customer writes")`),
		chromedp.Click("#unsnooze"), chromedp.WaitNotPresent("#unsnooze"),
	)
	if d.row("cjo").Ticket.Asleep {
		t.Error("it sleeps on")
	}
}

package inbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

func TestWhatAnAnswerCosts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	usd := func(micros int64) window.Amount { return window.Amount{Micros: micros, Currency: "USD", Known: true} }
	for _, c := range []struct {
		name       string
		q          window.Quote
		messages   int
		free       int
		total      window.Amount
		now, later string
	}{
		{
			"among the month's free ones",
			window.Quote{Price: window.Free(), FreeLeft: 412, Until: now.Add(20 * time.Minute), Later: usd(6800)},
			1, 1, window.Free(),
			"free, 412 left this month", "until 15:20, after that only a template, 0.0068 USD",
		},
		{"several of them", window.Quote{Price: window.Free(), FreeLeft: 2}, 2, 2, window.Free(), "2 messages, free, 2 left this month", ""},
		{"more than are left", window.Quote{Price: window.Free(), FreeLeft: 1}, 2, 1, usd(3400), "2 messages, 1 free, 0.0034 USD", ""},
		{"more than are left, at a price that nobody knows", window.Quote{Price: window.Free(), FreeLeft: 1}, 3, 1, window.Amount{}, "3 messages, 1 free, price unknown", ""},
		{"with a price", window.Quote{Price: usd(6800), FreeLeft: 0}, 1, 0, usd(6800), "0.0068 USD", ""},
		{"with the price of two", window.Quote{Price: usd(6800), FreeLeft: -1}, 2, 0, usd(13_600), "2 messages, 0.0136 USD", ""},
		{"unknown is not free", window.Quote{FreeLeft: -1, Until: now.Add(20 * time.Hour)}, 1, 0, window.Amount{}, "price unknown", "until Tue 11:00, after that only a template, price unknown"},
		{"two of unknown price", window.Quote{FreeLeft: -1}, 2, 0, window.Amount{}, "2 messages, price unknown", ""},
		{"free on the channel", window.Quote{Price: window.Free(), FreeLeft: -1}, 1, 1, window.Free(), "free", ""},
		{
			"free because of an advertisement",
			window.Quote{Price: window.Free(), FreeLeft: -1, FreeUntil: now.Add(72*time.Hour - 55*time.Minute), Came: window.StartAd},
			1, 1, window.Free(),
			"free until Thu 14:05, advertisement", "",
		},
		{
			"several, because of an advertisement",
			window.Quote{Price: window.Free(), FreeLeft: 3, FreeUntil: now.Add(time.Hour), Came: window.StartAd},
			2, 2, window.Free(),
			"2 messages, free until 16:00, advertisement", "",
		},
		{"not possible", window.Quote{Why: window.WhyClosed, FreeLeft: -1, Until: now.Add(-time.Hour)}, 1, 0, window.Amount{}, "", ""},
	} {
		v := viewer{now: now, zone: time.FixedZone("somewhere", 3600)}
		q := bot.Quote{Quote: c.q, Messages: c.messages, Free: c.free, Total: c.total}
		if got := v.nowCosts(q); got != c.now {
			t.Errorf("%s: %q, want %q", c.name, got, c.now)
		}
		if got := v.laterCosts(q, true); got != c.later {
			t.Errorf("%s: later %q, want %q", c.name, got, c.later)
		}
	}
	v := viewer{now: now, zone: time.UTC}
	q := bot.Quote{Quote: window.Quote{Price: window.Free(), Until: now.Add(26 * time.Hour)}}
	if got, want := v.laterCosts(q, false), "until Tue 16:00 UTC, after that not before the customer writes"; got != want {
		t.Errorf("later %q, want %q", got, want)
	}
}

func TestTheQuoteFollowsTheText(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	ask := func(id, text string) (q quoteView) {
		t.Helper()
		r := b.post("/inbox/c/"+id+"/quote", url.Values{"text": {text}})
		wantStatus(t, r, http.StatusOK)
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Fatal(err)
		}
		return q
	}
	wantText(t, text(t, b.get("/inbox/c/c3lena")), `id="quote" role="status" data-keep><b>`+ask("c3lena", "").Now+"</b>")
	if got := ask("c3lena", strings.Repeat("word ", 1000)).Now; !strings.HasPrefix(got, "2 messages, ") {
		t.Errorf("a long text: %q", got)
	}
	if got := ask("c6priya", "too late"); got.Now != "" || got.Later != "" {
		t.Errorf("in a window that is closed: %+v", got)
	}
	if got := ask("c5none7f3a", "hello"); got != (quoteView{Now: "free"}) {
		t.Errorf("on a channel of our own: %+v", got)
	}
	wantStatus(t, b.post("/inbox/c/nothing/quote", nil), http.StatusNotFound)
	wantStatus(t, b.post("/inbox/c/c3lena/quote", url.Values{"text": {strings.Repeat("x", textMax+1)}}), http.StatusUnprocessableEntity)
	wantStatus(t, d.browser().post("/inbox/c/c3lena/quote", nil), http.StatusUnauthorized)
}

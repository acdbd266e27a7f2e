package inbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

func TestEachPageLooksAsInItsGoldenFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14*time.Hour + 5*time.Minute) // the bubble begins at midnight; everybody is asleep then
		d := newDesk(t, nil)
		out := d.browser()
		golden(t, "sign-in.html", text(t, out.get("/inbox/sign-in?c=c1maria")))
		golden(t, "sign-in-wrong.html", text(t, out.post("/inbox/sign-in", url.Values{"name": {"ana"}, "password": {"no"}})))

		b := d.signedIn("ana")
		golden(t, "empty.html", text(t, b.get("/inbox")))
		d.putSamples(time.Now().UTC())
		golden(t, "unassigned.html", text(t, b.get("/inbox")))
		golden(t, "mine.html", text(t, b.get("/inbox?tab=mine")))
		golden(t, "all.html", text(t, b.get("/inbox?tab=all")))
		for _, id := range []string{"c1maria", "c3lena", "c4omar", "c5none7f3a", "c6priya", "c7done", "c8bot", "c9nora"} {
			golden(t, "conversation-"+id+".html", text(t, b.get("/inbox/c/"+id+"?tab=all&part=conversation")))
		}
		d.put(unsent(time.Now().UTC(), 25*time.Hour))
		golden(t, "conversation-c10mila.html", text(t, b.get("/inbox/c/c10mila?part=conversation")))
		r := b.get("/inbox/c/nothing")
		wantStatus(t, r, http.StatusNotFound)
		golden(t, "not-found.html", text(t, r))
	})
}

func TestHostileWordsAreShownAsWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *Config) { c.Business = func() string { return "<script>alert(3)</script>" } })
	d.put(hostile(time.Now().UTC()))
	b := d.signedIn("ana")
	for _, path := range []string{"/inbox", "/inbox/c/chostile", "/inbox/sign-in?c=%22%3E%3Cscript%3E", "/inbox/c/%22%3E%3Cscript%3Ealert"} {
		noAttack(t, text(t, b.get(path)))
	}
	r := b.post("/inbox/c/chostile/reply", url.Values{"text": {`</textarea><script>alert(4)</script>`}})
	wantStatus(t, r, http.StatusConflict)
	body := text(t, r)
	noAttack(t, body)
	wantText(t, body, "&lt;/textarea&gt;")
}

func TestEveryPageCarriesItsProtection(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	b := d.browser()
	for _, path := range []string{"/inbox", "/inbox/sign-in", "/inbox/c/x"} {
		h := b.get(path).Header
		if got := h.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'; script-src 'self'; style-src 'self'") ||
			!strings.Contains(got, "frame-ancestors 'none'") || strings.Contains(got, "unsafe") {
			t.Errorf("%s: Content-Security-Policy %q", path, got)
		}
		if got := h.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
	}
	if body := text(t, d.signedIn("ana").get("/inbox")); strings.Contains(body, "<style") || strings.Contains(body, " style=") || strings.Contains(body, " onclick") {
		t.Error("the page has inline style or code, which its policy refuses")
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	for _, name := range []string{"base.css", "inbox.css", "inbox.js", "stream.js", "icon.svg"} {
		address, err := d.inbox.assets.URL(name)
		if err != nil {
			t.Fatal(err)
		}
		r := d.browser().get(address)
		wantStatus(t, r, http.StatusOK)
		if got := r.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
	}
	wantStatus(t, d.browser().get("/inbox/static/inbox.0000000000000000.js"), http.StatusNotFound)
}

func TestTimesAreInTheAgentsOwnZone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(22*time.Hour + 30*time.Minute)
		d := newDesk(t, nil)
		d.putSamples(time.Now().UTC())
		b := d.signedIn("ana")
		for zone, want := range map[string]string{
			"":                   `>22:29</time>`,
			"Europe%2FBerlin":    `>23:29</time>`,
			"..%2F..%2Fetc":      `>22:29</time>`,
			"Local":              `>22:29</time>`,
			"Nowhere%2FAtAll":    `>22:29</time>`,
			"America%2FNew_York": `>17:29</time>`,
		} {
			b.cookies["frontdesk_zone"] = zone
			wantText(t, text(t, b.get("/inbox/c/c8bot")), want)
		}
	})
}

func TestALongConversationShowsItsEndFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC().Add(-time.Hour)
	s := sample{id: "clong", name: "Lo", channel: "whatsapp", status: handoff.Bot}
	for i := range 450 {
		s.messages = append(s.messages, said(now.Add(time.Duration(i)*time.Second), "line "+itoa(uint64(i+1))+"."))
	}
	d.put(s)
	b := d.signedIn("ana")
	for _, c := range []struct{ path, first, before, earlier string }{
		{"/inbox/c/clong", ">line 251.<", ">line 250.<", "from=51#m-251\""},
		{"/inbox/c/clong?from=51", ">line 51.<", ">line 50.<", "from=1#m-51\""},
		{"/inbox/c/clong?from=1", ">line 1.<", "", ""},
		{"/inbox/c/clong?from=99999", ">line 251.<", ">line 250.<", "from=51#m-251\""},
		{"/inbox/c/clong?from=x", ">line 251.<", ">line 250.<", "from=51#m-251\""},
	} {
		body := text(t, b.get(c.path))
		wantText(t, body, c.first, ">line 450.<", c.earlier)
		if c.before != "" && strings.Contains(body, c.before) {
			t.Errorf("%s shows %q", c.path, c.before)
		}
		if c.earlier == "" && strings.Contains(body, `id="earlier"`) {
			t.Errorf("%s offers earlier messages than the first", c.path)
		}
	}
}

func TestMessagesThatAreNotKeptAnyMoreAreNotOffered(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC()
	s := sample{id: "clong", name: "Lo", channel: "whatsapp", status: handoff.Bot}
	for i := range 450 {
		s.messages = append(s.messages, said(now.Add(time.Duration(i-300)*24*time.Hour), "line "+itoa(uint64(i+1))+"."))
	}
	d.put(s)
	for from := bot.Cursor(""); ; { // in steps
		_, next, err := d.store.Sweep(t.Context(), now, bot.Retention{Keep: bot.Keep{Messages: 100*24*time.Hour + time.Hour}}, from)
		if err != nil {
			t.Fatal(err)
		}
		if from = next; from == "" {
			break
		}
	}
	b := d.signedIn("ana")
	wantText(t, text(t, b.get("/inbox/c/clong")), ">line 251.<", "from=51#m-251\"")
	for _, path := range []string{"?from=51", "?from=201", "?from=1", "?from=2"} {
		body := text(t, b.get("/inbox/c/clong"+path))
		wantText(t, body, ">line 201.<", ">line 450.<")
		if strings.Contains(body, ">line 200.<") || strings.Contains(body, `id="earlier"`) {
			t.Errorf("%s offers what is not kept any more", path)
		}
	}
	wantText(t, text(t, b.get("/inbox/c/clong?from=202")), ">line 202.<", `id="earlier"`)
}

func TestAddress(t *testing.T) {
	t.Parallel()
	user := bot.Alias{Channel: "whatsapp", Kind: "user_id", Value: "GB.7H2K"}
	number := bot.Alias{Channel: "whatsapp", Kind: "phone", Value: "447700900123"}
	for _, c := range []struct {
		name       string
		aliases    []bot.Alias
		channel    string
		want, call string
	}{
		{"a phone number before an id", []bot.Alias{user, number}, "whatsapp", "+447700900123", "+447700900123"},
		{"an id alone", []bot.Alias{user}, "whatsapp", "GB.7H2K", "GB.7H2K"},
		{"a number that has its plus", []bot.Alias{{Channel: "sms", Kind: "phone", Value: "+44 7700"}}, "sms", "+44 7700", "+44 7700"},
		{"a page's own id", []bot.Alias{{Channel: "messenger", Kind: "psid", Value: "2451"}}, "messenger", "2451", "2451"},
		{"nothing of another channel", []bot.Alias{number}, "messenger", "", "Customer …7f3a"},
		{"nothing of a visitor", []bot.Alias{{Channel: "webchat", Kind: "visitor", Value: "0123456789abcdef"}}, "webchat", "", "Customer …7f3a"},
		{"nothing at all", nil, "whatsapp", "", "Customer …7f3a"},
	} {
		contact := bot.Contact{ID: "c7f3a", Aliases: c.aliases}
		if got, _ := address(contact, c.channel); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if got := customer(contact, c.channel); got != c.call {
			t.Errorf("%s: called %q, want %q", c.name, got, c.call)
		}
		contact.Name = "Ana \n Li"
		if got := customer(contact, c.channel); got != "Ana Li" {
			t.Errorf("%s: called %q", c.name, got)
		}
	}
}

func TestWhoHasNoNameIsCalledByTheNumber(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	s := stale("cnameless", time.Now().UTC())
	s.name = ""
	d.put(s)
	number, _ := address(d.row("cnameless").Contact, "whatsapp")
	if !strings.HasPrefix(number, "+49") {
		t.Fatalf("the number is %q", number)
	}
	shown := strings.ReplaceAll(number, "+", "&#43;")
	body := text(t, d.signedIn("ana").get("/inbox/c/cnameless"))
	wantText(t, body, `<span class="row-name">`+shown, `<h1>`+shown, `title="Phone number">`+shown+`</bdi>`)
}

func TestAPausedChannelIsToldWithTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(11 * time.Hour)
		paused := map[string]time.Time{}
		d := newDesk(t, func(c *Config) { c.Paused = func() map[string]time.Time { return paused } })
		d.putSamples(time.Now().UTC())
		b := d.signedIn("ana")
		if body := text(t, b.get("/inbox")); strings.Contains(body, "Nothing is sent") {
			t.Error("a pause is told where none is")
		}
		now := time.Now()
		paused["whatsapp"], paused["messenger"], paused["sms"] = now.Add(94*time.Minute), now.Add(30*time.Hour), now
		for _, path := range []string{"/inbox", "/inbox?part=queue", "/inbox/c/c3lena"} {
			body := text(t, b.get(path))
			wantText(t, body,
				"Nothing is sent on <b>whatsapp</b> until 12:34 UTC: the platform refuses the account or asks to wait. Nothing is lost.",
				"Nothing is sent on <b>messenger</b> until Sun 17:00 UTC:")
			if strings.Contains(body, "<b>sms</b>") {
				t.Error("a pause is told that is over")
			}
		}
		b.cookies["frontdesk_zone"] = "Europe%2FBerlin"
		wantText(t, text(t, b.get("/inbox")), "<b>whatsapp</b> until 13:34: ")
	})
}

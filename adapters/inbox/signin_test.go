package inbox

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/handoff"
)

func credentials(name, password string) url.Values {
	return url.Values{"name": {name}, "password": {password}}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	b := d.browser()
	r := b.get("/inbox")
	wantStatus(t, r, http.StatusSeeOther)
	if to := r.Header.Get("Location"); to != "/inbox/sign-in" {
		t.Errorf("led to %s", to)
	}
	r = b.post("/inbox/sign-in", credentials(" ANA ", "secret"))
	wantStatus(t, r, http.StatusSeeOther)
	cookies := r.Cookies()
	if len(cookies) == 0 {
		t.Fatal("no cookie")
	}
	c := cookies[len(cookies)-1]
	if c.Name != "frontdesk_session" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/inbox" || c.MaxAge != 12*3600 {
		t.Errorf("cookie %+v", c)
	}
	if _, err := d.store.Session(t.Context(), c.Value); err == nil {
		t.Error("the token itself is in the store")
	}
	wantStatus(t, b.get("/inbox"), http.StatusOK)
	r = b.get("/inbox/sign-in?c=c1")
	if to := r.Header.Get("Location"); to != "/inbox/c/c1" {
		t.Errorf("a second sign-in led to %q", to)
	}
	thief := d.browser()
	thief.cookies[sessionCookie] = c.Value
	wantStatus(t, b.post("/inbox/sign-out", nil), http.StatusSeeOther)
	wantStatus(t, thief.get("/inbox"), http.StatusSeeOther)
}

func TestSignInRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	if err := d.store.SaveAgent(t.Context(), handoff.Agent{Name: "new"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, user, password string }{
		{"a wrong password", "ana", "Secret"},
		{"no password", "ana", ""},
		{"an unknown name", "eve", "secret"},
		{"no name", "", ""},
		{"an agent without a password", "new", ""},
		{"an endless name", strings.Repeat("a", 10_000), "secret"},
		{"the name of a bucket", "\x00", "secret"},
	} {
		b := d.browser()
		r := b.post("/inbox/sign-in", credentials(c.user, c.password))
		if r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", c.name, r.Status)
		}
		if b.cookies[sessionCookie] != "" {
			t.Errorf("%s: signed in", c.name)
		}
		if body := text(t, r); !strings.Contains(body, "do not belong together") {
			t.Errorf("%s: another answer than the others:\n%s", c.name, body)
		}
	}
	if log := d.log.String(); strings.Contains(log, "secret") || strings.Contains(log, "Secret") {
		t.Errorf("the log holds a password:\n%s", log)
	}
}

func TestSignInLeadsOnlyToConversations(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	for _, to := range []string{"//evil.example", "https://evil.example", `\\evil.example`, "/../../evil", "?x=https://evil.example", "\r\nLocation: https://evil.example"} {
		form := credentials("ana", "secret")
		form.Set("c", to)
		got := d.browser().post("/inbox/sign-in", form).Header.Get("Location")
		u, err := url.Parse(got)
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.EscapedPath(), "/inbox/c/") || strings.Contains(strings.TrimPrefix(u.EscapedPath(), "/inbox/c/"), "/") {
			t.Errorf("%q leads to %q", to, got)
		}
	}
}

func TestASessionIsNewAtEachSignIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	b := d.browser()
	b.cookies[sessionCookie] = "PLANTEDBYSOMEBODYELSEAAAAA"
	b.post("/inbox/sign-in", credentials("ana", "secret"))
	first := b.cookies[sessionCookie]
	if first == "" || first == "PLANTEDBYSOMEBODYELSEAAAAA" {
		t.Fatalf("the token is %q", first)
	}
	planted := d.browser()
	planted.cookies[sessionCookie] = "PLANTEDBYSOMEBODYELSEAAAAA"
	wantStatus(t, planted.get("/inbox"), http.StatusSeeOther)

	b.post("/inbox/sign-in", credentials("ben", "secret"))
	if b.cookies[sessionCookie] == first {
		t.Error("the second sign-in kept the token")
	}
	old := d.browser()
	old.cookies[sessionCookie] = first
	wantStatus(t, old.get("/inbox"), http.StatusSeeOther)
}

func TestASessionEndsAfterTwelveHours(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil)
		d.putSamples(time.Now().UTC())
		b := d.signedIn("ana")
		for range 12 {
			time.Sleep(time.Hour - time.Second)
			wantStatus(t, b.get("/inbox"), http.StatusOK) // does not make it longer
		}
		time.Sleep(12 * time.Second)
		r := b.get("/inbox/c/c3lena")
		wantStatus(t, r, http.StatusSeeOther)
		if to := r.Header.Get("Location"); to != "/inbox/sign-in?c=c3lena" {
			t.Errorf("led to %s", to)
		}
		wantStatus(t, b.get("/inbox?part=queue"), http.StatusUnauthorized)
		wantStatus(t, b.get("/inbox/events"), http.StatusUnauthorized)
		r = b.post("/inbox/c/c3lena/reply", url.Values{"text": {"Half an hour of typing <b>"}})
		wantStatus(t, r, http.StatusUnauthorized)
		wantText(t, text(t, r), "Half an hour of typing &lt;b&gt;</textarea>", `name="c" value="c3lena"`)
	})
}

func TestAnAgentWithoutAccountIsSignedOut(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	b := d.browser()
	b.cookies[sessionCookie] = "TOKEN"
	s := handoff.Session{TokenHash: hashToken("TOKEN"), Agent: "gone", ExpiresAt: time.Now().Add(time.Hour)}
	if err := d.store.SaveSession(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, b.get("/inbox"), http.StatusSeeOther)
}

func TestGuessingIsSlowedDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		address := "192.0.2.1"
		d := newDesk(t, func(c *Config) { c.Client = func(*http.Request) string { return address } })
		for range pairTries {
			wantStatus(t, d.browser().post("/inbox/sign-in", credentials("ana", "guess")), http.StatusUnauthorized)
		}
		r := d.browser().post("/inbox/sign-in", credentials("ana", "secret"))
		wantStatus(t, r, http.StatusTooManyRequests)
		if got := r.Header.Get("Retry-After"); got != "6" {
			t.Errorf("Retry-After %q", got)
		}
		wantText(t, text(t, r), "Wait 6 seconds and try again.", `value="ana"`)
		// Neither others at the address nor ana elsewhere are kept out.
		wantStatus(t, d.browser().post("/inbox/sign-in", credentials("ben", "secret")), http.StatusSeeOther)
		address = "198.51.100.7"
		wantStatus(t, d.browser().post("/inbox/sign-in", credentials("ana", "secret")), http.StatusSeeOther)
		address = "192.0.2.1"
		time.Sleep(pairEvery)
		wantStatus(t, d.browser().post("/inbox/sign-in", credentials(" ANA", "secret")), http.StatusSeeOther)
	})
}

func TestTries(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name          string
		address, user func(i int) string
		allowed       int
		wait          time.Duration
	}{
		{"one name from one place", func(int) string { return "a" }, func(int) string { return "ana" }, pairTries, pairEvery},
		{"an endless name is one name", func(int) string { return "a" }, func(i int) string { return strings.Repeat("x", nameMax+i) }, pairTries, pairEvery},
		{"many names from one place", func(int) string { return "a" }, strconv.Itoa, addressTries, addressEvery},
		{"one name from many places", strconv.Itoa, func(int) string { return "ana" }, nameTries, nameEvery},
	} {
		tries, allowed := newTries(), 0
		for {
			wait, ok := tries.take(c.address(allowed), c.user(allowed), now)
			if !ok {
				if wait != c.wait {
					t.Errorf("%s: wait %v, want %v", c.name, wait, c.wait)
				}
				break
			}
			allowed++
		}
		if allowed != c.allowed {
			t.Errorf("%s: %d tries at once, want %d", c.name, allowed, c.allowed)
		}
		if _, ok := tries.take(c.address(allowed), c.user(allowed), now.Add(c.wait)); !ok {
			t.Errorf("%s: refused after the wait", c.name)
		}
	}
}

func TestOnePlaceCannotKeepANameOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	tries := newTries()
	for i := range 24 * 60 * 60 {
		tries.take("attacker", "ana", now.Add(time.Duration(i)*time.Second))
	}
	if wait, ok := tries.take("office", "ana", now.Add(24*time.Hour)); !ok {
		t.Errorf("ana has to wait %v", wait)
	}
}

func TestFewPasswordsAreHashedAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	for range hashesAtOnce {
		d.inbox.hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.inbox.verify(ctx, cheapHash, "secret"); !errors.Is(err, context.Canceled) {
		t.Errorf("did not wait: %v", err)
	}
	<-d.inbox.hashing
	if ok, err := d.inbox.verify(t.Context(), cheapHash, "secret"); !ok || err != nil {
		t.Errorf("did not go on: %v, %v", ok, err)
	}
}

// broken is a store of sessions whose disk is gone.
type broken struct{ Sessions }

func (broken) Session(context.Context, string) (handoff.Session, error) {
	return handoff.Session{}, errors.New("reading /var/lib/frontdesk.db: disk on fire")
}

func TestAFaultOfOursIsLoggedAndToldInNoDetail(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *Config) { c.Sessions = broken{c.Sessions} })
	b := d.browser()
	b.cookies[sessionCookie] = "TOKEN"
	r := b.do(httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/inbox", nil))
	wantStatus(t, r, http.StatusInternalServerError)
	if body := text(t, r); strings.Contains(body, "fire") || strings.Contains(body, "/var") {
		t.Errorf("the answer tells details:\n%s", body)
	}
	if !strings.Contains(d.log.String(), "disk on fire") {
		t.Error("the log does not tell what happened")
	}
}

package webchat

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
)

func wantSaid(t testing.TB, got talk, want ...string) {
	t.Helper()
	if !slices.Equal(got.said(), want) {
		t.Errorf("said %q, want %q", got.said(), want)
	}
}

const (
	greeting = "bot: Hi, how can we help?"
	// What is said one after the other is one message.
	prices = "bot: Bikes from 499 euro.\nAll prices: https://bella.example/prices.\n\nHi, how can we help?"
)

func TestAVisitorTalksToTheBotAndToAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil)
		d.run()
		v := d.visit()
		if first := v.talk(""); first.Started || len(first.Messages) != 0 {
			t.Errorf("before the first message: %+v", first)
		}
		wantStatus(t, v.send(posted{ID: uuid(1), Text: "Hi"}), http.StatusOK)
		synctest.Wait()
		said := v.talk("0")
		wantSaid(t, said, "customer: Hi", greeting)
		menu := said.Messages[1]
		if said.Messages[0].ID != uuid(1) || len(menu.Choices) != 2 || said.Waiting || said.Next != menu.Seq {
			t.Errorf("%+v", said)
		}
		wantStatus(t, v.send(posted{ID: uuid(2), Choice: menu.Choices[0].ID, Message: menu.Seq}), http.StatusOK)
		synctest.Wait()
		more := v.talk("2")
		wantSaid(t, more, "customer: Prices", prices)
		wantStatus(t, v.send(posted{ID: uuid(3), Text: "a human please"}), http.StatusOK)
		synctest.Wait()
		d.agentSays("Hello!")
		synctest.Wait()
		all := v.talk("0").said()
		if got := all[len(all)-1]; got != "Ana: Hello!" {
			t.Errorf("the last line is %q", got)
		}
		for _, line := range all {
			if strings.Contains(line, "took the conversation") {
				t.Errorf("a note is shown: %q", line)
			}
		}
		// A reload, or the browser tomorrow: only the cookie is left.
		again := &visitorAt{d: d, token: v.token}
		wantText(t, text(t, again.get("/chat")), `<p class="by">Ana</p>`, "Hello!", `href="https://bella.example/prices"`)
		if d.visit().talk("0").Started {
			t.Error("another visitor sees the conversation")
		}
	})
}

func TestTheSameMessageTwiceIsOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v, other := d.visit(), d.visit()
	for range 3 {
		wantStatus(t, v.send(posted{ID: uuid(1), Text: "Hi"}), http.StatusOK)
	}
	wantSaid(t, v.talk("0"), "customer: Hi")
	// Nobody uses up the id of somebody else's message.
	wantStatus(t, other.send(posted{ID: uuid(1), Text: "Hello"}), http.StatusOK)
	wantSaid(t, other.talk("0"), "customer: Hello")
}

func TestWhatIsNotSentYetIsNotShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil) // nothing sends
	v := d.visit()
	wantStatus(t, v.send(posted{ID: uuid(1), Text: "human"}), http.StatusOK)
	said := v.talk("0")
	wantSaid(t, said, "customer: human")
	if !said.Waiting || said.Next != 1 {
		t.Errorf("the page would not ask again for what waits: %+v", said)
	}
	d.agentSays("Hello!") // the takeover cancels what the bot wanted to say
	d.run()
	d.settled(v)
	wantSaid(t, v.talk("1"), "Ana: Hello!")
}

func TestWithoutJavaScript(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14*time.Hour + 5*time.Minute)
		d := newDesk(t, nil)
		d.run()
		v := &visitorAt{d: d}
		golden(t, "empty.html", text(t, v.get("/chat")))
		r := v.submit(url.Values{"id": {uuid(1)}, "text": {"Hi"}})
		wantStatus(t, r, http.StatusSeeOther)
		if to := r.Header.Get("Location"); to != "/chat#end" {
			t.Errorf("led to %s", to)
		}
		// The bot's answer is there when the page is loaded again.
		golden(t, "talk.html", text(t, v.get("/chat")))
		wantStatus(t, v.submit(url.Values{"id": {uuid(2)}, "choice": {"main.menu:Prices"}, "message": {"2"}}), http.StatusSeeOther)
		wantSaid(t, v.talk("0"), "customer: Hi", greeting, "customer: Prices", prices)
		r = v.submit(url.Values{"id": {uuid(3)}, "text": {" "}})
		wantStatus(t, r, http.StatusUnprocessableEntity)
		golden(t, "refused.html", text(t, r))
	})
}

func TestAFormDoesNotWaitLongForTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil) // nothing sends
		v := d.visit()
		begun := time.Now()
		wantStatus(t, v.submit(url.Values{"id": {uuid(1)}, "text": {"Hi"}}), http.StatusSeeOther)
		if took := time.Since(begun); took != settleWithin {
			t.Errorf("took %v", took)
		}
	})
}

func TestARefusedMessageKeepsItsText(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v := d.visit()
	long := strings.Repeat("x", textMax+1)
	r := v.submit(url.Values{"id": {uuid(1)}, "text": {long}})
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), "Your message has 4001 characters; 4000 fit.", long+"</textarea>")
	r = v.send(posted{ID: uuid(1), Text: long})
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), `{"error":"Your message has 4001 characters`)
	wantStatus(t, v.send(posted{ID: uuid(1), Text: strings.Repeat("x", bodyLimit)}), http.StatusRequestEntityTooLarge)
	for _, p := range []posted{
		{ID: uuid(1), Choice: "main.menu:Prices", Message: 1}, // nothing was said
		{ID: uuid(1), Choice: "main.menu:Prices", Message: 1 << 63},
	} {
		wantStatus(t, v.send(p), http.StatusUnprocessableEntity)
	}
	wantStatus(t, v.send(posted{ID: uuid(2), Text: "Hi"}), http.StatusOK)
	wantStatus(t, v.send(posted{ID: uuid(3), Choice: "main.menu:Prices", Message: 1}), http.StatusUnprocessableEntity) // the visitor's own
	wantStatus(t, v.send(posted{ID: uuid(3), Choice: "main.menu:Prices", Message: 2}), http.StatusUnprocessableEntity) // not sent yet
	d.run()
	d.settled(v)
	wantStatus(t, v.send(posted{ID: uuid(3), Choice: "main.menu:Forged", Message: 2}), http.StatusUnprocessableEntity)
	wantStatus(t, v.send(posted{ID: uuid(3), Choice: "main.menu:Prices", Message: 2}), http.StatusOK)

	stranger := &visitorAt{d: d}
	r = stranger.submit(url.Values{"id": {uuid(1)}, "text": {"Hello?"}})
	wantStatus(t, r, http.StatusForbidden)
	wantText(t, text(t, r), "needs a cookie", "Hello?</textarea>")
	if stranger.token == "" {
		t.Error("gave no cookie for the next try")
	}
}

func TestTooMuchAtOnceIsSlowedDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil)
		v := d.visit()
		for i := range visitorBurst {
			wantStatus(t, v.send(posted{ID: uuid(byte(i)), Text: "Hi"}), http.StatusOK)
		}
		r := v.submit(url.Values{"id": {uuid(99)}, "text": {"one more"}})
		wantStatus(t, r, http.StatusTooManyRequests)
		if got := r.Header.Get("Retry-After"); got != "2" {
			t.Errorf("Retry-After %q", got)
		}
		wantText(t, text(t, r), "one more</textarea>", "Wait 2 s, then send it again")
		wantStatus(t, d.visit().send(posted{ID: uuid(1), Text: "Hi"}), http.StatusOK) // somebody else
		time.Sleep(visitorEvery)
		wantStatus(t, v.send(posted{ID: uuid(99), Text: "one more"}), http.StatusOK)

		for range addressBurst { // new cookies do not help
			d.visit().send(posted{ID: uuid(1), Text: "Hi"})
		}
		wantStatus(t, d.visit().send(posted{ID: uuid(1), Text: "Hi"}), http.StatusTooManyRequests)
	})
}

func TestTheCookie(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v := &visitorAt{d: d}
	cookies := v.get("/chat").Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	c := cookies[0]
	if c.Name != "frontdesk_visitor" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 365*24*3600 || c.Path != "/chat" {
		t.Errorf("cookie %+v", c)
	}
	v.send(posted{ID: uuid(1), Text: "Hi"})
	s, err := d.store.Load(t.Context(), bot.Lookup{Channel: "webchat", Aliases: []bot.Alias{visitorOf(c.Value).alias("webchat")}})
	if err != nil || s.Conversation.ID == "" {
		t.Fatalf("%+v, %v", s, err)
	}
	for _, a := range s.Contact.Aliases {
		if strings.Contains(a.Value, c.Value) {
			t.Error("the token itself is in the store")
		}
	}
	for _, token := range []string{"", "x", strings.ToLower(c.Value), string(visitorOf(c.Value)), c.Value + "A"} {
		forged := &visitorAt{d: d, token: token}
		if forged.talk("0").Started {
			t.Errorf("%q sees the conversation", token)
		}
		forged.get("/chat")
		if forged.token == token || !tokenShape.MatchString(forged.token) {
			t.Errorf("%q was kept as %q", token, forged.token)
		}
	}
}

func TestAnotherSitesFormIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v := d.visit()
	r := v.request("application/x-www-form-urlencoded", url.Values{"id": {uuid(1)}, "text": {"Hi"}}.Encode())
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	wantStatus(t, v.do(r), http.StatusForbidden)
	if v.talk("0").Started {
		t.Error("it was taken")
	}
}

func TestHostileWordsAreShownAsWords(t *testing.T) {
	t.Parallel()
	const attack = `"><script>alert(1)</script>`
	d := newDesk(t, func(c *Config) { c.Business = func() string { return attack } })
	v := d.visit()
	wantStatus(t, v.send(posted{ID: uuid(1), Text: attack}), http.StatusOK)
	for _, body := range []string{
		text(t, v.get("/chat")),
		text(t, v.submit(url.Values{"id": {"no"}, "text": {"</textarea>" + attack}})),
	} {
		if strings.Contains(body, "<script>alert") {
			t.Errorf("the page holds the attack unescaped:\n%s", body)
		}
	}
	r := v.get("/chat/messages")
	if got := r.Header.Get("Content-Type"); got != "application/json" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("JSON as %q", got)
	}
}

func TestEveryAnswerCarriesItsProtection(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v := d.visit()
	for path, status := range map[string]int{
		"/chat": http.StatusOK, "/chat/messages": http.StatusOK, "/chat/messages?after=x": http.StatusBadRequest,
		"/chat/events": http.StatusNoContent, "/chat/nothing": http.StatusNotFound,
	} {
		r := v.get(path)
		wantStatus(t, r, status)
		if got := r.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'") || !strings.Contains(got, "frame-ancestors 'self'") {
			t.Errorf("%s: Content-Security-Policy %q", path, got)
		}
	}
	for _, name := range []string{"base.css", "chat.css", "chat.js", "stream.js", "icon.svg"} {
		address, err := d.chat.assets.URL(name)
		if err != nil {
			t.Fatal(err)
		}
		wantStatus(t, v.get(address), http.StatusOK)
	}
}

func TestAFaultOfOursLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	v := d.visit()
	d.broken.Store(true)
	r := v.submit(url.Values{"id": {uuid(1)}, "text": {"very private"}})
	wantStatus(t, r, http.StatusServiceUnavailable)
	body := text(t, r)
	wantText(t, body, "very private</textarea>", "try again in a moment")
	if strings.Contains(body, "fire") {
		t.Error("the answer tells details")
	}
	if log := d.log.String(); !strings.Contains(log, "disk on fire") || strings.Contains(log, "very private") {
		t.Errorf("the log is %q", log)
	}
	d.broken.Store(false)
	wantStatus(t, v.send(posted{ID: uuid(1), Text: "very private"}), http.StatusOK)
	wantSaid(t, v.talk("0"), "customer: very private")
}

func TestEventsTellOnlyOfTheVisitorsOwnConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil)
		v, other := d.visit(), d.visit()
		wantStatus(t, v.send(posted{ID: uuid(1), Text: "Hi"}), http.StatusOK)
		var body string
		ended := make(chan struct{})
		stream := &visitorAt{d: d, token: v.token}
		go func() {
			defer close(ended)
			body = text(t, stream.get("/chat/events"))
		}()
		synctest.Wait()
		wantStatus(t, other.send(posted{ID: uuid(1), Text: "Hi"}), http.StatusOK)
		synctest.Wait()
		wantStatus(t, v.send(posted{ID: uuid(2), Text: "Hi"}), http.StatusOK)
		synctest.Wait()
		d.stop() // the server stops
		<-ended
		if want := "retry: 2000\nevent: hello\ndata: {}\n\nevent: hint\ndata: {}\n\n"; body != want {
			t.Errorf("the stream was %q, want %q", body, want)
		}
	})
}

func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil)
		v := d.visit()
		wantStatus(t, v.send(posted{ID: uuid(1), Text: "Hi"}), http.StatusOK)
		ctx, leave := context.WithCancel(t.Context())
		var open sync.WaitGroup
		stream := func(ctx context.Context, address string) *http.Response {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/chat/events", nil)
			r.RemoteAddr = address
			return (&visitorAt{d: d, token: v.token}).do(r)
		}
		for range addressStreams {
			open.Go(func() { stream(ctx, "192.0.2.1:5000") })
		}
		synctest.Wait()
		r := stream(ctx, "192.0.2.1:6000")
		wantStatus(t, r, http.StatusTooManyRequests)
		if got := r.Header.Get("Retry-After"); got != "5" {
			t.Errorf("Retry-After %q", got)
		}
		open.Go(func() { wantStatus(t, stream(ctx, "198.51.100.7:5000"), http.StatusOK) })
		synctest.Wait()
		leave()
		open.Wait()
		again, end := context.WithCancel(t.Context())
		open.Go(func() { wantStatus(t, stream(again, "192.0.2.1:7000"), http.StatusOK) })
		synctest.Wait()
		end()
		open.Wait()
	})
}

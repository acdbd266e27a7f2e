package inbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

func (d *desk) row(id string) bot.Row {
	d.t.Helper()
	row, err := d.store.Conversation(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return row
}

func (d *desk) replies(id string) (texts []string) {
	d.t.Helper()
	messages, err := d.store.Transcript(d.t.Context(), id, 0, 1000)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, m := range messages {
		if m.Author == bot.AuthorAgent {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func TestAnAgentClaimsAnswersAndResolves(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	const at = "/inbox/c/c2jonas"

	r := b.post(at+"/claim?tab=mine", nil)
	wantStatus(t, r, http.StatusSeeOther)
	if to := r.Header.Get("Location"); to != at+"?tab=mine" {
		t.Errorf("led to %s", to)
	}
	if got := d.row("c2jonas").Ticket.Agent; got != "ana" {
		t.Fatalf("owned by %q", got)
	}
	form := url.Values{"text": {"Hello Jonas,\r\nlet me look."}, "nonce": {"n1"}}
	wantStatus(t, b.post(at+"/reply", form), http.StatusSeeOther)
	wantStatus(t, b.post(at+"/reply", form), http.StatusSeeOther) // pressed twice
	if got := d.replies("c2jonas"); len(got) != 1 || got[0] != "Hello Jonas,\nlet me look." {
		t.Fatalf("sent %q", got)
	}
	r = b.post(at+"/reply?part=conversation", url.Values{"text": {"Found it."}, "nonce": {"n2"}})
	wantStatus(t, r, http.StatusOK)
	body := text(t, r)
	wantText(t, body, `<section id="conversation"`, "Found it.", "Waiting to be sent")
	if strings.Contains(body, "<html") {
		t.Error("the part is a whole page")
	}
	wantStatus(t, b.post(at+"/release", nil), http.StatusSeeOther)
	wantStatus(t, b.post(at+"/claim", nil), http.StatusSeeOther)
	wantStatus(t, b.post(at+"/resolve", nil), http.StatusSeeOther)
	if got := d.row("c2jonas").Conversation.Status; got != handoff.Resolved {
		t.Errorf("the conversation is %s", got)
	}
	wantText(t, text(t, b.get(at)), "This conversation is resolved", "Ana resolved the conversation")
}

func TestHandBackLetsTheBotAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	wantStatus(t, d.signedIn("ana").post("/inbox/c/c3lena/hand-back", nil), http.StatusSeeOther)
	if got := d.row("c3lena").Conversation.Status; got != handoff.Bot {
		t.Errorf("the conversation is %s", got)
	}
}

func TestWhenTwoClaimAtOnceOneIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	var group sync.WaitGroup
	var answers [2]*http.Response
	for i, name := range []string{"ana", "ben"} {
		b := d.signedIn(name)
		group.Go(func() { answers[i] = b.post("/inbox/c/c1maria/claim", nil) })
	}
	group.Wait()
	won, lost, winner := answers[0], answers[1], "Ana"
	if won.StatusCode != http.StatusSeeOther {
		won, lost, winner = answers[1], answers[0], "Ben Ito"
	}
	wantStatus(t, won, http.StatusSeeOther)
	wantStatus(t, lost, http.StatusConflict)
	wantText(t, text(t, lost), `role="alert">`+winner+" has this conversation.")
}

func TestARefusedAnswerKeepsItsText(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	const typed = "Dear Priya, yes & no <3"
	for _, c := range []struct {
		name, id string
		status   int
		notice   string
	}{
		{"too late", "c6priya", http.StatusUnprocessableEntity, "Not sent: the window is closed."},
		{"not claimed", "c1maria", http.StatusConflict, "Not sent. Claim the conversation first, then answer. What you wrote is kept."},
		{"somebody else's", "c4omar", http.StatusConflict, "Not sent. Ben Ito has this conversation. What you wrote is kept."},
		{"resolved", "c7done", http.StatusConflict, "not waiting for a person any more"},
	} {
		for _, query := range []string{"", "?part=conversation"} {
			r := b.post("/inbox/c/"+c.id+"/reply"+query, url.Values{"text": {typed}, "nonce": {"n"}})
			wantStatus(t, r, c.status)
			wantText(t, text(t, r), c.notice, "Dear Priya, yes &amp; no &lt;3</textarea>")
		}
	}
	r := b.post("/inbox/c/c3lena/reply", url.Values{"text": {" \n "}})
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), "Write something first.")
	r = b.post("/inbox/c/c3lena/reply", url.Values{"text": {strings.Repeat("x", textMax+1)}})
	wantStatus(t, r, http.StatusUnprocessableEntity)
	wantText(t, text(t, r), "this is too long", strings.Repeat("x", textMax+1)+"</textarea>")
	wantStatus(t, b.post("/inbox/c/c3lena/reply", url.Values{"text": {strings.Repeat("x", bodyLimit+1)}}), http.StatusRequestEntityTooLarge)
	wantStatus(t, b.post("/inbox/c/nothing/claim", nil), http.StatusNotFound)
}

func TestTakeNextClaimsTheMostUrgent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	b := d.signedIn("ana")
	wantStatus(t, b.post("/inbox/next", nil), http.StatusSeeOther) // nobody waits
	d.putSamples(time.Now().UTC())
	for _, want := range []string{"/inbox/c/c1maria?tab=mine", "/inbox/c/c2jonas?tab=mine", "/inbox/c/c5none7f3a?tab=mine", noneLeft} {
		if got := b.post("/inbox/next", nil).Header.Get("Location"); got != want {
			t.Errorf("led to %s, want %s", got, want)
		}
	}
}

func TestAnotherSitesFormIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	for _, path := range []string{"/inbox/sign-in", "/inbox/sign-out", "/inbox/next", "/inbox/c/c1maria/claim", "/inbox/c/c1maria/reply"} {
		for _, site := range []string{"cross-site", "same-site"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(""))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Sec-Fetch-Site", site)
			wantStatus(t, b.do(r), http.StatusForbidden)
		}
	}
	if got := d.row("c1maria").Ticket.Agent; got != "" {
		t.Errorf("claimed by %q", got)
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{&handoff.TakenError{Agent: "ana"}, http.StatusConflict},
		{&handoff.MoveError{From: handoff.Bot, Event: handoff.Claim}, http.StatusConflict},
		{handoff.ErrResolved, http.StatusConflict},
		{handoff.ErrNotClaimed, http.StatusConflict},
		{bot.ErrConflict, http.StatusConflict},
		{bot.ErrWindowClosed, http.StatusUnprocessableEntity},
		{bot.ErrChannelOff, http.StatusUnprocessableEntity},
		{bot.ErrEmptyReply, http.StatusUnprocessableEntity},
		{errTooLong, http.StatusUnprocessableEntity},
		{&http.MaxBytesError{Limit: 1}, http.StatusRequestEntityTooLarge},
		{bot.ErrNotFound, http.StatusNotFound},
		{errors.New("disk on fire at /var/lib"), http.StatusInternalServerError},
	} {
		for _, err := range []error{c.err, fmt.Errorf("wrapped: %w", c.err)} {
			status, words := explain(err, nil)
			if status != c.want || words == "" || strings.Contains(words, "/var/lib") {
				t.Errorf("%v: %d %q, want %d", err, status, words, c.want)
			}
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	for _, r := range []flows.Reason{
		flows.ReasonAsked, flows.ReasonChosen, flows.ReasonNotUnderstood,
		flows.ReasonTries, flows.ReasonFlow, flows.ReasonLoop, flows.ReasonUnsent, flows.ReasonSpend, flows.ReasonFault,
	} {
		if got := reason(handoff.Ticket{Reason: string(r)}); !strings.Contains(got, " ") || strings.EqualFold(got, strings.ReplaceAll(string(r), "_", " ")) {
			t.Errorf("%s: %q", r, got)
		}
	}
}

func TestCountdown(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		left        time.Duration
		text, level string
	}{
		{-time.Hour, "overdue", "late"},
		{0, "overdue", "late"},
		{time.Second, "under 1 min", "now"},
		{5 * time.Minute, "5 min", "now"},
		{5*time.Minute + time.Second, "5 min", "soon"},
		{30 * time.Minute, "30 min", "soon"},
		{59*time.Minute + 59*time.Second, "59 min", "hour"},
		{time.Hour, "1 h", "hour"},
		{2 * time.Hour, "2 h", "hour"},
		{2*time.Hour + 9*time.Minute, "2 h 9 min", "calm"},
		{24 * time.Hour, "1 d", "calm"},
		{71 * time.Hour, "2 d 23 h", "calm"},
	} {
		got := countdown(now.Add(c.left), now, "Deadline", "overdue", time.UTC)
		if got.Text != c.text || got.Level != c.level {
			t.Errorf("%v left: %q %s, want %q %s", c.left, got.Text, got.Level, c.text, c.level)
		}
	}
	if got := countdown(time.Time{}, now, "Deadline", "overdue", time.UTC); got.Text != "no limit" || got.Until != 0 {
		t.Errorf("no deadline: %+v", got)
	}
}

func TestEventsTellThePageAndEndWithTheServer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(*desk, *browser)
		wait time.Duration // at most this long until it ends
	}{
		{"the server stops", func(d *desk, _ *browser) { d.stop() }, 0},
		{"the hub closes", func(d *desk, _ *browser) { d.hub.Close() }, 0},
		{"the agent signs out elsewhere", func(d *desk, b *browser) {
			if err := d.store.DeleteSession(d.t.Context(), hashToken(b.cookies[sessionCookie])); err != nil {
				d.t.Error(err)
			}
		}, 20 * time.Second},
		{"the session is over", func(*desk, *browser) { time.Sleep(sessionLength) }, 20 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, nil)
				b := d.signedIn("ana")
				stream := *b // get changes the cookies of its browser
				stream.cookies = map[string]string{sessionCookie: b.cookies[sessionCookie]}
				var body string
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					r := stream.get("/inbox/events")
					if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
						t.Errorf("Content-Type %q", got)
					}
					body = text(t, r)
				}()
				synctest.Wait()
				d.hub.Publish(bot.Hint{Conversation: `c"1`})
				time.Sleep(45 * time.Second)
				c.end(d, b)
				begun := time.Now()
				<-ended
				if took := time.Since(begun); took > c.wait {
					t.Errorf("ended after %v, want at most %v", took, c.wait)
				}
				wantText(t, body, "event: hello\n", "event: hint\ndata: {\"conversation\":\"c\\\"1\"}\n\n", ": ping\n\n: ping\n\n")
			})
		})
	}
}

// stale is a conversation nobody has whose window closed long ago.
func stale(id string, now time.Time) sample {
	return sample{
		id, "Old " + id, "whatsapp", handoff.Queued,
		handoff.Ticket{Queue: "support", Reason: "asked", OpenedAt: now.Add(-30 * time.Hour), PromisedBy: now.Add(-29 * time.Hour)},
		[]bot.Message{said(now.Add(-30*time.Hour), "hello?")},
	}
}

func TestTakeNextNeverTakesWhatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC()
	d.put(stale("c0old", now))
	d.putSamples(now)
	b := d.signedIn("ana")
	for _, want := range []string{"c1maria?tab=mine", "c2jonas?tab=mine", "c5none7f3a?tab=mine"} {
		if got := b.post("/inbox/next", nil).Header.Get("Location"); got != "/inbox/c/"+want {
			t.Errorf("led to %s, want %s", got, want)
		}
	}
	if got := b.post("/inbox/next", nil).Header.Get("Location"); got != noneLeft {
		t.Errorf("led to %s", got)
	}
	wantText(t, text(t, b.get(noneLeft)), `role="alert">Nobody waits whom you can answer: the windows of those in the list are closed.`)
	body := text(t, b.get("/inbox"))
	wantText(t, body, "Nobody waits whom you can answer", "window of one conversation in the list is closed",
		`type="submit" disabled>Take next`, `data-waiting="0"`, `Unassigned <span class="count">1</span>`)
	if got := d.row("c0old").Ticket.Agent; got != "" {
		t.Errorf("claimed by %q", got)
	}
}

func TestManyClosedOnesHideNobody(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC()
	for i := range rowsMax + 5 {
		d.put(stale(fmt.Sprintf("cold%04d", i), now))
	}
	d.putSamples(now)
	b := d.signedIn("ana")
	body := text(t, b.get("/inbox"))
	wantText(t, body, `id="row-c2jonas"`, `data-waiting="3"`, "More are waiting")
	if strings.Index(body, `id="row-c5none7f3a"`) > strings.Index(body, `id="rows-closed"`) {
		t.Error("who can be answered is behind who cannot")
	}
	if got := strings.Count(body, `<li id="row-`); got != rowsMax {
		t.Errorf("%d rows", got)
	}
	if got := b.post("/inbox/next", nil).Header.Get("Location"); got != "/inbox/c/c1maria?tab=mine" {
		t.Errorf("led to %s", got)
	}
}

func TestAWindowThatThePlatformShutIsClosedEverywhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC()
	d.putSamples(now)
	row := d.row("c1maria")
	row.Conversation.ShutAt = row.Conversation.NewestInbound
	row.Conversation.Version++
	change := bot.Change{Base: row.Conversation.Version - 1, Conversation: row.Conversation}
	if err := d.store.Commit(t.Context(), []bot.Change{change}); err != nil {
		t.Fatal(err)
	}
	body := text(t, d.signedIn("ben").get("/inbox/c/c1maria"))
	list, page, _ := strings.Cut(body, `<main`)
	_, mine, _ := strings.Cut(list, `id="rows-closed">Window closed</li>`)
	wantText(t, mine, `id="row-c1maria"`, `data-past="closed">closed</span>`)
	wantText(t, page, `<span id="window">Window <span class="chip late"`, `data-past="closed">closed</span>`)
	if strings.Contains(page, `id="deadline"`) {
		t.Error("the page shows a deadline that nobody can meet")
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state        bot.MessageState
		code, reason string
		want         string
	}{
		{bot.StateQueued, "", "", "Waiting to be sent"},
		{bot.StateQueued, "130429", "too many messages", "Waiting to be sent again: too many messages (130429)"},
		{bot.StateQueued, "", "the account is locked", "Waiting to be sent again: the account is locked"},
		{bot.StateQueued, "timeout", "", "Waiting to be sent again (timeout)"},
		{bot.StateUnknown, "", "", "Not known yet whether it arrived"},
		{bot.StateUnknown, "timeout", "no answer came", "Not known yet whether it arrived: no answer came (timeout)"},
		{bot.StateFailed, "131026", "not on WhatsApp", "Not delivered: not on WhatsApp (131026)"},
		{bot.StateSent, "130429", "too many messages", "Sent"},
		{bot.StateReceived, "", "", ""},
	} {
		if _, got := state(bot.Message{State: c.state, Code: c.code, Reason: c.reason}); got != c.want {
			t.Errorf("%s, %q, %q: %q, want %q", c.state, c.code, c.reason, got, c.want)
		}
	}
}

// off is an engine whose channels are switched off.
type off struct{ Acts }

func (off) Reply(context.Context, string, string, string, string) error { return bot.ErrChannelOff }
func (off) HandBack(context.Context, string, string) error              { return bot.ErrChannelOff }

func TestAChannelThatIsOffIsNamedAsTheCause(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(c *Config) { c.Acts = off{c.Acts} })
	d.putSamples(time.Now().UTC())
	b := d.signedIn("ana")
	for _, path := range []string{"reply", "hand-back"} {
		r := b.post("/inbox/c/c3lena/"+path, url.Values{"text": {"Half an hour of typing"}})
		wantStatus(t, r, http.StatusUnprocessableEntity)
		body := text(t, r)
		wantText(t, body, "Not sent: this channel is switched off. Ask whoever runs frontdesk.")
		if path == "reply" {
			wantText(t, body, "Half an hour of typing</textarea>")
		}
	}
}

func TestStreamsOfAnAgentAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, nil)
		ana, ben := d.signedIn("ana"), d.signedIn("ben")
		ctx, leave := context.WithCancel(t.Context())
		var open sync.WaitGroup
		stream := func(ctx context.Context, b *browser) *http.Response {
			own := browser{d: d, cookies: maps.Clone(b.cookies)}
			return own.do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/inbox/events", nil))
		}
		for range agentStreams {
			open.Go(func() { stream(ctx, ana) })
		}
		synctest.Wait()
		r := stream(ctx, ana)
		wantStatus(t, r, http.StatusTooManyRequests)
		if got := r.Header.Get("Retry-After"); got != "5" {
			t.Errorf("Retry-After %q", got)
		}
		open.Go(func() { wantStatus(t, stream(ctx, ben), http.StatusOK) })
		synctest.Wait()
		leave()
		open.Wait()
		again, end := context.WithCancel(t.Context())
		open.Go(func() { wantStatus(t, stream(again, ana), http.StatusOK) })
		synctest.Wait()
		end()
		open.Wait()
	})
}

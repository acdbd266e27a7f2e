package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chromedp/chromedp"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// misheard commits what customers wrote and was not understood.
func (d *desk) misheard(at time.Time, misses ...bot.Miss) {
	d.t.Helper()
	for i, m := range misses {
		id := fmt.Sprint("m", i)
		m.At, m.Conversation, m.Channel = at.Add(-time.Duration(len(misses)-i)*time.Minute), id, "webchat"
		c := bot.Conversation{ID: id, Channel: m.Channel, Contact: "k" + id, Status: handoff.Bot, Version: 1, CreatedAt: at, UpdatedAt: at}
		change := bot.Change{Contact: &bot.Contact{ID: c.Contact}, Conversation: c, Misses: []bot.Miss{m}}
		if err := d.store.Commit(d.t.Context(), []bot.Change{change}); err != nil {
			d.t.Fatal(err)
		}
	}
}

// someMisses are what customers of a bicycle shop might write.
func someMisses() []bot.Miss {
	guess := []flows.Guess{{Answer: "repairs", Share: 0.4}, {Answer: "opening_hours", Share: 0.3}}
	return []bot.Miss{
		{Words: "can I rent a bike for the weekend?", Outcome: flows.OutcomeOffered, Guesses: guess},
		{Words: "can I rent a bike", Outcome: flows.OutcomeNone},
		{Words: "Can I rent a bike?", Outcome: flows.OutcomeRefused, Guesses: guess},
		{Words: "how much is it to rent a bike\nfor a day", Outcome: flows.OutcomeNone},
		{Words: "are you there at easter", Outcome: flows.OutcomePicked, Answer: "opening_hours", Guesses: guess},
		{Words: "are you there on easter monday", Outcome: flows.OutcomePicked, Answer: "opening_hours", Guesses: guess},
		{Words: "do you sell fish", Outcome: flows.OutcomeNone},
	}
}

// teaches shows lines as the real one does, and notes what it was asked.
func teaches(asked *[]string) func() Teaching {
	return func() Teaching {
		return Teaching{Answers: []Answer{{"opening_hours", "Opening hours"}, {"repairs", "Repairs"}}, Lines: func(_ context.Context, answer string, words []string) (Lines, error) {
			*asked = append(*asked, answer+": "+strings.Join(words, "|"))
			if answer == "Bad Name" {
				return Lines{}, errors.New("answer Bad Name: these lines cannot be added as they are")
			}
			var diff strings.Builder
			diff.WriteString("--- flows.yaml\n+++ flows.yaml\n@@ -4,3 +4,4 @@\n   " + answer + ":\n     examples:\n")
			for _, w := range words {
				diff.WriteString("+      - " + w + "\n")
			}
			return Lines{File: "flows.yaml", Diff: diff.String()}, nil
		}}
	}
}

func TestWhatWasNotUnderstoodLooksAsInItsGoldenFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(13*time.Hour + 40*time.Minute)
		var asked []string
		d := newDesk(t, func(c *Config) { c.Teaching = teaches(&asked) })
		wantStatus(t, d.browser().get("/inbox/answers"), http.StatusSeeOther)
		b := d.signedIn("ana")
		wantText(t, text(t, b.get("/inbox")), `href="/inbox/answers"`)
		wantText(t, text(t, b.get("/inbox/answers")), "Nothing was misunderstood in these days.")
		d.misheard(time.Now().UTC(), someMisses()...)
		page := text(t, b.get("/inbox/answers"))
		golden(t, "answers.html", page)
		notText(t, page, " style=", "onclick")
		shown := b.post("/inbox/answers", url.Values{"words": {"are you there at easter"}, "answer": {"opening_hours"}, "new": {""}})
		wantStatus(t, shown, http.StatusOK)
		golden(t, "answers-lines.html", text(t, shown))
	})
}

func TestAFormOfWhatWasNotUnderstood(t *testing.T) {
	t.Parallel()
	var asked []string
	d := newDesk(t, func(c *Config) { c.Teaching = teaches(&asked) })
	d.misheard(time.Now().UTC(), someMisses()...)
	b := d.signedIn("ana")
	for _, c := range []struct {
		name  string
		form  url.Values
		asked string
		want  string
	}{
		{"an answer", url.Values{"words": {"are you there at easter"}, "answer": {"repairs"}}, "repairs: are you there at easter", "      - are you there at easter"},
		{
			"a new answer, of words over two lines",
			url.Values{"words": {"how much is it to rent a bike for a day", "can I rent a bike"}, "answer": {"repairs"}, "new": {" rental "}},
			"rental: how much is it to rent a bike for a day|can I rent a bike", "rental:",
		},
		{"a name that is none", url.Values{"words": {"do you sell fish"}, "new": {"Bad Name"}}, "Bad Name: do you sell fish", "Answer Bad Name: these lines cannot be added as they are."},
		{"no answer", url.Values{"words": {"do you sell fish"}}, "", "Choose an answer, or write the name of a new one."},
		{"no words", url.Values{"answer": {"repairs"}}, "", "Choose at least one text of a group."},
		{"words of nobody", url.Values{"words": {"x"}, "answer": {"repairs"}}, "", "Choose at least one text of a group."},
	} {
		asked = nil
		page := text(t, b.post("/inbox/answers", c.form))
		wantText(t, page, c.want)
		if got := strings.Join(asked, "; "); got != c.asked {
			t.Errorf("%s: asked %q, want %q", c.name, got, c.asked)
		}
	}
	long := url.Values{"words": {strings.Repeat("x", bodyLimit+1)}}
	wantStatus(t, b.post("/inbox/answers", long), http.StatusBadRequest)
}

func TestDaysOfWhatWasNotUnderstood(t *testing.T) {
	t.Parallel()
	d := newDesk(t, nil)
	now := time.Now().UTC()
	d.misheard(now.AddDate(0, 0, -40), bot.Miss{Words: "can I rent a bike", Outcome: flows.OutcomeNone})
	b := d.signedIn("ana")
	day := func(ago int) string { return now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	notText(t, text(t, b.get("/inbox/answers")), "can I rent a bike")
	wantText(t, text(t, b.get("/inbox/answers?from="+day(41)+"&to="+day(39))), "can I rent a bike", `value="`+day(41)+`"`, `value="`+day(39)+`"`)
	notText(t, text(t, b.get("/inbox/answers?from="+day(39))), "can I rent a bike")
	for _, wrong := range []string{"from=x", "to=2026-13-01", "from=" + day(1) + "&to=" + day(2)} {
		wantText(t, text(t, b.get("/inbox/answers?"+wrong)), "These are not two days, the earlier one first.")
	}
}

func TestHostileWordsThatWereNotUnderstoodAreShownAsWords(t *testing.T) {
	t.Parallel()
	var asked []string
	d := newDesk(t, func(c *Config) { c.Teaching = teaches(&asked) })
	attack := `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	d.misheard(time.Now().UTC(), bot.Miss{Words: attack, Outcome: flows.OutcomePicked, Answer: attack, Guesses: []flows.Guess{{Answer: attack}}})
	b := d.signedIn("ana")
	for _, page := range []string{
		text(t, b.get("/inbox/answers")), text(t, b.post("/inbox/answers", url.Values{"words": {inLine(attack)}, "answer": {attack}, "new": {attack}})),
		text(t, b.get("/inbox/answers?from="+url.QueryEscape(attack))),
	} {
		noAttack(t, strings.ReplaceAll(page, `<script type="module"`, ""))
	}
	if len(asked) != 1 {
		t.Errorf("asked %q", asked)
	}
}

// A supervisor chooses an answer and sees the lines, by day, by night and on a phone.
// The pictures are kept with -artifacts.
func TestASupervisorSeesTheLinesToAdd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, scheme  string // light or dark, and how Chromium numbers it
		number        string
		width, height int64
	}{{"answers", "light", "1", 1280, 900}, {"answers-dark", "dark", "0", 1280, 900}, {"answers-phone", "light", "1", 390, 844}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var asked []string
			d, _, signIn := served(t)
			d.inbox.Teaching = teaches(&asked)
			d.misheard(time.Now().UTC(), someMisses()...)
			page := newTab(chromium(t, chromedp.Flag("blink-settings", "preferredColorScheme="+c.number)), t)
			page(chromedp.EmulateViewport(c.width, c.height))
			page(signIn...)
			const fits = `document.documentElement.scrollWidth <= innerWidth`
			page(
				until(fits), chromedp.Click("#to-answers"), chromedp.WaitVisible("#group-1"),
				chromedp.SendKeys("#group-1 input[name=new]", "bike_rental"), chromedp.Submit("#group-1 form"), chromedp.WaitVisible("#lines-1"),
				until(`document.getElementById("lines-1").textContent.includes("+      - can I rent a bike for the weekend?")`),
				until(`document.querySelectorAll("#group-1 input[type=checkbox]:checked").length === 3`),
				until(`!document.querySelector("[data-copies]").hidden`),
				until(`matchMedia("(prefers-color-scheme: `+c.scheme+`)").matches`), until(fits),
				pictured(t, c.name+".png"),
			)
		})
	}
}

// pictured keeps a picture of the page.
func pictured(t *testing.T, name string) step {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		picture, err := chromedp.CaptureScreenshot()(ctx, target)
		if err != nil {
			return chromedp.Void{}, err
		}
		return chromedp.Void{}, os.WriteFile(filepath.Join(t.ArtifactDir(), name), picture, 0o600)
	}
}

package inbox

import (
	"context"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// chromium starts a browser; where there is none the test fails: make test
// installs it.
func chromium(t *testing.T, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if path, err = exec.LookPath("google-chrome"); err != nil {
			t.Fatal("the browser test needs chromium or google-chrome; make test installs it")
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-component-update", true),
		// A connection to anywhere else would hang on a machine without a network.
		chromedp.Flag("proxy-server", "http://127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "127.0.0.1"),
	)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), append(options, flags...)...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts it; the tabs are opened in it
		t.Fatal(err)
	}
	return ctx
}

type step = chromedp.Action[chromedp.Void]

// newTab opens a page and gives the function that acts in it.
func newTab(browser context.Context, t *testing.T) func(steps ...step) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the first run must know no timeout: it opens the tab
		t.Fatal(err)
	}
	return func(steps ...step) {
		t.Helper()
		timed, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		if err := chromedp.Do(timed, steps...); err != nil {
			t.Fatal(err)
		}
	}
}

// until waits for an expression of the page to be true.
func until(expression string) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](expression)(ctx, t)
		return chromedp.Void{}, err
	}
}

// served is a desk that a real browser can open, and the steps that sign in as ana.
func served(t *testing.T) (d *desk, url string, signIn []step) {
	t.Helper()
	d = newDesk(t, func(c *Config) { c.Secure = false })
	server := httptest.NewServer(d.router)
	t.Cleanup(func() {
		d.stop()
		server.CloseClientConnections()
		server.Close()
	})
	return d, server.URL, []step{
		chromedp.Navigate(server.URL + "/inbox/sign-in"),
		chromedp.SendKeys("#sign-in-name", "ana"), chromedp.SendKeys("#sign-in-password", "secret"), chromedp.Submit("#sign-in-name"),
		chromedp.WaitVisible("#queue"), until(live),
	}
}

const live = `document.getElementById("live").dataset.state === "on"`

// waiting is a conversation that nobody has.
func waiting(id string) sample {
	now := time.Now().UTC()
	return sample{
		id: id, name: "Jo " + id, channel: "webchat", status: handoff.Queued,
		ticket:   handoff.Ticket{Queue: "support", Reason: "asked", OpenedAt: now, PromisedBy: now.Add(15 * time.Minute)},
		messages: []bot.Message{said(now, "a human please")},
	}
}

func TestADraftOutlivesColleaguesWhoTakeAndGiveBack(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	d.put(waiting("cjo"))
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(url+"/inbox/c/cjo"), until(live),
		chromedp.Click("#claim"), chromedp.WaitEnabled("#reply-send"),
		chromedp.SendKeys("#reply-text", "half an answer"),
	)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.engine.Release(t.Context(), "cjo", "ana"))
	must(d.engine.Claim(t.Context(), "cjo", "ben"))
	page(until(`document.getElementById("status").innerText === "Ben Ito"`))
	must(d.engine.Release(t.Context(), "cjo", "ben"))
	page(
		chromedp.Click("#claim"), chromedp.WaitEnabled("#reply-send"),
		until(`document.getElementById("reply-text").value === "half an answer"`),
		until(`document.getElementById("counter").innerText.startsWith("14 of")`),
		chromedp.SendKeys("#reply-text", ", and the rest"), chromedp.Click("#reply-send"),
		until(`document.getElementById("reply-text").value === ""`),
	)
	if got := d.replies("cjo"); len(got) != 1 || got[0] != "half an answer, and the rest" {
		t.Errorf("sent %q", got)
	}
}

func TestADoubleClickDoesOneThing(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	d.put(waiting("cjo"))
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(url+"/inbox/c/cjo"), until(live),
		until(`(globalThis.claim = document.getElementById("claim").getBoundingClientRect(), true)`),
		chromedp.Click("#claim"), chromedp.WaitEnabled("#reply-send"),
		until(`(document.elementFromPoint(claim.x + claim.width / 2, claim.y + claim.height / 2)
			.dispatchEvent(new MouseEvent("click", { detail: 2, bubbles: true, cancelable: true })), true)`),
		chromedp.Reload(), until(live),
	)
	if got := d.row("cjo"); got.Conversation.Status != handoff.Assigned || got.Ticket.Agent != "ana" {
		t.Errorf("%s, owned by %q", got.Conversation.Status, got.Ticket.Agent)
	}
}

// A browser opens six connections to a host, and a stream holds one.
func TestAnyNumberOfTabsIsLive(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	browser := chromium(t)
	tabs := make([]func(...step), 9)
	for i := range tabs {
		tabs[i] = newTab(browser, t)
		if i == 0 {
			tabs[i](signIn...)
		} else {
			tabs[i](chromedp.Navigate(url+"/inbox"), until(live))
		}
	}
	for i := range 2 {
		d.put(waiting("c" + strconv.Itoa(i)))
		d.hub.Publish(bot.Hint{Conversation: "c" + strconv.Itoa(i)})
		for _, t := range tabs {
			t(until(`document.title.startsWith("(` + strconv.Itoa(i+1) + `)")`))
		}
	}
}

func TestWhatRunsOutWhileThePageIsOpenIsSeen(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	var paused atomic.Pointer[map[string]time.Time]
	paused.Store(&map[string]time.Time{})
	d.inbox.Paused = func() map[string]time.Time { return *paused.Load() }
	page := newTab(chromium(t), t)
	page(signIn...) // before the clock starts: a browser may take seconds to begin
	now := time.Now().UTC()
	ends := now.Add(8 * time.Second)
	paused.Store(&map[string]time.Time{"whatsapp": ends})
	last := stale("clast", now)
	last.ticket.PromisedBy = time.Time{}
	last.messages[0].At = ends.Add(-24 * time.Hour)
	d.put(last)
	d.put(stale("cold", now))
	d.put(waiting("cjo"))
	const order = `[...document.querySelectorAll("#rows > li")].map((li) => li.id).join(" ") === `
	page(
		chromedp.Navigate(url+"/inbox/c/cjo"), until(live),
		until(order+`"row-clast row-cjo rows-closed row-cold"`),
		until(`document.getElementById("pause-whatsapp").checkVisibility()`),
		until(order+`"row-cjo rows-closed row-clast row-cold"`),
		until(`!document.getElementById("pause-whatsapp")?.checkVisibility()`),
	)
}

// typing puts text into the composer at once, as pasting does.
func typing(text string) step {
	return until(`((area) => {
		area.value = ` + text + `;
		area.dispatchEvent(new Event("input", { bubbles: true }));
		return true;
	})(document.getElementById("reply-text"))`)
}

func TestTheQuoteAndADraftFollowWhatIsTyped(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	d.put(unsent(time.Now().UTC(), time.Hour))
	page := newTab(chromium(t), t)
	page(signIn...)
	page(
		chromedp.Navigate(url+"/inbox/c/c10mila"), until(live),
		typing(`"word ".repeat(1000)`),
		until(`document.querySelector("#quote b").textContent.startsWith("2 messages, ")`),
		typing(`"Hello Mila."`),
		until(`!document.querySelector("#quote b").textContent.includes("messages")`),
		chromedp.Click("#use-2"), chromedp.WaitVisible("#from-draft"), until(live),
		until(`document.getElementById("reply-text").value === "Hello Mila.\n\nYour bike is ready since noon."`),
	)
	d.hub.Publish(bot.Hint{Conversation: "c10mila"}) // what is read anew knows of no draft
	page(
		chromedp.Click("#drop-4"), until(`!document.getElementById("drop-4")`),
		until(`document.getElementById("reply-draft").value === "c10mila-2" && document.getElementById("reply-text").value.startsWith("Hello")`),
		chromedp.Click("#reply-send"), until(`document.getElementById("reply-text").value === ""`),
		until(`!document.getElementById("drop-2") && !document.getElementById("from-draft").checkVisibility()`),
	)
	if got := d.replies("c10mila"); got[len(got)-1] != "Hello Mila.\n\nYour bike is ready since noon." {
		t.Errorf("sent %q", got)
	}
	for seq, want := range map[uint64]bot.MessageState{2: bot.StateCancelled, 3: bot.StateDraft, 4: bot.StateCancelled} {
		if m := d.message("c10mila", seq); m.State != want {
			t.Errorf("message %d is %s, want %s", seq, m.State, want)
		}
	}
}

func TestWhatCannotBeSentIsTakenAlongOrNoted(t *testing.T) {
	t.Parallel()
	d, url, signIn := served(t)
	shut := unsent(time.Now().UTC(), 25*time.Hour)
	d.put(shut)
	d.putOf("contactc10mila", waiting("c11mila"), shut)
	page := newTab(chromium(t), t)
	page(signIn...)
	const empty = `document.getElementById("reply-text").value === ""`
	page(
		chromedp.Navigate(url+"/inbox/c/c10mila"), until(live),
		until(`!document.getElementById("note").checkVisibility()`), // there is nothing to note
		typing(`"For colleagues"`), chromedp.Click("#note"), until(empty),
		until(`document.getElementById("transcript").innerText.includes("Ana noted: For colleagues")`),
		typing(`"Ready since noon"`), chromedp.Click("#compose-c11mila"),
		chromedp.WaitVisible(`#conversation[data-conversation="c11mila"]`), until(live),
		until(`document.getElementById("reply-text").value === "Ready since noon"`),
		chromedp.Click("#claim"), chromedp.WaitEnabled("#reply-send"), chromedp.Click("#reply-send"), until(empty),
		chromedp.Navigate(url+"/inbox/c/c10mila"), until(live), until(empty),
	)
	if got := d.replies("c11mila"); len(got) != 1 || got[0] != "Ready since noon" {
		t.Errorf("sent %q", got)
	}
}

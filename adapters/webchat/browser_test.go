package webchat

import (
	"context"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

type step = chromedp.Action[chromedp.Void]

// phone is a browser that has the chat open, and the function that acts in it.
// Where there is no browser the test fails: make test installs it.
func phone(t *testing.T, url string) func(steps ...step) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if path, err = exec.LookPath("google-chrome"); err != nil {
			t.Fatal("the browser test needs chromium or google-chrome; make test installs it")
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(390, 844),
		chromedp.Flag("disable-component-update", true),
		// A connection to anywhere else would hang on a machine without a network.
		chromedp.Flag("proxy-server", "http://127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "127.0.0.1"),
	)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // the first run must know no timeout: it starts the browser
		t.Fatal(err)
	}
	act := func(steps ...step) {
		t.Helper()
		timed, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		if err := chromedp.Do(timed, steps...); err != nil {
			t.Fatal(err)
		}
	}
	act(chromedp.Navigate(url + "/chat"))
	return act
}

// until waits for an expression of the page to be true.
func until(expression string) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Poll[bool](expression)(ctx, t)
		return chromedp.Void{}, err
	}
}

// write sends a text as a customer does.
func write(text string) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		if v, err := chromedp.SendKeys("#chat-text", text)(ctx, t); err != nil {
			return v, err
		}
		return chromedp.Click("#chat-send")(ctx, t)
	}
}

// served is a desk that a real browser can open.
func served(t *testing.T) (d *desk, url string) {
	t.Helper()
	d = newDesk(t, func(c *Config) { c.Secure = false })
	d.run()
	server := httptest.NewServer(d.handler)
	t.Cleanup(func() {
		d.stop()
		server.CloseClientConnections()
		server.Close()
	})
	return d, server.URL
}

func TestWhatCouldNotBeSentIsSentAfterThePageWasClosed(t *testing.T) {
	t.Parallel()
	d, url := served(t)
	page := phone(t, url)
	page(write("hi"), until(`document.querySelectorAll(".message.bot").length === 1`))
	d.broken.Store(true)
	page(
		write("first"), write("second"),
		until(`document.querySelector(".pending .meta")?.innerText.includes("Not sent yet")`),
		until(`document.querySelectorAll(".pending").length === 2`),
		chromedp.Navigate("about:blank"),
	)
	d.broken.Store(false)
	page(
		chromedp.Navigate(url+"/chat"),
		until(`[...document.querySelectorAll(".customer:not(.pending) .bubble")].map((b) => b.innerText).join() === "hi,first,second"`),
		until(`document.querySelectorAll(".pending").length === 0`),
		until(`Object.keys(localStorage).length === 0`),
	)
}

func TestADoubleTapChoosesOnce(t *testing.T) {
	t.Parallel()
	_, url := served(t)
	page := phone(t, url)
	const chosen = `[...document.querySelectorAll(".customer:not(.pending) .bubble")].map((b) => b.innerText).join()`
	page(
		write("hi"), chromedp.WaitVisible(".choices button"),
		// The finger comes down twice, once as a new click: the message is on its way.
		until(`(() => { const b = document.querySelector(".choices button"); b.click(); b.click();
			b.dispatchEvent(new MouseEvent("click", { detail: 2, bubbles: true, cancelable: true })); return true })()`),
		until(chosen+` === "hi,Prices"`), until(`document.querySelectorAll(".message.bot").length === 3`),
		write("and now?"), until(chosen+` === "hi,Prices,and now?"`),
	)
}

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser starts Chromium; tabs of it are two people's windows. Where there is
// none the test fails: make test installs it.
func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("the browser test needs chromium or google-chrome; make test installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 800),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		// A connection to anywhere else would hang on a machine without a network.
		chromedp.Flag("proxy-server", "http://127.0.0.1:9"), chromedp.Flag("proxy-bypass-list", "127.0.0.1"),
	)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts it; the windows are opened in it
		t.Fatal(err)
	}
	return ctx
}

// tab opens a window and gives the function that acts in it.
func tab(browser context.Context, t *testing.T) func(what string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	return func(what string, steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx); err != nil { // the first run must know no timeout: it opens the window
			t.Fatal(err)
		}
		timed, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if err := chromedp.Do(timed, steps...); err != nil {
			if picture, shot := chromedp.Run(ctx, chromedp.CaptureScreenshot()); shot == nil {
				keep(t, strings.ReplaceAll(what, " ", "-")+".png", picture)
			}
			t.Fatalf("%s: %v", what, err)
		}
	}
}

func keep(t *testing.T, name string, picture []byte) {
	t.Helper()
	path := filepath.Join(t.ArtifactDir(), name)
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		t.Error(err)
	}
	t.Logf("screenshot: %s", path)
}

// message waits for a message with this text in a page; last, for it to be the newest.
func message(text string) chromedp.Action[chromedp.Void] { return messages("some", text) }
func last(text string) chromedp.Action[chromedp.Void]    { return messages("slice(-1).some", text) }

func messages(which, text string) chromedp.Action[chromedp.Void] {
	look := chromedp.Evaluate[bool](fmt.Sprintf(`[...document.querySelectorAll(".message")].%s(m => m.innerText.includes(%q))`, which, text))
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			// An error means that the page is being left for another: look again.
			if seen, err := look(ctx, t); err == nil && seen {
				return chromedp.Void{}, nil
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return chromedp.Void{}, fmt.Errorf("waiting for %q: %w", text, ctx.Err())
			}
		}
	}
}

// TestACustomerIsAnsweredByAPersonInTheBrowser is README's first command: demo,
// a customer who asks for a person in the chat, and an agent who answers.
func TestACustomerIsAnsweredByAPersonInTheBrowser(t *testing.T) {
	t.Parallel()
	p := &program{t: t, dir: t.TempDir()}
	p.cmd = p.command("demo", "--flows", example, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0")
	p.launch("Stop")
	_, password, _ := strings.Cut(p.lines["sign"], "password ")
	chromium := browser(t)

	customer := tab(chromium, t)
	customer("the customer asks",
		chromedp.Navigate(p.public+"/chat"),
		chromedp.SendKeys("#chat-text", "hi"), chromedp.Click("#chat-send"),
		message("How can we help?"),
		chromedp.SendKeys("#chat-text", "I want to talk to a human"), chromedp.Click("#chat-send"),
		message("One moment please"),
	)
	agent := tab(chromium, t)
	agent("the agent signs in, claims and answers",
		chromedp.Navigate(p.public+"/inbox"),
		chromedp.SendKeys("#sign-in-name", "ana"), chromedp.SendKeys("#sign-in-password", password),
		chromedp.Submit("#sign-in-name"),
		chromedp.WaitVisible("#queue .row"), chromedp.Click("#queue .row"),
		message("I want to talk to a human"),
		chromedp.Click("#claim"),
		chromedp.WaitEnabled("#reply-text"), chromedp.SendKeys("#reply-text", "Hello, this is Ana. What can I do for you?"),
		chromedp.Click("#reply-send"),
		message("Hello, this is Ana."),
	)
	customer("the customer reads the answer without reloading, and after reloading",
		message("Hello, this is Ana."),
		chromedp.Reload(),
		message("I want to talk to a human"), message("Hello, this is Ana."),
		chromedp.SendKeys("#chat-text", "My tyre is flat."), chromedp.Click("#chat-send"),
	)
	agent("the agent reads on without reloading, and gives back to the bot",
		message("My tyre is flat."),
		chromedp.Click("#hand-back"),
	)
	customer("the bot is back", last("How can we help?"))
	p.stop()
}

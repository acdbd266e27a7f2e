package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestACustomerIsOfferedAnswersInTheBrowser is a question in other words, one that
// may be several, and what nobody wrote an answer for.
func TestACustomerIsOfferedAnswersInTheBrowser(t *testing.T) {
	t.Parallel()
	p := &program{t: t, dir: t.TempDir()}
	p.cmd = p.command("demo", "--flows", example, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0")
	p.launch("Stop")
	_, password, _ := strings.Cut(p.lines["sign"], "password ")
	chromium := browser(t)

	customer := tab(chromium, t)
	say := func(text string) chromedp.Action[chromedp.Void] {
		return chromedp.Tasks(chromedp.SendKeys("#chat-text", text), chromedp.Click("#chat-send"))
	}
	customer("the customer asks in other words",
		chromedp.Navigate(p.public+"/chat"),
		say("until what time could I drop by on a saturday"),
		message("We are open"), last("How can we help?"),
	)
	customer("and then what may be several",
		say("can I bring the bike and come by car to the shop"), last("Did you mean one of these?"),
	)
	if picture, err := chromedp.Run(t.Context(), chromedp.CaptureScreenshot()); err == nil {
		keep(t, "offered.png", picture)
	}
	_ = password
	p.stop()
}

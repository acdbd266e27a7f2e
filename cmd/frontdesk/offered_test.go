package main

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestACustomerIsOfferedAnswersInTheBrowser is a question in other words, one that
// may be several, and then what nobody wrote an answer for.
func TestACustomerIsOfferedAnswersInTheBrowser(t *testing.T) {
	t.Parallel()
	p := &program{t: t, dir: t.TempDir()}
	p.cmd = p.command("demo", "--flows", example, "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0")
	p.launch("Stop")

	customer := tab(browser(t), t)
	says := func(text string) (send, click chromedp.Action[chromedp.Void]) {
		return chromedp.SendKeys("#chat-text", text), chromedp.Click("#chat-send")
	}
	asks, click := says("until what time could I drop by on a saturday")
	customer("the customer asks in other words",
		chromedp.Navigate(p.public+"/chat"), asks, click, message("We are open"), last("How can we help?"))

	asks, click = says("can I exchange the battery")
	customer("and then what may be several", asks, click, last("Did you mean one of these?"),
		chromedp.WaitVisible(".message:last-child .choices button:nth-child(3)"),
		chromedp.Click(".message:last-child .choices button:nth-child(2)"),
		message("There are two years of warranty"))

	asks, click = says("please sing a song of zebras")
	customer("what nobody wrote an answer for is not understood, and a person is asked for", asks, click, last("did not get that"))
	asks, click = says("zebras are striped horses")
	customer("the second time a person is asked for", asks, click, last("one of us will be with you"))
	p.stop()
}

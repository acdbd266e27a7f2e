package inbox

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The line and a conversation, by day, by night and on a phone. The pictures are
// kept with -artifacts; the first is docs/images/inbox.png.
func TestAnAgentSeesTheLineAndAConversation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, number  string // how Chromium numbers light and dark
		width, height int64
	}{{"inbox", "1", 1280, 900}, {"inbox-dark", "0", 1280, 900}, {"inbox-phone", "1", 390, 844}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, url, signIn := served(t)
			d.putSamples(time.Now().UTC())
			page := newTab(chromium(t, chromedp.Flag("blink-settings", "preferredColorScheme="+c.number)), t)
			page(chromedp.EmulateViewport(c.width, c.height))
			page(signIn...)
			const fits = `document.documentElement.scrollWidth <= innerWidth`
			page(until(fits), pictured(t, c.name+"-line.png"))
			page(chromedp.Navigate(url+"/inbox/c/c1maria"), chromedp.WaitVisible(".message"), until(live), until(fits), pictured(t, c.name+".png"))
		})
	}
}

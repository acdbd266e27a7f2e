package webchat

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"frontdesk/bot"
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
		chromedp.Flag("ignore-certificate-errors", true), // of the server that has the pictures
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
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie(visitorCookie); err == nil {
			d.token.Store(&c.Value)
		}
		d.handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		d.stop()
		server.CloseClientConnections()
		server.Close()
	})
	return d, server.URL
}

// browsing is who the browser that has the chat open is known as.
func (d *desk) browsing() *visitorAt { return &visitorAt{d: d, token: *d.token.Load()} }

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
		until(chosen+` === "hi,Prices"`), until(`document.querySelectorAll(".message.bot").length === 2`),
		write("and now?"), until(chosen+` === "hi,Prices,and now?"`),
	)
}

// pictures serves one small picture over HTTPS and gives its address.
func pictures(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 2000))); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if referrer := r.Header.Get("Referer"); referrer != "" {
			t.Errorf("the pictures' server is told of %s", referrer)
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(b.Bytes())
	}))
	t.Cleanup(server.Close)
	return server.URL + "/city.png"
}

func TestAPictureIsSeenWithoutScrolling(t *testing.T) {
	t.Parallel()
	address := pictures(t)
	d, url := served(t)
	page := phone(t, url)
	page(write("hi"), until(`document.querySelectorAll(".message.bot").length === 1`))
	d.says(d.browsing(), bot.Message{Text: "This one?", Media: &bot.Media{Kind: "image", URL: address, Filename: "city-bike.png"}})
	const seen = `(() => {
		const p = document.querySelector(".picture img"), s = document.scrollingElement;
		return p?.naturalWidth === 64 && p.alt === "city-bike.png" && p.getBoundingClientRect().height > 200
			&& s.scrollHeight - s.scrollTop - s.clientHeight < 2;
	})()`
	page(until(seen), chromedp.Navigate(url+"/chat"), until(seen))
}

func TestALocationIsSharedByAButton(t *testing.T) {
	t.Parallel()
	d, url := served(t)
	page := phone(t, url)
	page(write("hi"), until(`document.querySelectorAll(".message.bot").length === 1`))
	ask := bot.Message{Text: "Where are you?", Wants: bot.WantsLocation}
	d.says(d.browsing(), ask)
	page(
		chromedp.WaitVisible(".locate button"), denied(url), chromedp.Click(".locate button"),
		until(`document.querySelector("#notice").innerText.includes("Write where you are instead")`),
		until(`document.activeElement.id === "chat-text" && !document.querySelector(".locate button").disabled`),
		chromedp.Navigate(url+"/chat"), // the button is in the page as it is loaded, too
		chromedp.WaitVisible(".locate button"), at(url, 48.137154, 11.575382), chromedp.Click(".locate button"),
		until(`[...document.querySelectorAll(".customer:not(.pending) .bubble")].at(-1).innerText === "My location: 48.137154,11.575382"`),
		until(`document.querySelector(".locate").hidden && document.querySelectorAll(".message.bot").length === 3`),
	)
	d.says(d.browsing(), ask)
	page(
		until(`[...document.querySelectorAll(".locate")].map((l) => l.hidden).join() === "true,false"`),
		write("at the station"),
		until(`[...document.querySelectorAll(".locate")].every((l) => l.hidden)`),
	)
}

// at puts the browser somewhere and lets the page know.
func at(url string, latitude, longitude float64) step {
	return func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
		err = errors.Join(
			t.Call(ctx, "Browser.grantPermissions", map[string]any{"origin": url, "permissions": []string{"geolocation"}}, nil),
			t.Call(ctx, "Emulation.setGeolocationOverride", map[string]any{"latitude": latitude, "longitude": longitude, "accuracy": 5}, nil),
		)
		return v, err
	}
}

// denied refuses to tell the page where the browser is.
func denied(url string) step {
	return func(ctx context.Context, t *chromedp.Target) (v chromedp.Void, err error) {
		return v, t.Call(ctx, "Browser.setPermission", map[string]any{
			"origin": url, "permission": map[string]any{"name": "geolocation"}, "setting": "denied",
		}, nil)
	}
}

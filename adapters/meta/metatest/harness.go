package metatest

import (
	"net/http"
	"sync"
	"testing"

	"frontdesk/adapters/channeltest"
	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// The account and the secrets of harnesses and builders' tests.
const (
	TestNumber = "700100200300400"
	TestPage   = "71000000000001"
	TestToken  = "EAAtesttokenofthegraphapi"
	TestSecret = "demo-app-secret"
	TestVerify = "verify-me-7f3a"
)

// Harness is a channel of Meta's for channeltest: open makes it for the Graph
// API at url, with the account and secrets above.
func Harness(t *testing.T, p meta.Platform, to []bot.Alias, open func(url string) bot.Channel) channeltest.Harness {
	t.Helper()
	var mu sync.Mutex
	var fault func(r Request) *Fault
	came := make(chan struct{}, 1)
	g := NewGraph(t, Options{
		Token: TestToken, Numbers: []string{TestNumber}, Pages: []string{TestPage},
		Fail: func(_ int, r Request) *Fault {
			mu.Lock()
			defer mu.Unlock()
			if fault == nil {
				return nil
			}
			f := fault(r)
			if f.Hang {
				came <- struct{}{}
			}
			return f
		},
	})
	h := channeltest.Harness{
		To: to, Secrets: []string{TestToken, TestSecret, TestVerify}, Came: came,
		Channel: open(g.URL()),
		Took:    func() []channeltest.Accepted { return accepted(g) },
	}
	h.Trouble = func(trouble channeltest.Trouble) bool {
		if trouble == channeltest.Absent {
			g.Close()
			return true
		}
		mu.Lock()
		defer mu.Unlock()
		fault = faultOf(p, trouble)
		return true
	}
	return h
}

func accepted(g *Graph) []channeltest.Accepted {
	var all []channeltest.Accepted
	for _, r := range g.Sent() {
		a := channeltest.Accepted{
			ID: r.ID, Text: r.Text, Layout: bot.Layout(r.Layout), Media: r.Media, Template: r.Template, Wants: r.Wants,
		}
		for _, c := range r.Choices {
			a.Choices = append(a.Choices, bot.Choice(c))
		}
		all = append(all, a)
	}
	return all
}

func faultOf(p meta.Platform, trouble channeltest.Trouble) func(r Request) *Fault {
	codes := map[channeltest.Trouble]Fault{
		channeltest.Broken:   {Status: 500, Code: 131000},
		channeltest.Refusing: {Status: 401, Code: 190},
		channeltest.Closed:   {Code: 131047},
	}
	if p == meta.Messenger {
		codes[channeltest.Broken] = Fault{Status: 503, Code: 2}
		codes[channeltest.Closed] = Fault{Status: 403, Code: 10, Subcode: 2018278}
	}
	faults := map[channeltest.Trouble]Fault{
		channeltest.Busy:    {Status: http.StatusTooManyRequests, RetryAfter: "7"},
		channeltest.Gateway: {Status: http.StatusGatewayTimeout, Body: "<html>504</html>"},
		channeltest.Garbage: {Accept: true, Body: "<html>welcome</html>"},
		channeltest.Empty:   {Accept: true, Body: "{}"},
		channeltest.Lost:    {Accept: true, Close: true},
		channeltest.Hanging: {Accept: true, Hang: true},
	}
	return func(r Request) *Fault {
		if f, ok := codes[trouble]; ok {
			return &f
		}
		if f, ok := faults[trouble]; ok {
			return &f
		}
		return &Fault{Code: 100, Message: "Param: " + TestToken + " " + r.Text}
	}
}

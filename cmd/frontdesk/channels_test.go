package main

import (
	"errors"
	"io"
	"maps"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

func graphChannel(name, kind, account, secret string) channelConfig {
	return channelConfig{
		name: name, kind: kind, account: account, accessToken: "EAAG", appSecret: meta.Secret(secret), verifyToken: "verify",
		graphURL: meta.DefaultURL, graphVersion: meta.DefaultVersion, unknownWait: 2 * time.Minute,
	}
}

func TestAWebhookSpeaksOnlyForAccountsOfItsOwnApp(t *testing.T) {
	t.Parallel()
	all := []channelConfig{
		graphChannel("sales", "whatsapp", "1", "ours"),
		graphChannel("repairs", "whatsapp", "2", "ours"),
		graphChannel("partner", "whatsapp", "3", "theirs"),
		graphChannel("page", "messenger", "1", "ours"),
		{name: "web", kind: "webchat"},
	}
	for _, tt := range []struct {
		kind, secret string
		want         map[string]string
	}{
		{"whatsapp", "ours", map[string]string{"1": "sales", "2": "repairs"}},
		{"whatsapp", "theirs", map[string]string{"3": "partner"}},
		{"messenger", "ours", map[string]string{"1": "page"}},
		{"messenger", "theirs", map[string]string{}},
	} {
		t.Run(tt.kind+" "+tt.secret, func(t *testing.T) {
			t.Parallel()
			if got := accountsOf(all, tt.kind, meta.Secret(tt.secret)); !maps.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

func TestEveryChannelThatCannotBeIsToldAtOnce(t *testing.T) {
	t.Parallel()
	_, _, err := newPlatforms([]channelConfig{
		graphChannel("a", "whatsapp", "no number", marker+" with a space"),
		graphChannel("b", "carrier pigeon", "1", marker),
		graphChannel("c", "messenger", "1", ""),
	}, io.Discard)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, part := range []string{`"a"`, `"b"`, "carrier pigeon", `"c"`, "app_secret"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not told: %v", part, err)
		}
	}
	if strings.Contains(err.Error(), marker) {
		t.Errorf("a secret is shown: %v", err)
	}
}

// gone is a terminal that was closed.
type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWhatTheDemoPrints(t *testing.T) {
	t.Parallel()
	ch := graphChannel("whatsapp", "whatsapp", "12", "app")
	ch.printed = true
	var out strings.Builder
	channels, _, err := newPlatforms([]channelConfig{ch}, &out)
	if err != nil {
		t.Fatal(err)
	}
	if wait := channels[0].Limits().UnknownWait; wait != 0 {
		t.Errorf("waits %s for a receipt that never comes", wait)
	}
	message := bot.Message{Conversation: "c", Seq: 3, Text: "Hi \x1b[2JMara\nHow can we help?", Choices: []bot.Choice{{Title: "Prices"}, {Title: "\aRepairs"}}}
	sent, err := channels[0].Send(t.Context(), bot.Outgoing{Message: message})
	if err != nil || sent.ExternalID != "printed-c-3" {
		t.Errorf("%+v, %v", sent, err)
	}
	const want = "whatsapp > Hi ·[2JMara\n    How can we help?\n    [Prices]\n    [·Repairs]\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	channels, _, err = newPlatforms([]channelConfig{ch}, gone{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = channels[0].Send(t.Context(), bot.Outgoing{Message: message})
	if fault, ok := errors.AsType[*bot.SendError](err); !ok || fault.Class != bot.ClassRetry {
		t.Errorf("error %v, want one to retry", err)
	}
}

// at is a listener that only has an address.
type at struct {
	net.Listener
	addr string
}

func (a at) Addr() net.Addr {
	addr, _ := net.ResolveTCPAddr("tcp", a.addr)
	return addr
}

func TestWhatIsAnnounced(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		app    *app
		config config
		want   string
	}{
		{
			"everything",
			&app{publicAt: at{addr: "127.0.0.1:8080"}, opsAt: at{addr: "127.0.0.1:9090"}, chat: true, hooks: []string{"whatsapp", "messenger"}},
			config{off: []string{"sales"}},
			"chat     http://127.0.0.1:8080/chat\ninbox    http://127.0.0.1:8080/inbox\n" +
				"webhook  http://127.0.0.1:8080/webhooks/whatsapp\nwebhook  http://127.0.0.1:8080/webhooks/messenger\n" +
				"ops      http://127.0.0.1:9090\noff      sales: none of its secrets is set\n",
		},
		{
			"behind a proxy only the outside address is of use", &app{publicAt: at{addr: "10.0.0.1:8080"}},
			config{publicURL: "https://desk.example.org"},
			"inbox    https://desk.example.org/inbox\n",
		},
		{"every address of the machine", &app{publicAt: at{addr: "0.0.0.0:80"}}, config{}, "inbox    http://localhost:80/inbox\n"},
		{"every address of six bytes more", &app{publicAt: at{addr: "[::]:80"}, opsAt: at{addr: "[::1]:90"}}, config{}, "inbox    http://localhost:80/inbox\nops      http://[::1]:90\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			tt.app.announce(&out, tt.config)
			if diff := cmp.Diff(tt.want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

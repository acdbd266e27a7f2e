package messenger_test

import (
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/channeltest"
	"frontdesk/adapters/messenger"
	"frontdesk/adapters/meta"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

func config(url string) messenger.Config {
	return messenger.Config{
		Name: "messenger", PageID: metatest.TestPage, GraphURL: url,
		AccessToken: metatest.TestToken, AppSecret: metatest.TestSecret, VerifyToken: metatest.TestVerify,
	}
}

func open(t testing.TB, url string) *messenger.Channel {
	t.Helper()
	c, err := messenger.New(config(url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestChannel(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) channeltest.Harness {
		to := []bot.Alias{{Channel: "messenger", Kind: "psid", Value: "PSID_42"}}
		return metatest.Harness(t, meta.Messenger, to, func(url string) bot.Channel { return open(t, url) })
	})
}

func TestAPageIsAsFastAsIsAllowedForLong(t *testing.T) {
	t.Parallel()
	for rate, want := range map[int]bot.Pace{
		0: {Rate: 40, Burst: 4, Host: "127.0.0.1:1"}, 300: {Rate: 300, Burst: 30, Host: "127.0.0.1:1"},
	} {
		c := config("http://127.0.0.1:1")
		c.Rate = rate
		channel, err := messenger.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := channel.Limits().Pace; got != want {
			t.Errorf("with rate %d the pace is %+v, want %+v", rate, got, want)
		}
	}
}

func TestAProbeAsksForThePage(t *testing.T) {
	t.Parallel()
	g := metatest.NewGraph(t, metatest.Options{Token: metatest.TestToken, Pages: []string{metatest.TestPage}})
	if err := open(t, g.URL()).Probe(t.Context()); err != nil || g.Probes() != 1 {
		t.Errorf("%v after %d probes", err, g.Probes())
	}
}

func TestNewReportsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	_, err := messenger.New(messenger.Config{
		PageID: "my page", GraphURL: "ftp://graph.example", GraphVersion: "26",
		AccessToken: "EAA pasted\nbadly", UnknownWait: -time.Second, Rate: -1,
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"name: missing", "page_id: ", "app_secret: missing", "verify_token: missing",
		"unknown_wait: ", "rate: ", "graph_url: ", "graph_version: ", "access_token: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "pasted") {
		t.Errorf("the error shows the token: %v", err)
	}
}

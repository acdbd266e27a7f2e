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

func TestNewReportsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	_, err := messenger.New(messenger.Config{
		PageID: "my page", GraphURL: "ftp://graph.example", GraphVersion: "26",
		AccessToken: "EAA pasted\nbadly", UnknownWait: -time.Second,
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"name: missing", "page_id: ", "app_secret: missing", "verify_token: missing",
		"unknown_wait: ", "graph_url: ", "graph_version: ", "access_token: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "pasted") {
		t.Errorf("the error shows the token: %v", err)
	}
}

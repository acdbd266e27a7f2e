package whatsapp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/channeltest"
	"frontdesk/adapters/meta"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/adapters/whatsapp"
	"frontdesk/bot"
)

func config(url string) whatsapp.Config {
	return whatsapp.Config{
		Name: "whatsapp", PhoneNumberID: metatest.TestNumber, GraphURL: url,
		AccessToken: metatest.TestToken, AppSecret: metatest.TestSecret, VerifyToken: metatest.TestVerify,
	}
}

func open(t testing.TB, url string) *whatsapp.Channel {
	t.Helper()
	c, err := whatsapp.New(config(url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestChannel(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) channeltest.Harness {
		to := []bot.Alias{
			{Channel: "whatsapp", Kind: "user_id", Value: "GB.7H2K9Q4ZT0"},
			{Channel: "whatsapp", Kind: "phone", Value: "447700900123"},
		}
		return metatest.Harness(t, meta.WhatsApp, to, func(url string) bot.Channel { return open(t, url) })
	})
}

func TestNewReportsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	_, err := whatsapp.New(whatsapp.Config{
		PhoneNumberID: "+15550100900", GraphURL: "http://graph.example", GraphVersion: "26",
		AccessToken: "EAA pasted\nbadly", ListButton: strings.Repeat("x", 21), UnknownWait: -time.Second, Rate: 5001,
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"name: missing", "phone_number_id: ", "app_secret: missing", "verify_token: missing",
		"list_button: ", "unknown_wait: ", "rate: ", "graph_url: ", "graph_version: ", "access_token: ",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "pasted") {
		t.Errorf("the error shows the token: %v", err)
	}
}

func TestANumberIsAsFastAsMetaAllows(t *testing.T) {
	t.Parallel()
	for rate, want := range map[int]bot.Pace{
		0:    {Rate: 80, Burst: 8, Pair: 6 * time.Second, PairBurst: 45, Host: "127.0.0.1:1"},
		1000: {Rate: 1000, Burst: 100, Pair: 6 * time.Second, PairBurst: 45, Host: "127.0.0.1:1"},
	} {
		c := config("http://127.0.0.1:1")
		c.Rate = rate
		channel, err := whatsapp.New(c)
		if err != nil {
			t.Fatal(err)
		}
		if got := channel.Limits().Pace; got != want {
			t.Errorf("with rate %d the pace is %+v, want %+v", rate, got, want)
		}
	}
}

func TestAProbeAsksForTheNumber(t *testing.T) {
	t.Parallel()
	g := metatest.NewGraph(t, metatest.Options{Token: metatest.TestToken, Numbers: []string{metatest.TestNumber}})
	if err := open(t, g.URL()).Probe(t.Context()); err != nil || g.Probes() != 1 {
		t.Errorf("%v after %d probes", err, g.Probes())
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	user := bot.Alias{Channel: "whatsapp", Kind: "user_id", Value: "GB.7H2K9Q4ZT0"}
	phone := bot.Alias{Channel: "whatsapp", Kind: "phone", Value: "447700900123"}
	wide := bot.Alias{Channel: "whatsapp", Kind: "user_id", Value: "GB.ENT.7H2K9Q4ZT0"}
	for name, c := range map[string]struct {
		to   []bot.Alias
		want []string // who was tried, in order
		fail func(n int, r metatest.Request) *metatest.Fault
	}{
		"a user id is sent to as it is":             {to: []bot.Alias{user}, want: []string{"GB.7H2K9Q4ZT0"}},
		"a phone gets its plus":                     {to: []bot.Alias{phone}, want: []string{"+447700900123"}},
		"the first of both is used":                 {to: []bot.Alias{user, phone}, want: []string{"GB.7H2K9Q4ZT0"}},
		"an id across portfolios cannot be sent to": {to: []bot.Alias{wide, phone}, want: []string{"+447700900123"}},
		"what needs the number is sent to the number": {
			to: []bot.Alias{user, phone}, want: []string{"GB.7H2K9Q4ZT0", "+447700900123"},
			fail: func(n int, _ metatest.Request) *metatest.Fault {
				if n == 1 {
					return &metatest.Fault{Code: 131062}
				}
				return nil
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tried := make(chan string, 10)
			g := metatest.NewGraph(t, metatest.Options{
				Token: metatest.TestToken, Numbers: []string{metatest.TestNumber},
				Fail: func(n int, r metatest.Request) *metatest.Fault {
					tried <- r.To
					if c.fail == nil {
						return nil
					}
					return c.fail(n, r)
				},
			})
			sent, err := open(t, g.URL()).Send(t.Context(), bot.Outgoing{To: c.to, Message: bot.Message{Conversation: "c1", Seq: 1, Text: "Hi"}})
			if err != nil {
				t.Fatal(err)
			}
			close(tried)
			var got []string
			for to := range tried {
				got = append(got, to)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("it tried %v, want %v", got, c.want)
			}
			if len(sent.Aliases) != 0 {
				t.Errorf("it told the aliases %v, which were known", sent.Aliases)
			}
		})
	}
}

// An answer may tell another number than was sent to, and a user id.
func TestSendLearnsAliases(t *testing.T) {
	t.Parallel()
	g := metatest.NewGraph(t, metatest.Options{
		Numbers: []string{metatest.TestNumber},
		Fail: func(int, metatest.Request) *metatest.Fault {
			return &metatest.Fault{Body: `{"messaging_product":"whatsapp","contacts":[{"input":"+5215550100","wa_id":"525550100","user_id":"MX.A1"}],"messages":[{"id":"wamid.X"}]}`}
		},
	})
	sent, err := open(t, g.URL()).Send(t.Context(), bot.Outgoing{
		To:      []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: "5215550100"}},
		Message: bot.Message{Conversation: "c1", Seq: 1, Text: "Hola"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.Alias{{Channel: "whatsapp", Kind: "user_id", Value: "MX.A1"}, {Channel: "whatsapp", Kind: "phone", Value: "525550100"}}
	if len(sent.Aliases) != 2 || sent.Aliases[0] != want[0] || sent.Aliases[1] != want[1] || sent.ExternalID != "wamid.X" {
		t.Errorf("got %+v", sent)
	}
}

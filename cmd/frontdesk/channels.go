package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"frontdesk/adapters/messenger"
	"frontdesk/adapters/meta"
	"frontdesk/adapters/web"
	"frontdesk/adapters/whatsapp"
	"frontdesk/bot"
)

// platform is a channel of Meta's as this package sees it.
type platform interface {
	bot.Channel
	Challenge(q url.Values) (string, bool)
	Decode(h http.Header, body []byte, accounts map[string]string) (bot.Batch, error)
}

// newPlatform makes the channel that c describes.
func newPlatform(c channelConfig) (platform, error) {
	switch c.kind {
	case "whatsapp":
		return whatsapp.New(whatsapp.Config{
			Name: c.name, PhoneNumberID: c.account,
			AccessToken: c.accessToken, AppSecret: c.appSecret, VerifyToken: c.verifyToken,
			GraphURL: c.graphURL, GraphVersion: c.graphVersion, UnknownWait: c.unknownWait, Rate: c.rate, Window: c.window, Cap: c.cap,
		})
	case "messenger":
		return messenger.New(messenger.Config{
			Name: c.name, PageID: c.account,
			AccessToken: c.accessToken, AppSecret: c.appSecret, VerifyToken: c.verifyToken,
			GraphURL: c.graphURL, GraphVersion: c.graphVersion, UnknownWait: c.unknownWait, Rate: c.rate, Window: c.window,
		})
	default:
		return nil, fmt.Errorf("channel %q: unknown kind %q", c.name, c.kind)
	}
}

// newPlatforms makes every channel of Meta's, and its webhook.
func newPlatforms(configs []channelConfig, printTo io.Writer) ([]bot.Channel, []web.Webhook, error) {
	var (
		channels []bot.Channel
		hooks    []web.Webhook
		faults   []error
	)
	for _, c := range configs {
		if c.kind == "webchat" {
			continue
		}
		p, err := newPlatform(c)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		accounts := accountsOf(configs, c.kind, c.appSecret)
		hooks = append(hooks, web.Webhook{
			Name:      c.name,
			Challenge: p.Challenge,
			Decode: func(h http.Header, body []byte) (bot.Batch, error) {
				return p.Decode(h, body, accounts)
			},
		})
		if c.printed {
			channels = append(channels, printed{Channel: p, to: printTo})
			continue
		}
		channels = append(channels, p)
	}
	return channels, hooks, errors.Join(faults...)
}

// accountsOf maps the accounts of a kind to their channels, as one webhook may
// speak of several. Only accounts of the same app secret: whoever can sign for
// one app must not speak for another's customers.
func accountsOf(configs []channelConfig, kind string, secret meta.Secret) map[string]string {
	accounts := make(map[string]string)
	for _, c := range configs {
		if c.kind == kind && c.appSecret == secret {
			accounts[c.account] = c.name
		}
	}
	return accounts
}

// printed is a channel without an access token in the demo: it receives as
// ever, and what it would send is printed.
type printed struct {
	bot.Channel
	to io.Writer
}

// Limits are the channel's own; printing twice does no harm.
func (p printed) Limits() bot.Limits {
	l := p.Channel.Limits()
	l.UnknownWait = 0
	return l
}

// Send prints the message.
func (p printed) Send(_ context.Context, o bot.Outgoing) (bot.Sent, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s > %s\n", p.Name(), strings.ReplaceAll(printable(o.Message.Text), "\n", "\n    "))
	for _, c := range o.Message.Choices {
		fmt.Fprintf(&b, "    [%s]\n", printable(c.Title))
	}
	if _, err := io.WriteString(p.to, b.String()); err != nil {
		return bot.Sent{}, &bot.SendError{Class: bot.ClassRetry, Code: "print", Reason: "the terminal is gone"}
	}
	return bot.Sent{ExternalID: "printed-" + o.Message.ID()}, nil
}

// printable keeps what a terminal might obey out of a text: a customer's name
// may be in it.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, s)
}

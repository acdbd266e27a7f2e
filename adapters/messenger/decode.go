package messenger

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// object is what webhooks of Messenger are for.
const object = "page"

// The envelope of a webhook (Meta, Messenger webhooks). Elements are read one by
// one, so that an odd one does not lose its neighbours.
type (
	envelope struct {
		Object string            `json:"object"`
		Entry  []json.RawMessage `json:"entry"`
	}
	entry struct {
		ID        string            `json:"id"`
		Time      meta.Number       `json:"time"`
		Messaging []json.RawMessage `json:"messaging"`
		Standby   []json.RawMessage `json:"standby"`
		Changes   []json.RawMessage `json:"changes"`
	}
)

// Decode checks the signature of a webhook and then reads it. It returns
// bot.ErrSignature, or an error that wraps bot.ErrMalformed and names what is
// wrong; both mean that nothing was read. It does no I/O and may be called from
// many goroutines.
//
// accounts maps the page id of every Messenger channel of this app to its name;
// each entry is resolved for itself. This channel's own page need not be in it.
// Nothing is dropped: what is no message or receipt becomes an event:
// "unknown_account", "malformed", "echo" (somebody answered elsewhere), "standby"
// (another app owns the conversation), "deleted", "user_ref", or the platform's
// key.
func (c *Channel) Decode(h http.Header, body []byte, accounts map[string]string) (bot.Batch, error) {
	if err := meta.Verify(c.secret(), h, body); err != nil {
		return bot.Batch{}, err
	}
	var e envelope
	whole, err := meta.Fill(body, &e)
	if err != nil {
		return bot.Batch{}, fmt.Errorf("messenger webhook: %w", err)
	}
	if e.Object != object {
		return bot.Batch{}, fmt.Errorf("messenger webhook: object is not %q: %w", object, bot.ErrMalformed)
	}
	d := decoder{own: &c.config, accounts: accounts}
	if !whole {
		d.event(c.config.Name, "malformed", time.Time{}, body)
	}
	for _, raw := range e.Entry {
		d.entry(raw)
	}
	return d.batch, nil
}

// decoder fills the batch of one webhook.
type decoder struct {
	own      *Config
	accounts map[string]string
	batch    bot.Batch
}

// channel gives the name of the channel with this page id.
func (d *decoder) channel(id string) (name string, ok bool) {
	if name, ok = d.accounts[id]; ok {
		return name, true
	}
	return d.own.Name, id == d.own.PageID
}

// event keeps raw as it came; what is absent is null.
func (d *decoder) event(channel, kind string, at time.Time, raw []byte) {
	if len(raw) == 0 {
		raw = []byte("null")
	}
	d.batch.Events = append(d.batch.Events, bot.Event{
		Channel: channel, Kind: cmp.Or(meta.Clip(kind, kindLimit), "malformed"), At: at, Body: append([]byte(nil), raw...),
	})
}

// kindLimit bounds the platform's word for an event or a type.
const kindLimit = 64

func (d *decoder) entry(raw []byte) {
	var e entry
	whole, err := meta.Fill(raw, &e)
	at, _ := e.Time.Time()
	channel, known := d.channel(e.ID)
	switch {
	case err != nil || e.ID == "":
		d.event(channel, "malformed", at, raw)
		return
	case !known:
		d.event(channel, "unknown_account", at, raw)
		return
	case !whole:
		d.event(channel, "malformed", at, raw)
	}
	for _, raw := range e.Messaging {
		d.item(channel, raw)
	}
	// Another app owns these conversations: to be stored, not to be answered
	// (Meta, Conversation Routing, 2025-09-24).
	for _, raw := range e.Standby {
		d.event(channel, "standby", at, raw)
	}
	for _, raw := range e.Changes {
		d.event(channel, "changes", at, raw)
	}
}

// item is an element of messaging[]: besides sender, recipient and timestamp it
// has exactly one key, which says what happened.
type item struct {
	Sender struct {
		ID      string `json:"id"`
		UserRef string `json:"user_ref"` // of a checkbox plugin; nobody can be known by it
	} `json:"sender"`
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	Timestamp meta.Number `json:"timestamp"`
	Message   *message    `json:"message"`
	Postback  *postback   `json:"postback"`
	Reaction  *reaction   `json:"reaction"`
	Delivery  *delivery   `json:"delivery"`
	Read      *read       `json:"read"`
	Referral  *referral   `json:"referral"`
}

func (d *decoder) item(channel string, raw []byte) {
	var i item
	_, err := meta.Fill(raw, &i)
	at, timed := i.Timestamp.Time()
	e := element{channel: channel, at: at, raw: raw}
	switch {
	case err != nil:
		d.event(channel, "malformed", at, raw)
	case i.Message != nil && i.Message.IsEcho:
		// The page is the sender of an echo, and the person its recipient.
		d.echo(e, i.Message)
	case i.Sender.ID == "" && i.Sender.UserRef != "":
		d.event(channel, "user_ref", at, raw)
	case i.Message == nil && i.Postback == nil && i.Reaction == nil && i.Delivery == nil && i.Read == nil && i.Referral == nil:
		d.event(channel, word(raw), at, raw)
	case meta.ID(i.Sender.ID) == "" || !timed:
		d.event(channel, "malformed", at, raw)
	default:
		e.from = []bot.Alias{{Channel: channel, Kind: kindPSID, Value: i.Sender.ID}}
		d.known(e, &i)
	}
}

// element is what the items of a page have in common.
type element struct {
	channel string
	at      time.Time
	from    []bot.Alias
	raw     []byte
}

func (d *decoder) known(e element, i *item) {
	switch {
	case i.Message != nil:
		d.message(e, i.Message)
	case i.Postback != nil:
		d.postback(e, i.Postback)
	case i.Reaction != nil:
		d.reaction(e, i.Reaction)
	case i.Delivery != nil:
		d.delivery(e, i.Delivery)
	case i.Read != nil:
		d.read(e, i.Read)
	case i.Referral != nil:
		d.referral(e, i.Referral)
	}
}

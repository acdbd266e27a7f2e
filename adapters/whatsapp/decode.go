package whatsapp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// object is what webhooks of WhatsApp are for.
const object = "whatsapp_business_account"

// The envelope of a webhook (Meta, OpenAPI document, 2025-11-21). V is what its
// values are read into, and C, M and S what the elements of a value are.
type (
	envelope[V any] struct {
		Object string     `json:"object"`
		Entry  []entry[V] `json:"entry"`
	}
	entry[V any] struct {
		Time    meta.Number `json:"time"` // absent for messages
		Changes []change[V] `json:"changes"`
	}
	change[V any] struct {
		Field string `json:"field"`
		Value V      `json:"value"`
	}
	value[C, M, S any] struct {
		Metadata struct {
			PhoneNumberID string `json:"phone_number_id"`
		} `json:"metadata"`
		Contacts []C               `json:"contacts"`
		Messages []M               `json:"messages"`
		Statuses []S               `json:"statuses"`
		Errors   []json.RawMessage `json:"errors"`
	}
	raw = json.RawMessage
)

// fieldMessages is the field of messages and of their statuses.
const fieldMessages = "messages"

// Decode checks the signature of a webhook and then reads it. It returns
// bot.ErrSignature, or an error that wraps bot.ErrMalformed and names what is
// wrong; both mean that nothing was read. It does no I/O and may be called from
// many goroutines.
//
// One webhook carries up to 1,000 updates, and perhaps of several numbers (Meta,
// create-webhook-endpoint, 2026-06-17): accounts maps the phone_number_id of
// every WhatsApp channel of this app to its name, and each change is resolved
// for itself. This channel's own number need not be in it. Nothing is dropped:
// a type that we do not know becomes a message of KindUnsupported, and what is
// no message or receipt an event: "unknown_account", "malformed", "errors",
// "group", "system", "status", or the field's name.
func (c *Channel) Decode(h http.Header, body []byte, accounts map[string]string) (bot.Batch, error) {
	if err := meta.Verify(c.secret(), h, body); err != nil {
		return bot.Batch{}, err
	}
	d := decoder{own: &c.config, accounts: accounts}
	if b, ok := d.usual(body); ok {
		return b, nil
	}
	err := d.careful(body)
	return d.batch, err
}

// decoder fills the batch of one webhook.
type decoder struct {
	own      *Config
	accounts map[string]string
	batch    bot.Batch
}

// channel gives the name of the channel with this phone_number_id.
func (d *decoder) channel(id string) (name string, ok bool) {
	if name, ok = d.accounts[id]; ok {
		return name, true
	}
	return d.own.Name, id == d.own.PhoneNumberID
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

// careful reads any webhook. Elements are read one by one, so that an odd one
// does not lose its neighbours.
func (d *decoder) careful(body []byte) error {
	var e envelope[raw]
	whole, err := meta.Fill(body, &e)
	if err != nil {
		return fmt.Errorf("whatsapp webhook: %w", err)
	}
	if e.Object != object {
		return fmt.Errorf("whatsapp webhook: object is not %q: %w", object, bot.ErrMalformed)
	}
	if !whole {
		// An entry or a change is of the wrong type: all is kept, and what can be read is read.
		d.event(d.own.Name, "malformed", time.Time{}, body)
	}
	for _, entry := range e.Entry {
		at, _ := entry.Time.Time()
		for _, change := range entry.Changes {
			d.change(change, at)
		}
	}
	return nil
}

func (d *decoder) change(ch change[raw], at time.Time) {
	var v value[raw, raw, raw]
	whole, err := meta.Fill(ch.Value, &v)
	channel, known := d.channel(v.Metadata.PhoneNumberID)
	switch {
	case ch.Field != fieldMessages && ch.Field != "":
		// Account news have no metadata; messages typed in the Business app and
		// those of Meta's own agent have, but are not for us to answer.
		d.event(channel, ch.Field, at, ch.Value)
		return
	case ch.Field == "" || err != nil:
		d.event(channel, "malformed", at, ch.Value)
		return
	case !known:
		d.event(channel, "unknown_account", at, ch.Value)
		return
	case !whole:
		d.event(channel, "malformed", at, ch.Value)
	}
	people := contacts{}
	for _, raw := range v.Contacts {
		c := new(contact)
		if _, err := meta.Fill(raw, c); err == nil {
			people.add(c)
		}
	}
	for _, raw := range v.Messages {
		d.message(channel, people, raw)
	}
	for _, raw := range v.Statuses {
		d.status(channel, raw)
	}
	for _, raw := range v.Errors {
		d.event(channel, "errors", at, raw)
	}
}

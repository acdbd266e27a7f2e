package whatsapp

import (
	"encoding/json"

	"frontdesk/bot"
)

// usual reads a webhook in one pass instead of one for each of its levels, which
// nearly all can be: everything in it has the type that it should have, and
// nothing is to be kept as it came. ok is false for any other, see careful.
func (d *decoder) usual(body []byte) (b bot.Batch, ok bool) {
	var e envelope[usualValue]
	if json.Unmarshal(body, &e) != nil || e.Object != object {
		return bot.Batch{}, false
	}
	for _, entry := range e.Entry {
		for i := range entry.Changes {
			ch := &entry.Changes[i]
			channel, known := d.channel(ch.Value.Metadata.PhoneNumberID)
			if !known || ch.Field != fieldMessages || !ch.Value.into(&b, channel) {
				return bot.Batch{}, false
			}
		}
	}
	return b, true
}

type usualValue value[contact, message, status]

// into appends what the value holds to b; false when part of it is an event.
func (v *usualValue) into(b *bot.Batch, channel string) bool {
	people := contacts{}
	for i := range v.Contacts {
		people.add(&v.Contacts[i])
	}
	for i := range v.Messages {
		in, odd := v.Messages[i].inbound(channel, people)
		if odd != "" {
			return false
		}
		b.Messages = append(b.Messages, in)
	}
	for i := range v.Statuses {
		r, odd := v.Statuses[i].receipt(channel)
		if odd != "" {
			return false
		}
		b.Receipts = append(b.Receipts, r)
	}
	return len(v.Errors) == 0
}

package messenger

import (
	"encoding/json"
	"maps"
	"slices"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// delivery says that the messages mids, and all up to watermark, have arrived
// (Meta, Messenger webhooks). mids may be missing.
type delivery struct {
	MIDs      []string    `json:"mids"`
	Watermark meta.Number `json:"watermark"`
}

// read says that all messages up to watermark were read.
type read struct {
	Watermark meta.Number `json:"watermark"`
}

func (d *decoder) delivery(e element, v *delivery) {
	for _, mid := range v.MIDs {
		if meta.ID(mid) != "" {
			d.batch.Receipts = append(d.batch.Receipts, bot.Receipt{
				Channel: e.channel, From: e.from, ExternalID: mid, State: bot.StateDelivered, At: e.at,
			})
		}
	}
	if !d.watermark(e, v.Watermark, bot.StateDelivered) && len(v.MIDs) == 0 {
		d.event(e.channel, "malformed", e.at, e.raw)
	}
}

func (d *decoder) read(e element, v *read) {
	if !d.watermark(e, v.Watermark, bot.StateRead) {
		d.event(e.channel, "malformed", e.at, e.raw)
	}
}

func (d *decoder) watermark(e element, n meta.Number, state bot.MessageState) bool {
	until, ok := n.Time()
	if ok {
		d.batch.Receipts = append(d.batch.Receipts, bot.Receipt{
			Channel: e.channel, From: e.from, Until: until, State: state, At: e.at,
		})
	}
	return ok
}

// echo is what the page sent: by us when it has our metadata, which settles a
// send whose answer was lost, and otherwise by a person elsewhere or another app.
func (d *decoder) echo(e element, m *message) {
	if _, _, err := bot.ParseMessageID(m.Metadata); err != nil || meta.ID(m.Metadata) == "" || meta.ID(m.MID) == "" || e.at.IsZero() {
		d.event(e.channel, "echo", e.at, e.raw)
		return
	}
	d.batch.Receipts = append(d.batch.Receipts, bot.Receipt{
		Channel: e.channel, Message: m.Metadata, ExternalID: m.MID, State: bot.StateSent, At: e.at,
	})
}

// word is the key that says what happened, for items that we do not know.
func word(raw []byte) string {
	var keys map[string]json.RawMessage
	if _, err := meta.Fill(raw, &keys); err != nil {
		return "malformed"
	}
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if k != "sender" && k != "recipient" && k != "timestamp" && k != "" {
			return k
		}
	}
	return "malformed"
}

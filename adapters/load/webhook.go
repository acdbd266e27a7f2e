package load

import (
	"strconv"
	"time"
)

// writer writes webhooks of customers as Meta does, by hand: every
// microsecond spent here is one that the program under load does not have.
type writer struct {
	run      run
	channels []Channel
}

// person is one message and the number in its sender's name.
type person struct {
	slot
	name int
}

// messages appends the webhook of some messages of one channel.
func (w *writer) messages(b []byte, channel int, people []person, at time.Time) []byte {
	b = w.open(b, channel)
	b = append(b, `,"contacts":[`...)
	for i, p := range people {
		b = comma(b, i)
		b = append(b, `{"profile":{"name":"`...)
		b = appendLabel(b, slot{p.sender, p.name})
		b = append(b, `"},"wa_id":"`...)
		b = w.run.appendPhone(b, p.sender)
		b = append(b, `","user_id":"`...)
		b = w.run.appendUser(b, p.sender)
		b = append(b, `"}`...)
	}
	b = append(b, `],"messages":[`...)
	for i, p := range people {
		b = comma(b, i)
		b = append(b, `{"from":"`...)
		b = w.run.appendPhone(b, p.sender)
		b = append(b, `","from_user_id":"`...)
		b = w.run.appendUser(b, p.sender)
		b = append(b, `","id":"wamid.LOAD`...)
		b = append(b, w.run...)
		b = append(b, '.')
		b = appendLabel(b, p.slot)
		b = append(b, `","timestamp":"`...)
		b = strconv.AppendInt(b, at.Unix(), 10)
		b = append(b, `","type":"text","text":{"body":"`...)
		b = appendLabel(b, p.slot)
		b = append(b, `"}}`...)
	}
	return append(b, `]}}]}]}`...)
}

// told is a status of an answer.
type told struct {
	id, callback, status string
	sender               int
}

// statuses appends the webhook of some statuses of one channel.
func (w *writer) statuses(b []byte, channel int, all []told, at time.Time) []byte {
	b = w.open(b, channel)
	b = append(b, `,"statuses":[`...)
	for i, s := range all {
		b = comma(b, i)
		b = append(b, `{"id":"`...)
		b = append(b, s.id...)
		b = append(b, `","status":"`...)
		b = append(b, s.status...)
		b = append(b, `","timestamp":"`...)
		b = strconv.AppendInt(b, at.Unix(), 10)
		b = append(b, `","recipient_id":"`...)
		b = w.run.appendPhone(b, s.sender)
		b = append(b, `","recipient_user_id":"`...)
		b = w.run.appendUser(b, s.sender)
		if s.callback != "" {
			b = append(b, `","biz_opaque_callback_data":"`...)
			b = append(b, s.callback...)
		}
		b = append(b, `","pricing":{"billable":false,"pricing_model":"PMP","type":"free_customer_service","category":"service"}}`...)
	}
	return append(b, `]}}]}]}`...)
}

func (w *writer) open(b []byte, channel int) []byte {
	b = append(b, `{"object":"whatsapp_business_account","entry":[{"id":"800900100200300","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100900","phone_number_id":"`...)
	b = append(b, w.channels[channel].Number...)
	return append(b, `"}`...)
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return b
}

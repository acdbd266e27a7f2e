package metatest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf16"
)

type object = map[string]any

// Person is a customer on WhatsApp. Phone, UserID or both are set.
type Person struct{ Phone, UserID, Name string }

// Webhook is a webhook of one WhatsApp number that is being written. Its methods
// add to it and give it back.
type Webhook struct {
	number                       string
	contacts, messages, statuses []object
}

// WhatsApp begins a webhook of the number with this phone_number_id.
func WhatsApp(phoneNumberID string) *Webhook { return &Webhook{number: phoneNumberID} }

// Message adds a message of any type; content is what stands under the type's name.
func (w *Webhook) Message(from Person, id string, at time.Time, kind string, content any) *Webhook {
	contact := object{"profile": object{"name": from.Name}}
	m := object{"id": id, "timestamp": strconv.FormatInt(at.Unix(), 10), "type": kind, kind: content}
	if from.Phone != "" {
		contact["wa_id"], m["from"] = from.Phone, from.Phone
	}
	if from.UserID != "" {
		contact["user_id"], m["from_user_id"] = from.UserID, from.UserID
	}
	w.contacts, w.messages = append(w.contacts, contact), append(w.messages, m)
	return w
}

// Text adds a typed message.
func (w *Webhook) Text(from Person, id string, at time.Time, text string) *Webhook {
	return w.Message(from, id, at, "text", object{"body": text})
}

// Button adds a tap on a reply button.
func (w *Webhook) Button(from Person, id string, at time.Time, choice, title string) *Webhook {
	return w.Message(from, id, at, "interactive", object{"type": "button_reply", "button_reply": object{"id": choice, "title": title}})
}

// List adds a tap on a row of a list.
func (w *Webhook) List(from Person, id string, at time.Time, choice, title string) *Webhook {
	return w.Message(from, id, at, "interactive", object{"type": "list_reply", "list_reply": object{"id": choice, "title": title}})
}

// Image adds a picture.
func (w *Webhook) Image(from Person, id string, at time.Time, mediaID, caption string) *Webhook {
	return w.Message(from, id, at, "image", object{"id": mediaID, "mime_type": "image/jpeg", "sha256": "c2hh", "caption": caption})
}

// Status adds a status of one of our messages; callback is its id, echoed.
func (w *Webhook) Status(id, status string, at time.Time, callback string) *Webhook {
	s := object{"id": id, "status": status, "timestamp": strconv.FormatInt(at.Unix(), 10), "recipient_id": "447700900123"}
	if callback != "" {
		s["biz_opaque_callback_data"] = callback
	}
	w.statuses = append(w.statuses, s)
	return w
}

// Failed adds a failed status with the platform's error code.
func (w *Webhook) Failed(id string, at time.Time, callback string, code int) *Webhook {
	w.Status(id, "failed", at, callback)
	w.statuses[len(w.statuses)-1]["errors"] = []object{{"code": code, "title": "an error", "message": "an error"}}
	return w
}

// Body is the webhook as Meta sends it.
func (w *Webhook) Body() []byte {
	value := object{"messaging_product": "whatsapp", "metadata": object{"display_phone_number": "15550100900", "phone_number_id": w.number}}
	for key, list := range map[string][]object{"contacts": w.contacts, "messages": w.messages, "statuses": w.statuses} {
		if len(list) > 0 {
			value[key] = list
		}
	}
	return encode(object{"object": "whatsapp_business_account", "entry": []object{
		{"id": "800900100200300", "changes": []object{{"field": "messages", "value": value}}},
	}})
}

// Batch is one webhook with n messages of m people in turn, a second apart.
// Message i (from 0) has the id "wamid.<name><i>".
func Batch(phoneNumberID, name string, n, m int, at time.Time) []byte {
	w := WhatsApp(phoneNumberID)
	for i := range n {
		p := Person{
			Phone:  fmt.Sprintf("4477%08d", i%m),
			UserID: fmt.Sprintf("GB.T%09d", i%m),
			Name:   fmt.Sprintf("Person %d", i%m),
		}
		w.Text(p, fmt.Sprintf("wamid.%s%d", name, i), at.Add(time.Duration(i)*time.Second), fmt.Sprintf("message %d: wo ist mein Päckchen?", i))
	}
	return w.Body()
}

// encode writes JSON as Meta does: all but ASCII escaped, in lower case.
func encode(v any) []byte {
	plain, err := json.Marshal(v)
	if err != nil {
		panic(err) // only strings, numbers and maps go in
	}
	return Escape(plain)
}

// Escape writes everything but ASCII of a JSON text as \uxxxx.
func Escape(plain []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(plain) {
		switch {
		case r < 0x80:
			b.WriteByte(byte(r))
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.Bytes()
}

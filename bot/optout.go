package bot

import "time"

// optOut notes that the customer wants to hear nothing that they do not ask for,
// or takes it back.
func (d *draft) optOut(out bool) {
	if d.contact.OptedOutAt.IsZero() != out {
		return // so it is already
	}
	code, text := "opted_in", "The customer may be written to again"
	d.contact.OptedOutAt = time.Time{}
	if out {
		code, text = "opted_out", "The customer asked to be sent nothing but answers"
		d.contact.OptedOutAt = d.now
	}
	contact := d.contact
	d.Contact = &contact
	d.note(code, "", text)
}

// opts hears a customer who waits for a person say that they opt out. A person
// answers, so nothing is said.
func (d *draft) opts(m Message) {
	if m.Kind != KindText {
		return
	}
	if e, ok := d.rules.current.Opts(m.Text, !d.contact.OptedOutAt.IsZero()); ok {
		d.optOut(e.Out)
	}
}

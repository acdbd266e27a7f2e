package metatest

import "time"

// PageWebhook is a webhook of one page that is being written. Its methods add to
// it and give it back.
type PageWebhook struct {
	page  string
	at    time.Time
	items []object
}

// Page begins a webhook of the page with this id.
func Page(pageID string) *PageWebhook { return &PageWebhook{page: pageID} }

func (w *PageWebhook) add(sender, recipient string, at time.Time, key string, content any) *PageWebhook {
	w.at = at
	w.items = append(w.items, object{
		"sender": object{"id": sender}, "recipient": object{"id": recipient}, "timestamp": at.UnixMilli(), key: content,
	})
	return w
}

// Message adds a typed message.
func (w *PageWebhook) Message(psid, mid string, at time.Time, text string) *PageWebhook {
	return w.add(psid, w.page, at, "message", object{"mid": mid, "text": text})
}

// QuickReply adds a tap on a quick reply.
func (w *PageWebhook) QuickReply(psid, mid string, at time.Time, payload, title string) *PageWebhook {
	return w.add(psid, w.page, at, "message", object{"mid": mid, "text": title, "quick_reply": object{"payload": payload}})
}

// Postback adds a tap on a button; mid may be empty, as in old webhooks.
func (w *PageWebhook) Postback(psid, mid string, at time.Time, payload, title string) *PageWebhook {
	content := object{"payload": payload, "title": title}
	if mid != "" {
		content["mid"] = mid
	}
	return w.add(psid, w.page, at, "postback", content)
}

// Delivery adds that all up to at, and mids, have arrived.
func (w *PageWebhook) Delivery(psid string, at time.Time, mids ...string) *PageWebhook {
	content := object{"watermark": at.UnixMilli()}
	if len(mids) > 0 {
		content["mids"] = mids
	}
	return w.add(psid, w.page, at, "delivery", content)
}

// Read adds that all up to at was read.
func (w *PageWebhook) Read(psid string, at time.Time) *PageWebhook {
	return w.add(psid, w.page, at, "read", object{"watermark": at.UnixMilli()})
}

// Echo adds that the page sent something; without metadata somebody else did.
func (w *PageWebhook) Echo(psid, mid string, at time.Time, text, metadata string) *PageWebhook {
	content := object{"mid": mid, "text": text, "is_echo": true, "app_id": 263902037430900}
	if metadata != "" {
		content["metadata"] = metadata
	}
	return w.add(w.page, psid, at, "message", content)
}

// Body is the webhook as Meta sends it.
func (w *PageWebhook) Body() []byte {
	return encode(object{"object": "page", "entry": []object{{"id": w.page, "time": w.at.UnixMilli(), "messaging": w.items}}})
}

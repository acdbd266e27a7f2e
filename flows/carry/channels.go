package carry

import "time"

// The kinds of channels, as the operator's file and a flow file name them.
const (
	WhatsApp  = "whatsapp"
	Messenger = "messenger"
	Instagram = "instagram"
	Telegram  = "telegram"
	WebChat   = "webchat"
)

const day = 24 * time.Hour

// Kinds are all kinds of channels whose limits are known, best known first.
func Kinds() []string { return []string{WhatsApp, Messenger, Instagram, Telegram, WebChat} }

// Of gives what a kind of channel can carry; false for a kind that nobody knows.
func Of(kind string) (Limits, bool) {
	switch kind {
	case WhatsApp: // Meta, OpenAPI document, 2025-11-21; captions: Meta, messages reference, 2025-12-11
		return Limits{
			Unit: UTF16, Text: 4096, Buttons: 3, ButtonTitle: 20, ButtonText: 1024, List: 10, ListTitle: 24, ListText: 1024,
			Caption: 1024, Header: true, Templates: true, Within: day, Charged: true,
		}, true
	case Messenger: // Meta, Send API, 2026-05-05
		return Limits{Unit: UTF16, Text: 2000, Buttons: 13, ButtonTitle: 20, ButtonText: 2000, Within: day}, true
	case Instagram: // Meta, Instagram messaging: 1,000 bytes of UTF-8, 13 quick replies
		return Limits{Unit: Bytes, Text: 1000, Buttons: 13, ButtonTitle: 20, ButtonText: 1000, Within: day}, true
	case Telegram: // Bot API 10.1, 2026-06-11; keyboards show long titles, if ugly
		return Limits{Unit: UTF16, Text: 4096, Buttons: 100, ButtonTitle: 40, ButtonText: 4096, Caption: 1024, Header: true}, true
	case WebChat:
		return Limits{Unit: UTF16, Text: 4000, Buttons: 10, ButtonTitle: 40, ButtonText: 4000, Caption: 4000, Header: true}, true
	default:
		return Limits{}, false
	}
}

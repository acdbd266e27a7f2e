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
//
// The platforms say "characters" and mostly not which; UTF-16 units are never
// fewer than any other reading, so that a text is never too long.
func Of(kind string) (Limits, bool) {
	switch kind {
	case WhatsApp:
		return whatsApp(), true
	case Messenger:
		return messenger(), true
	case Instagram:
		return instagram(), true
	case Telegram:
		return telegram(), true
	case WebChat:
		return webChat(), true
	default:
		return Limits{}, false
	}
}

func whatsApp() Limits {
	return Limits{
		Unit: UTF16,
		Text: 4096, // Meta, OpenAPI document, 2025-11-21
		// Reply buttons and the body above them: the same document.
		Buttons: 3, ButtonTitle: 20, ButtonText: 1024,
		// Rows in all sections together. Their body may be 4096 long on Meta's page
		// of lists (2026-07-02) and 1024 in the OpenAPI document: the smaller counts.
		List: 10, ListTitle: 24, ListText: 1024,
		ChoiceID: 200,  // of a row; of a button 256: the same document
		Caption:  1024, // image, video and document, none for audio: OpenAPI document
		// A header of buttons may be an image, a video or a document, that of a list
		// text only: OpenAPI document; Meta, interactive messages.
		Header:    true,
		PlaceText: 1024, // the body of an interactive message; it has no header and no other buttons
		Templates: true,
		Within:    day,  // Meta, send-messages, 2025-11-04
		Charged:   true, // after 1,000 a month, Meta, pricing, 2026-09-10
	}
}

func messenger() Limits {
	return Limits{
		Unit: UTF16,
		// Meta, Send API, 2026-05-05. Quick replies stand under a text of full
		// length, where the button template would allow 640. An attachment is a
		// message without text. The only approved messages are utility messages,
		// which need a permission of their own and are not sent here.
		Text: 2000, Buttons: 13, ButtonTitle: 20, ButtonText: 2000, ChoiceID: 1000,
		Within: day, // Meta, Messenger policy, 2026-09-28
	}
}

func instagram() Limits {
	return Limits{
		Unit: Bytes,
		// Meta, Instagram messaging. Quick replies show in the mobile app only;
		// whether their titles count in characters is not said, bytes are never too
		// many. Their payload holds 1000 as Messenger's, or 256: the smaller counts.
		Text: 1000, Buttons: 13, ButtonTitle: 20, ButtonText: 1000, ChoiceID: 256,
		Within: day,
	}
}

func telegram() Limits {
	return Limits{
		Unit: UTF16,
		Text: 4096, // Bot API 10.1, 2026-06-11, sendMessage
		// Keyboards have no limit there for titles or buttons: these are what can
		// still be read. Their callback data holds 64 bytes, which no id of ours may
		// be bound to: the channel must have shorter names for them.
		Buttons: 100, ButtonTitle: 40, ButtonText: 4096,
		Caption: 1024, Header: true, // Bot API 10.1, sendPhoto and its like
	}
}

// webChat is what our own page shows.
func webChat() Limits {
	return Limits{
		Unit: UTF16, Text: 4000, Buttons: 10, ButtonTitle: 40, ButtonText: 4000,
		Caption: 4000, Header: true, PlaceText: 4000, PlaceWith: true,
	}
}

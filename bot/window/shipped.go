package window

import "time"

// HumanAgent is the tag with which a person may answer later on Meta's channels,
// in their own words.
const HumanAgent = "HUMAN_AGENT"

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// The kinds of channels, as the operator's file has them.
const (
	whatsApp  = "whatsapp"
	messenger = "messenger"
	instagram = "instagram"
	x         = "x"
	telegram  = "telegram"
	webChat   = "webchat"
)

// Where platforms say what is in the table, and when.
const (
	sourceWhatsApp  = "Meta, WhatsApp Cloud API, send-messages, 2025-11-04"
	sourceMessenger = "Meta, Messenger policy, 2026-09-28"
	sourceInstagram = "Meta, Instagram messaging policy, checked 2026-09-27"
	sourceX         = "X, developer documentation, 2026-08-22"
	sourceTelegram  = "Telegram, Bot API 10.1, 2026-06-11"
	sourceOurs      = "our own page"
	sourcePricing   = "Meta, WhatsApp pricing, 2026-03-02"
	sourceCharges   = "Meta, WhatsApp pricing, 2026-09-10"
	sourceCards     = "copies of Meta's rate cards of 2026-10-01, not confirmed"
)

// on is a day of the tables. Platforms announce days without an hour; we take
// midnight UTC, so that for some hours a message may count by the neighbouring
// row. What it really cost is told afterwards.
func on(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// Shipped is what is known of the platforms, as of 2026-11-22. Each call gives a
// table of its own.
func Shipped() Table {
	return Table{Rules: rules(), Entries: entries(), Rates: rates(), Free: allotments(), Markets: markets()}
}

// rules: a reaction on WhatsApp starts nothing, as Meta does not say whether it
// counts. The seven days on Meta's other channels are counted from a message only.
func rules() Rules {
	const (
		review   = "the Human Agent feature, by App Review"
		approved = "a template that WhatsApp approved"
		utility  = "an approved utility template and pages_utility_messaging"
	)
	wrote := []Start{StartMessage, StartTap, StartCall, StartAd}
	acted := []Start{StartMessage, StartTap, StartReaction, StartAd, StartLink, StartPlugin}
	direct := []Start{StartMessage, StartTap, StartReaction, StartAd}
	words := []Start{StartMessage}
	return Rules{
		{Channel: whatsApp, Author: Bot, Starts: wrote, Length: day, Source: sourceWhatsApp},
		{Channel: whatsApp, Author: Human, Starts: wrote, Length: day, Source: sourceWhatsApp},
		{Channel: whatsApp, Author: Template, Needs: approved, Source: sourceWhatsApp},

		{Channel: messenger, Author: Bot, Starts: acted, Length: day, Source: sourceMessenger},
		{Channel: messenger, Author: Human, Starts: acted, Length: day, Source: sourceMessenger},
		{Channel: messenger, Author: Human, Starts: words, Length: week, Tag: HumanAgent, Needs: review, Source: sourceMessenger},
		{Channel: messenger, Author: Template, Needs: utility, Source: sourceMessenger},

		{Channel: instagram, Author: Bot, Starts: direct, Length: day, Source: sourceInstagram},
		{Channel: instagram, Author: Human, Starts: direct, Length: day, Source: sourceInstagram},
		{Channel: instagram, Author: Human, Starts: words, Length: week, Tag: HumanAgent, Needs: review, Source: sourceInstagram},

		{Channel: x, Author: Bot, Source: sourceX},
		{Channel: x, Author: Human, Source: sourceX},
		{Channel: telegram, Author: Bot, Source: sourceTelegram},
		{Channel: telegram, Author: Human, Source: sourceTelegram},
		{Channel: webChat, Author: Bot, Source: sourceOurs},
		{Channel: webChat, Author: Human, Source: sourceOurs},
	}
}

// entries: notes on Meta's page of 2026-09-28 speak of up to seven days; that is
// not confirmed, so the shorter one stands.
func entries() []Entry {
	return []Entry{
		{Channel: whatsApp, Start: StartAd, Length: 72 * time.Hour, From: on(2023, time.June, 1), Source: sourcePricing},
	}
}

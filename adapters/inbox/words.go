package inbox

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// reason says why the bot gave up, as a line of its own.
func reason(t handoff.Ticket) string {
	return sentence(t.Why())
}

// sentence begins words with a capital.
func sentence(says string) string { return strings.ToUpper(says[:1]) + says[1:] }

// marked says what it means that an answer goes out with a platform's tag.
func marked(tag string) string {
	return "It goes out marked as a person's own words (" + tag + "): help with what was asked, nothing promotional."
}

// kind says in words what a message without text holds.
func kind(k bot.Kind) string {
	switch k {
	case bot.KindImage:
		return "Picture"
	case bot.KindVideo:
		return "Video"
	case bot.KindAudio:
		return "Voice message"
	case bot.KindDocument:
		return "File"
	case bot.KindSticker:
		return "Sticker"
	case bot.KindLocation:
		return "Place"
	case bot.KindContacts:
		return "Contact card"
	case bot.KindOrder:
		return "Order"
	case bot.KindReaction:
		return "Reaction"
	case bot.KindSystem:
		return "Notice of the platform"
	case bot.KindUnsupported:
		return "Something this channel cannot show"
	case bot.KindText, bot.KindChoice:
		return ""
	default:
		return string(k)
	}
}

// oneLine is a message in a list: its kind, then its words without line breaks.
func oneLine(m bot.Message) string {
	text := strings.Join(strings.Fields(m.Text), " ")
	if k := kind(m.Kind); k != "" {
		return strings.TrimSpace(k + " " + text)
	}
	return text
}

// customer is what a contact is called on a channel; one without a name by the
// address, or else by the end of our id.
func customer(c bot.Contact, channel string) string {
	if name := strings.Join(strings.Fields(c.Name), " "); name != "" {
		return name
	}
	if a, _ := address(c, channel); a != "" {
		return a
	}
	return "Customer …" + c.ID[max(0, len(c.ID)-4):]
}

// address is by what a channel knows a contact, and what that is in words: the
// phone number if there is one, else the platform's id. A visitor of the web
// chat has none: the hash of a cookie tells an agent nothing.
func address(c bot.Contact, channel string) (value, what string) {
	for _, a := range c.Aliases {
		switch {
		case a.Channel != channel || a.Kind == "visitor" || a.Value == "":
		case a.Kind == "phone":
			return phone(a.Value), "Phone number"
		case value == "":
			value, what = a.Value, "The customer's id on this channel"
		}
	}
	return value, what
}

// phone is a number as it is dialled. WhatsApp gives the digits with the country code.
func phone(number string) string {
	if strings.Trim(number, "0123456789") == "" {
		return "+" + number
	}
	return number
}

// initials are for the round mark beside a name.
func initials(name string) string {
	var out []rune
	for word := range strings.FieldsSeq(name) {
		r := []rune(word)[0]
		if len(out) < 2 && r != '…' {
			out = append(out, r)
		}
	}
	return strings.ToUpper(string(out))
}

// hue picks one of eight colours for a contact, always the same one.
func hue(id string) int {
	sum := 0
	for _, b := range []byte(id) {
		sum = (sum*31 + int(b)) % 8
	}
	return sum
}

// chip is a time that runs out. The page's module counts it down with the same words.
type chip struct {
	Text  string
	Level string // "none", "calm", "hour", "soon", "now", "late": a colour
	Title string // the exact time
	Until int64  // Unix milliseconds; 0: no limit
	Past  string // what is said afterwards
}

// countdown is the chip for until, or for no limit when it is zero.
func countdown(until, now time.Time, what, past string, zone *time.Location) chip {
	if until.IsZero() {
		return chip{Text: "no limit", Level: "none", Title: what + ": no limit"}
	}
	left := until.Sub(now)
	c := chip{Text: length(left), Until: until.UnixMilli(), Past: past, Title: what + " " + stamp(until, zone)}
	switch {
	case left <= 0:
		c.Text, c.Level = past, "late"
	case left <= 5*time.Minute:
		c.Level = "now"
	case left <= 30*time.Minute:
		c.Level = "soon"
	case left <= 2*time.Hour:
		c.Level = "hour"
	default:
		c.Level = "calm"
	}
	return c
}

// length is a time span in words: the two largest units, never rounded up, as
// an agent must not think there is more time than there is.
func length(d time.Duration) string {
	minutes := int(d / time.Minute)
	hours, days := minutes/60, minutes/60/24
	switch {
	case minutes < 1:
		return "under 1 min"
	case hours < 1:
		return fmt.Sprintf("%d min", minutes)
	case days < 1 && minutes%60 > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes%60)
	case days < 1:
		return fmt.Sprintf("%d h", hours)
	case hours%24 > 0:
		return fmt.Sprintf("%d d %d h", days, hours%24)
	default:
		return fmt.Sprintf("%d d", days)
	}
}

// age is how long ago something was, in its largest unit.
func age(since, now time.Time) string {
	d := now.Sub(since)
	switch {
	case since.IsZero():
		return ""
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d h", int(d/time.Hour))
	default:
		return fmt.Sprintf("%d d", int(d/(24*time.Hour)))
	}
}

// day is the line between the messages of two days.
func day(t, now time.Time, zone *time.Location) string {
	t, now = t.In(zone), now.In(zone)
	switch {
	case sameDay(t, now):
		return "Today"
	case sameDay(t, now.AddDate(0, 0, -1)):
		return "Yesterday"
	case t.Year() == now.Year():
		return t.Format("Monday, 2 January")
	default:
		return t.Format("Monday, 2 January 2006")
	}
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

func stamp(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("Mon 2 Jan 2006, 15:04 MST")
}

// words is a number with its noun: "1 second", "2 seconds".
func words(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

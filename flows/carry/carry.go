package carry

import (
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// Unit is how a platform counts the length of a text.
type Unit string

// The units.
const (
	UTF16 Unit = "utf16" // UTF-16 code units
	Bytes Unit = "bytes" // UTF-8 bytes
)

// Len is the length of s in u.
func (u Unit) Len(s string) int {
	if u == Bytes {
		return len(s)
	}
	n := 0
	if !utf8.ValidString(s) {
		for _, r := range s {
			n += u.size(r)
		}
		return n
	}
	for i := range len(s) { // one for each first byte of a rune, two where the rune has four bytes
		if c := s[i]; c&0xc0 != 0x80 {
			n++
			if c >= 0xf0 {
				n++
			}
		}
	}
	return n
}

func (u Unit) size(r rune) int {
	if u == Bytes {
		return utf8.RuneLen(r)
	}
	return max(1, utf16.RuneLen(r))
}

// Limits is what a channel can carry. A zero number means that the channel
// cannot do it, except Text, which every channel has.
type Limits struct {
	Unit        Unit
	Text        int           // longest text
	Buttons     int           // most buttons or quick replies of a message
	ButtonTitle int           // longest title of a button
	ButtonText  int           // longest text above buttons
	List        int           // most rows of a list
	ListTitle   int           // longest title of a row
	ListText    int           // longest text above a list
	ChoiceID    int           // longest id of a tappable choice; 0: any
	Caption     int           // longest text of a message with media; 0: the text is a message of its own
	Header      bool          // a picture, video or document may stand above buttons, in one message with at most Caption of text
	PlaceText   int           // longest text above a button that sends the customer's place; 0: there is no such button
	PlaceWith   bool          // choices or a file may stand in one message with that button
	Templates   bool          // messages that the platform approved beforehand
	Within      time.Duration // how long after the customer's message an answer is allowed; 0: always
	Charged     bool          // messages may cost money
}

// Layout is how choices are shown on the channel.
type Layout string

// The layouts.
const (
	LayoutPlain   Layout = ""        // no choices, or written into the text as numbers
	LayoutButtons Layout = "buttons" // buttons or quick replies
	LayoutList    Layout = "list"    // a list that opens
)

// Choice is one tappable answer of an outgoing message.
type Choice struct {
	ID    string `json:"id"` // "flow.state:title", stable while the title stays
	Title string `json:"title"`
}

// Media is a file that is sent by its address, or that came with a message and
// stays with the platform.
type Media struct {
	Kind     string `json:"kind,omitempty"` // outgoing: "image", "video", "audio", "document"
	ID       string `json:"id,omitempty"`   // incoming: the platform's media id
	URL      string `json:"url,omitempty"`  // outgoing: public, https; incoming: short-lived, may be empty
	MIME     string `json:"mime,omitempty"` // as the platform says
	Filename string `json:"filename,omitempty"`
}

// Template is a message that the platform approved beforehand.
type Template struct {
	Name     string   `json:"name"`
	Language string   `json:"language"`         // as the platform names it, e.g. "en_US"
	Params   []string `json:"params,omitempty"` // of its body, in order
	// Category is as what the platform approved it, and bills it: "utility",
	// "marketing", "authentication"; empty: not known.
	Category string `json:"category,omitempty"`
}

// Location is a place on the map.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// WantsLocation is Content.Wants where the customer is asked for a place.
const WantsLocation = "location"

// Content is what is to be said at once, on whatever channel.
type Content struct {
	Text     string    // may be empty with Media or Template
	Choices  []Choice  // none: a plain text
	Media    *Media    // nil: none
	Template *Template // nil: none. Channels without templates send Text
	Wants    string    // WantsLocation when Text asks for a place; otherwise empty
	Apart    bool      // must stay a message of its own
}

// Part is one message that a channel can carry.
type Part struct {
	Text     string
	Choices  []Choice
	Layout   Layout
	Media    *Media
	Template *Template
	Wants    string // WantsLocation where the channel has a button for it
}

package flows

import (
	"fmt"
	"unicode/utf16"

	"frontdesk/flows/source"
)

// What WhatsApp carries; other channels carry about as much. Nothing of this is
// an error: what does not fit is shown in another way, and the author should
// know in which. https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
const (
	mostRows    = 10   // of a list
	longestRow  = 24   // UTF-16 units of a row's title
	mostButtons = 3    // of a message
	longestKey  = 20   // UTF-16 units of a button's title
	longestText = 4096 // UTF-16 units of a text
)

// checkFit warns of choices that will be shown in another way than the author
// may expect.
func (l *loader) checkFit(s *rawState) {
	n := len(s.state.choices)
	if n > mostRows {
		s.fields.Key("choices").Warn(codeManyChoices, fmt.Sprintf("%d choices: a list holds %d", n, mostRows),
			"they will be written as numbered text; make two states of it")
	}
	for i, c := range s.state.choices {
		switch long := units(c.title); {
		case long > longestRow:
			s.built[i].title.Warn(codeLongTitle, fmt.Sprintf("the title has %d characters, a list shows %d", long, longestRow),
				"the choices will be written as numbered text")
		case long > longestKey && n <= mostButtons:
			s.built[i].title.Warn(codeLongButton, fmt.Sprintf("the title has %d characters, a button shows %d", long, longestKey),
				"the choices will be a list that has to be opened")
		}
	}
}

// fits warns of a text that will be more than one message.
func fits(n source.Node, s string) {
	if long := units(s); long > longestText {
		n.Warn(codeLongText, fmt.Sprintf("the text has %d characters, a message holds %d", long, longestText),
			"it will be sent as several messages")
	}
}

// units counts UTF-16 code units, as the platforms do.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

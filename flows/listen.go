package flows

import (
	"strings"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"
)

// How much text tells its language: with less even people guess.
const (
	tellingWords  = 3
	tellingSurely = 0.9 // of whatlanggo's confidence
)

// ears tell the languages of a set apart.
type ears struct {
	options whatlanggo.Options
	tags    map[whatlanggo.Lang]string
}

// newEars is nil when there are not two languages that can be told apart.
func newEars(languages []string) *ears {
	e := &ears{options: whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{}}, tags: map[whatlanggo.Lang]string{}}
	for _, tag := range languages {
		base, _ := language.Make(tag).Base()
		lang := whatlanggo.CodeToLang(base.ISO3())
		if lang >= 0 && !e.options.Whitelist[lang] { // of en and en-GB the first
			e.options.Whitelist[lang], e.tags[lang] = true, tag
		}
	}
	if len(e.tags) < 2 {
		return nil
	}
	return e
}

// listen finds the customer's language from what they write, unless they chose
// one. What the text tells for sure counts more than what the channel says.
func (w *walk) listen(words string) {
	if w.set.ears == nil || w.st.Chosen || len(strings.Fields(words)) < tellingWords {
		return
	}
	info := whatlanggo.DetectWithOptions(words, w.set.ears.options)
	tag, ok := w.set.ears.tags[info.Lang]
	if ok && info.Confidence >= tellingSurely && tag != w.st.Language {
		w.st.Language, w.values = tag, nil
	}
}

package flows

import (
	"fmt"

	"frontdesk/flows/source"
)

// What is said when the file does not say it, by base language.
var (
	defaultHandoffSay = map[string]string{
		"en": "One moment please, a colleague will answer you here.",
		"de": "Einen Moment bitte, gleich antwortet Ihnen hier jemand von uns.",
		"fr": "Un instant s'il vous plaît, un collègue vous répondra ici.",
		"es": "Un momento, por favor: le responderá aquí una persona de nuestro equipo.",
		"it": "Un momento per favore, un collega le risponderà qui.",
		"pt": "Um momento, por favor: um colega vai responder-lhe aqui.",
		"nl": "Een ogenblik, een collega antwoordt u hier zo.",
		"pl": "Chwileczkę, za moment odpowie tu ktoś z nas.",
		"tr": "Bir dakika lütfen, bir çalışma arkadaşımız size buradan cevap verecek.",
	}
	defaultNotUnderstood = map[string]string{
		"en": "Sorry, I did not understand that.",
		"de": "Das habe ich leider nicht verstanden.",
		"fr": "Désolé, je n'ai pas compris.",
		"es": "Perdón, no lo he entendido.",
		"it": "Mi dispiace, non ho capito.",
		"pt": "Desculpe, não percebi.",
		"nl": "Sorry, dat heb ik niet begrepen.",
		"pl": "Przepraszam, nie rozumiem.",
		"tr": "Üzgünüm, bunu anlayamadım.",
	}
	defaultOneMoment = map[string]string{
		"en": "One moment please, I am looking that up.",
		"de": "Einen Moment bitte, ich sehe nach.",
		"fr": "Un instant s'il vous plaît, je regarde.",
		"es": "Un momento, por favor, lo estoy mirando.",
		"it": "Un momento per favore, sto controllando.",
		"pt": "Um momento, por favor, estou a verificar.",
		"nl": "Een ogenblik, ik zoek het op.",
		"pl": "Chwileczkę, sprawdzam.",
		"tr": "Bir dakika lütfen, bakıyorum.",
	}
)

// spokenOr compiles a text that has a default. A language for which there is none
// is told, as customers would be answered in English.
func (l *loader) spokenOr(f source.Fields, name, key string, defaults map[string]string) *text {
	if t := l.compiler.text(f.Get(name), key); t != nil {
		return t
	}
	t := &text{by: make([]*wording, len(l.set.Languages))}
	for i, tag := range l.set.Languages {
		said, ok := defaults[baseOf(tag)]
		if !ok {
			l.top.Key("languages").Warn(codeUntold, fmt.Sprintf("%s has no text in %s", key, tag),
				fmt.Sprintf("write it; otherwise it is %q", defaults[fallbackLanguage]))
			said = defaults[fallbackLanguage]
		}
		t.by[i] = &wording{parts: []part{{literal: said}}}
	}
	return t
}

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
	defaultUnsure = map[string]string{
		"en": "Did you mean one of these?",
		"de": "Meinen Sie etwas davon?",
		"fr": "Parlez-vous de l'un de ces sujets ?",
		"es": "¿Se refiere a algo de esto?",
		"it": "Intende una di queste cose?",
		"pt": "Refere-se a um destes assuntos?",
		"nl": "Bedoelt u een van deze?",
		"pl": "Czy chodzi o coś z tego?",
		"tr": "Bunlardan birini mi soruyorsunuz?",
	}
	defaultNeither = map[string]string{
		"en": "Something else",
		"de": "Etwas anderes",
		"fr": "Autre chose",
		"es": "Otra cosa",
		"it": "Altro",
		"pt": "Outra coisa",
		"nl": "Iets anders",
		"pl": "Coś innego",
		"tr": "Başka bir şey",
	}
	defaultOptOut = map[string]string{
		"en": "All right. We will not write to you any more, only answer when you write to us.",
		"de": "In Ordnung. Wir schreiben Ihnen nicht mehr von uns aus und antworten nur, wenn Sie uns schreiben.",
		"fr": "C'est noté. Nous ne vous écrirons plus, sauf pour répondre à vos messages.",
		"es": "De acuerdo. Ya no le escribiremos, solo responderemos cuando nos escriba.",
		"it": "Va bene. Non le scriveremo più, risponderemo solo quando ci scrive.",
		"pt": "Está bem. Não lhe escreveremos mais, só responderemos quando nos escrever.",
		"nl": "In orde. We schrijven u niet meer, we antwoorden alleen als u ons schrijft.",
		"pl": "Dobrze. Nie będziemy już pisać, odpowiemy tylko na wiadomości od Państwa.",
		"tr": "Tamam. Size artık yazmayacağız, yalnızca siz yazdığınızda cevap vereceğiz.",
	}
	defaultOptIn = map[string]string{
		"en": "Good. We may write to you again.",
		"de": "Gut. Wir dürfen Ihnen wieder schreiben.",
		"fr": "C'est noté. Nous pourrons de nouveau vous écrire.",
		"es": "De acuerdo. Podremos volver a escribirle.",
		"it": "Va bene. Potremo di nuovo scriverle.",
		"pt": "Está bem. Poderemos voltar a escrever-lhe.",
		"nl": "Goed. We mogen u weer schrijven.",
		"pl": "Dobrze. Znów możemy do Państwa pisać.",
		"tr": "Tamam. Size yeniden yazabiliriz.",
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

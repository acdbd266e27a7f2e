package flows

import (
	"slices"
	"strconv"

	"frontdesk/flows/carry"
	"frontdesk/flows/source"
)

// The grammar says which keys stand where and what they hold. The reader knows
// no key that is not here and the schema is made from it, so that both know the
// same language.

// kind is what a value is.
type kind int

const (
	kindString   kind = iota // plain text that nobody is sent, of at least low characters, like pattern
	kindText                 // what a customer reads: a text, by language, with plural forms
	kindNote                 // a text with {{ }}, the same in all languages
	kindContent              // a text, or a text with media or a template
	kindName                 // a name that is given elsewhere: of a state, of a queue
	kindVariable             // the name of a variable, given here
	kindAddress              // an address with one of the schemes of enum
	kindTarget               // where go leads
	kindDuration             // 90s, 15m, 1h30m
	kindNumber               // any number
	kindInt                  // a whole number from low to high
	kindTrue                 // only true
	kindBool                 // true or false
	kindCode                 // an expression without {{ }}
	kindValue                // a number, true, false, or a text with {{ }}
	kindEnum                 // one of enum
	kindList                 // a list of of, of at least low
	kindMap                  // of by free names, at least low
	kindObject               // in
	kindAny                  // one of any
	kindChoice               // a choice in one of its forms
	kindJSON                 // any YAML with texts in it
	kindDay                  // a date, 2026-12-25, 12-25, 2026-12-24..2027-01-02
	kindSpans                // 09:00-12:30, 13:30-18:00
)

// naming is what the free names of a mapping may be.
type naming int

const (
	namesOfFields    naming = iota // of another system: anything
	namesOfParts                   // flows, states, queues: letters, digits and _, and not reserved
	namesOfAnswers                 // letters, digits and _
	namesOfVariables               // the same, with no digit first, and not reserved
	namesOfHeaders                 // letters, digits and -
	namesOfDays                    // dates
	namesOfStates                  // flow.state
	namesOfSpans                   // times of a day
)

type shape struct {
	kind      kind
	low, high int
	pattern   string // of a kindString, for JavaScript and Go alike; may be empty
	enum      []string
	names     naming
	of        *shape
	in        *grammar
	any       []shape
}

// field is one key of a mapping.
type field struct {
	name    string
	shape   shape
	doc     string // one sentence, for the editor
	example string // YAML, for the editor; may be empty
	absent  string // YAML, what holds where the key is absent; may be empty
	need    bool
}

// grammar is what one kind of mapping may hold.
type grammar struct {
	name    string
	doc     string
	fields  []field
	refused map[string]string // keys that deserve more than "unknown"
}

// keys are what the reader accepts.
func (g *grammar) keys() source.Keys {
	k := source.Keys{Refused: g.refused}
	for _, f := range g.fields {
		k.Known = append(k.Known, f.name)
	}
	return k
}

func (g *grammar) knows(key string) bool {
	return slices.ContainsFunc(g.fields, func(f field) bool { return f.name == key })
}

func listOf(s shape) shape    { return shape{kind: kindList, of: &s} }
func object(g *grammar) shape { return shape{kind: kindObject, in: g} }
func enum(of ...string) shape { return shape{kind: kindEnum, enum: of} }
func oneOf(of ...shape) shape { return shape{kind: kindAny, any: of} }
func upTo(high int) shape     { return shape{kind: kindInt, low: 1, high: high} }

func mapOf(names naming, s shape) shape { return shape{kind: kindMap, names: names, of: &s} }
func address(schemes ...string) shape   { return shape{kind: kindAddress, enum: schemes} }
func like(pattern string) shape         { return shape{kind: kindString, low: 1, pattern: pattern} }

// some is a list, a mapping or a text that is not empty.
func some(s shape) shape {
	s.low = 1
	return s
}

var (
	asString   = shape{kind: kindString}
	asText     = shape{kind: kindText}
	asNote     = shape{kind: kindNote}
	asContent  = shape{kind: kindContent}
	asPhrase   = shape{kind: kindString, low: 1}
	asName     = shape{kind: kindName}
	asVariable = shape{kind: kindVariable}
	asTarget   = shape{kind: kindTarget}
	asDuration = shape{kind: kindDuration}
	asTrue     = shape{kind: kindTrue}
	asBool     = shape{kind: kindBool}
	asCode     = shape{kind: kindCode}
	asValue    = shape{kind: kindValue}
	asJSON     = shape{kind: kindJSON}
	asDay      = shape{kind: kindDay}
	asSpans    = shape{kind: kindSpans}
	asNumber   = shape{kind: kindNumber}
)

// syntax is the whole language.
var syntax = newLanguage()

// newLanguage builds the grammar once; nothing changes it afterwards.
func newLanguage() *lang {
	l := &lang{}
	phrases := listOf(asPhrase)
	l.hours = &grammar{name: "hours", doc: "When the business is open: days with their times, and days on which it is closed.", fields: hoursFields()}
	l.staff = &grammar{name: "staff", doc: "How many people are there by days, as hours are written.", fields: staffFields()}
	l.queue = &grammar{name: "queue", doc: "A line in which customers wait for a person.", fields: []field{
		{name: "first_reply", shape: asDuration, doc: "The time until a person answers that you promise. Without it nothing is promised.", example: "15m"},
		{name: "hours", shape: object(l.hours), doc: "When people of this queue are there; default: the hours of the business.", example: "{mon-thu: 10:00-16:00}"},
		{name: "staff", shape: oneOf(upTo(mostStaff), object(l.staff)), doc: "How many people are there within the hours: a number, or by days, also by times of a day; default 1.", example: "{mon-fri: {09:00-12:00: 3, 12:00-18:00: 2}, sat: 1}", absent: "1"},
		{name: "lead", shape: asDuration, doc: "How long before the last moment to answer your people want to have a conversation; default 15m.", example: "30m", absent: defaultLead.String()},
		{name: "handling", shape: asDuration, doc: "How long a conversation takes one of your people, until that is measured; default 5m.", example: "6m", absent: defaultHandling.String()},
	}}
	l.rung = &grammar{name: "rung", doc: "Something that is said because the window closes.", fields: []field{
		{name: "before", shape: asDuration, need: true, doc: "How long before the window closes.", example: "30m"},
		{name: "for", shape: enum(audiences()...), doc: "To whom it is said: customers with the bot, customers who wait for a person, or both; default both.", example: toldPeople, absent: toldBoth},
		{name: "say", shape: asText, need: true, doc: "What is said.", example: "We are still on it. Tap to keep this chat open."},
		{name: "choices", shape: listOf(asText), doc: "Titles of buttons under it. A tap opens the window anew; the conversation stays where it is.", example: "[Keep it open]"},
	}}
	l.nobody = &grammar{name: "nobody", doc: "What is done when a person is to be fetched and nobody will be there before the window closes.", fields: []field{
		{name: "say", shape: asText, need: true, doc: "What is said, in place of handoff.say.", example: "Nobody is here before {{ hours.next }}."},
		{name: "choices", shape: listOf(asText), doc: "Titles of buttons under it. A tap opens the window anew.", example: "[Keep it open]"},
		{name: "go", shape: asTarget, doc: "A state to which the customer is led first, once: one that asks something and then leads to handoff.", example: "email"},
	}}
	l.template = &grammar{name: "template", doc: "A message that WhatsApp approved beforehand.", fields: []field{
		{name: "name", shape: like("^[a-z0-9_]+$"), need: true, doc: "Its name at WhatsApp.", example: "order_ready"},
		{name: "language", shape: like(templateTag), doc: "Its language at WhatsApp; default: the customer's.", example: "en_US"},
		{name: "category", shape: enum(templateCategories()...), doc: "As what WhatsApp approved it, so that its price is known before it is sent; default: not known.", example: "utility"},
		{name: "params", shape: listOf(asNote), doc: "What stands for {{1}}, {{2}} ... in its body.", example: "['{{ order_number }}']"},
	}}
	l.reopen = &grammar{name: "reopen", doc: "A template that a person may send when the window has closed, so that the customer writes again.", fields: []field{
		{name: "text", shape: asText, need: true, doc: "What it says: your colleagues are shown that.", example: "We have an answer for you. Write to us again."},
		{name: "template", shape: object(l.template), need: true, doc: "What WhatsApp is sent.", example: "{name: write_again}"},
	}}
	l.handoff = &grammar{name: "handoff", doc: "When and how a person is fetched. It holds in every state.", fields: []field{
		{name: "words", shape: some(phrases), doc: "Phrases that fetch a person, wherever the customer is.", example: "[agent, human, a person]"},
		{name: "queue", shape: asName, doc: "Where customers wait when nothing else is said; default: the first queue.", example: "support"},
		{name: "after_misses", shape: upTo(10), doc: "Messages in a row that are not understood until a person is fetched; default 2.", example: "2", absent: strconv.Itoa(defaultAfterMisses)},
		{name: "say", shape: asText, doc: "What the customer reads when a person is fetched.", example: "One moment please, a colleague will be with you shortly."},
		{name: "before_close", shape: asDuration, doc: "A conversation with the bot that is not over is handed to a person this long before its window closes.", example: "2h"},
		{name: "last_chance", shape: listOf(object(l.rung)), doc: "What is said shortly before the window closes.", example: "[{before: 3h, say: 'Are you still there?'}]"},
		{name: "nobody", shape: object(l.nobody), doc: "What is done when a person is to be fetched and nobody will be there before the window closes.", example: "{say: 'Nobody is here before {{ hours.next }}.', choices: [Keep it open]}"},
		{name: "reopen", shape: object(l.reopen), doc: "A template that a person may send when the window has closed, so that the customer writes again.", example: "{text: 'We have an answer for you. Write to us again.', template: {name: write_again}}"},
	}}
	l.optOut = &grammar{name: "opt_out", doc: "How customers say that they want no messages that they did not ask for.", fields: []field{
		{name: "words", shape: some(phrases), need: true, doc: "What opts out when it is the whole message, wherever the customer is.", example: "[stop, unsubscribe]"},
		{name: "say", shape: asText, doc: "What is said then, once.", example: "All right, we will not write to you any more."},
		{name: "again", shape: some(phrases), doc: "What takes it back when it is the whole message of somebody who opted out.", example: "[start]"},
		{name: "again_say", shape: asText, doc: "What is said then.", example: "Good, we may write to you again."},
	}}
	l.answer = &grammar{name: "answer", doc: "A common question, answered from wherever the customer is.", fields: []field{
		{name: "words", shape: some(phrases), doc: "Phrases that are found in what a customer writes.", example: "[opening hours, when are you open]"},
		{name: "examples", shape: some(phrases), doc: "Three to ten questions as customers write them; what asks the same in other words is understood, too.", example: "[how do I return something]"},
		{name: "title", shape: asText, doc: "What it is called where customers choose what they meant; default: its name.", example: "Opening hours"},
		{name: "say", shape: asContent, doc: "The answer. Required without go.", example: "We are open {{ hours.week }}."},
		{name: "go", shape: asTarget, doc: "Where it leads. Without it the customer goes on where they were.", example: "returns"},
	}}
	l.unsure = &grammar{name: "unsure", doc: "What is said to a customer whose words may ask for several of the common answers.", fields: []field{
		{name: "say", shape: asText, doc: "Said above the likeliest answers.", example: "Did you mean one of these?"},
		{name: "neither", shape: asText, doc: "The choice below them that none is meant.", example: "Something else"},
	}}
	l.timeout = &grammar{name: "timeout", doc: "What happens when the customer stays silent.", fields: []field{
		{name: "after", shape: asDuration, need: true, doc: "How long the customer may be silent.", example: "1h"},
		{name: "say", shape: asContent, doc: "What is said then.", example: "Are you still there?"},
		{name: "go", shape: asTarget, need: true, doc: "Where it leads.", example: "forgot"},
		{name: "queue", shape: asName, doc: "With go: handoff, where the customer waits.", example: "billing"},
		{name: "note", shape: asNote, doc: "With go: handoff, what the colleague reads first.", example: "no answer for an hour"},
	}}
	l.branch = &grammar{name: "branch", doc: "One way on. The first whose condition is true is taken; the last is else.", fields: []field{
		{name: "if", shape: asCode, doc: "A condition, without {{ }}.", example: "order.status == 200"},
		{name: "else", shape: asTarget, doc: "Where everything else leads.", example: "handoff"},
		{name: "say", shape: asContent, doc: "What is said on the way.", example: "I cannot find {{ order_number }}."},
		{name: "go", shape: asTarget, doc: "Where it leads.", example: "found"},
		{name: "then", shape: asName, doc: "Where to go on when the flow that go calls returns.", example: "thanks"},
		{name: "queue", shape: asName, doc: "With handoff, where the customer waits.", example: "billing"},
		{name: "note", shape: asNote, doc: "With handoff, what the colleague reads first.", example: "shop lookup failed with {{ order.status }}"},
	}}
	l.expect = &grammar{name: "expected field", doc: "A field of the answer's body.", fields: []field{
		{name: "type", shape: enum("text", "number", "bool"), need: true, doc: "What it holds.", example: "text"},
		{name: "max", shape: upTo(1000), doc: "Of a text: the most characters that are kept; default 200.", example: "40", absent: strconv.Itoa(longestField)},
	}}
	l.call = &grammar{name: "call", doc: "A request to a system of the business. The conversation waits for its answer.", fields: callFields(l.expect)}
	l.content = &grammar{name: "content", doc: "A text with a file or a template.", fields: contentFields(l.template)}
	l.choice = &grammar{name: "choice", doc: "Something the customer can choose.", fields: []field{
		{name: "title", shape: asText, need: true, doc: "What the customer sees and taps.", example: "Track my order"},
		{name: "go", shape: asTarget, doc: "Where it leads. Required, but under a question of type choice.", example: "track"},
		{name: "words", shape: phrases, doc: "Phrases that choose it when they are typed.", example: "[order status, where is my order]"},
		{name: "value", shape: asString, doc: "Under a question of type choice: what is kept; default: the title.", example: "s"},
		{name: "then", shape: asName, doc: "Where to go on when the flow that go calls returns; default: this state.", example: "thanks"},
		{name: "queue", shape: asName, doc: "With go: handoff, where the customer waits.", example: "billing"},
		{name: "note", shape: asNote, doc: "With go: handoff, what the colleague reads first.", example: "wants a person"},
	}, refused: map[string]string{"say": "what is said belongs to the state that the choice leads to"}}
	l.state = &grammar{name: "state", doc: "One state of a flow: set, say, then wait for the customer or a system, then go on.", fields: stateFields(l), refused: map[string]string{
		"words":    "words belong to a choice or to an answer",
		"examples": "examples belong to an answer",
		"if":       `conditions belong under on: "on: [{if: ..., go: ...}, {else: ...}]"`,
		"image":    `write "say: {text: ..., image: https://...}"`,
		"template": `write "say: {text: ..., template: {name: ...}}"`,
	}}
	l.flow = &grammar{name: "flow", doc: "A set of states; a conversation is always in one of them.", fields: []field{
		{name: "start", shape: asName, need: true, doc: "The state in which it begins.", example: "menu"},
		{name: "states", shape: some(mapOf(namesOfParts, object(l.state))), need: true, doc: "Its states, by name."},
	}}
	l.top = &grammar{name: "flow file", doc: "What a business answers its customers, and when it fetches a person.", fields: topFields(l), refused: map[string]string{
		"states": `states belong to a flow: write "flows: {main: {start: ..., states: {...}}}"`,
		"words":  `words belong under handoff, back, start_again, or to an answer or a choice`,
	}}
	l.part = &grammar{name: "included file", doc: "A part of a flow file.", fields: slices.DeleteFunc(slices.Clone(l.top.fields), func(f field) bool {
		return !slices.Contains(includable, f.name)
	}), refused: map[string]string{"include": "only the flow file itself includes others"}}
	return l
}

// includable are the keys that an included file may hold.
var includable = []string{"queues", "answers", "flows", "moved"}

// lang holds every kind of mapping of the language.
type lang struct {
	top, part, hours, staff, queue, handoff, nobody, reopen, optOut, rung, answer, unsure, flow, state, choice, branch, timeout, call, expect, content, template *grammar
}

// Types of questions.
const (
	typeText     = "text"
	typeNumber   = "number"
	typeEmail    = "email"
	typePhone    = "phone"
	typeDate     = "date"
	typeChoice   = "choice"
	typeImage    = "image"
	typeVideo    = "video"
	typeAudio    = "audio"
	typeDocument = "document"
	typeMedia    = "media"
	typeLocation = "location"
)

func questionTypes() []string {
	return []string{
		typeText, typeNumber, typeEmail, typePhone, typeDate, typeChoice,
		typeImage, typeVideo, typeAudio, typeDocument, typeMedia, typeLocation,
	}
}

// methods are the keys of a call that name its address.
func methods() []string { return []string{"get", "post", "put", "patch", "delete"} }

func files() []string { return []string{"image", "video", "audio", "document"} }

func topFields(l *lang) []field {
	phrases := listOf(asPhrase)
	return []field{
		{name: "version", shape: upTo(1), need: true, doc: "The version of the language, always 1.", example: "1"},
		{name: "business", shape: some(asString), need: true, doc: "The name of the business, {{ business }} in texts.", example: "Bella Bikes"},
		{name: "languages", shape: some(listOf(like(languageTag))), doc: "The languages of the texts, as tags. The first is used where a text is missing in another.", example: "[en, de]"},
		{name: "country", shape: like("^[A-Z]{2}$"), doc: "Where the business is, two letters: how phone numbers and dates are read.", example: "DE"},
		{name: "timezone", shape: asString, doc: "The time zone of hours and dates, by its IANA name; default UTC.", example: "Europe/Berlin", absent: "UTC"},
		{name: "hours", shape: object(l.hours), doc: "When the business is open: hours.open, hours.week ... in conditions and texts.", example: "{mon-fri: 09:00-18:00, sat: 10:00-14:00, closed: [12-25]}"},
		{name: "channels", shape: some(listOf(enum(carry.Kinds()...))), doc: "The channels that the flows are served on; the check proves that everything fits them. Default: whatsapp, messenger and webchat.", example: "[whatsapp, webchat]"},
		{name: "include", shape: listOf(asString), doc: "Further files with flows, answers and queues; * stands for any name.", example: "[flows/*.yaml]"},
		{name: "texts", shape: listOf(asString), doc: "Files with translations; the name of each is its language.", example: "[texts/*.yaml]"},
		{name: "queues", shape: mapOf(namesOfParts, object(l.queue)), doc: "The lines in which customers wait for a person, by name. Without any there is one, support.", example: "{support: {first_reply: 15m}}"},
		{name: "handoff", shape: object(l.handoff), doc: "When and how a person is fetched."},
		{name: "opt_out", shape: object(l.optOut), doc: "How customers say that they want no messages that they did not ask for.", example: "{words: [stop, unsubscribe], again: [start]}"},
		{name: "gather", shape: asDuration, doc: "How long a text waits for more of the same customer before all are answered together; at most 10s. Default: not at all.", example: "1s"},
		{name: "not_understood", shape: asText, doc: "What is said then.", example: "Sorry, I did not get that."},
		{name: "unsure", shape: object(l.unsure), doc: "What is said when it is not certain which common question was asked.", example: "{say: 'Did you mean one of these?', neither: Something else}"},
		{name: "one_moment", shape: asText, doc: "What is said to who writes while a call is under way.", example: "One moment please, I am looking that up."},
		{name: "back", shape: phrases, doc: "Words that lead back to the state before.", example: "[back, go back]"},
		{name: "start_again", shape: phrases, doc: "Words that lead to the beginning.", example: "[start again, menu]"},
		{name: "answers", shape: mapOf(namesOfAnswers, object(l.answer)), doc: "Common questions, by name, answered from wherever the customer is."},
		{name: "flows", shape: mapOf(namesOfParts, object(l.flow)), need: true, doc: "The flows, by name. Conversations begin in main."},
		{name: "moved", shape: mapOf(namesOfStates, like(flowState)), doc: "Where the states of older versions are now: running conversations are carried over.", example: "{main.prices: main.price_list}"},
	}
}

func hoursFields() []field {
	fields := []field{}
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		fields = append(fields, field{name: day, shape: asSpans, doc: "Times of that day; ranges such as mon-fri may be written too.", example: "09:00-12:30, 13:30-18:00"})
	}
	return append(fields,
		field{name: "closed", shape: listOf(asDay), doc: "Days on which it is closed: a date, a day of every year, or a range.", example: "[2026-12-25, 12-26, 2026-12-28..2026-12-31]"},
		field{name: "special", shape: mapOf(namesOfDays, asSpans), doc: "Days with other times.", example: "{2026-12-24: 09:00-12:00}"},
	)
}

func staffFields() []field {
	var fields []field
	for _, day := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		fields = append(fields, field{name: day, shape: asPeople(), doc: "People on that day, or at its times; ranges such as mon-fri may be written too.", example: "{09:00-12:00: 3, 12:00-18:00: 2}"})
	}
	return fields
}

// asPeople is how many people are there on a day, or at its times.
func asPeople() shape {
	people := shape{kind: kindInt, low: 0, high: mostStaff}
	return oneOf(people, mapOf(namesOfSpans, people))
}

func callFields(expect *grammar) []field {
	var fields []field
	for _, m := range methods() {
		fields = append(fields, field{name: m, shape: address("https", "http"), doc: "The address, of which the path and what follows may hold {{ }}.", example: "https://shop.example/orders/{{ order_number }}"})
	}
	return append(fields,
		field{name: "headers", shape: mapOf(namesOfHeaders, asNote), doc: "Headers. {{ secret.name }} is a secret of the operator's file.", example: "{Authorization: 'Bearer {{ secret.shop_token }}'}"},
		field{name: "json", shape: asJSON, doc: "What is sent, as JSON.", example: "{number: '{{ order_number }}'}"},
		field{name: "timeout", shape: asDuration, doc: "How long one try may take; default 10s, at most 30s.", example: "5s", absent: defaultCallTimeout.String()},
		field{name: "tries", shape: upTo(5), doc: "How often it is tried while no answer comes; default 2.", example: "3", absent: strconv.Itoa(defaultCallTries)},
		field{name: "as", shape: asVariable, need: true, doc: "The name of the result: its status, ok, body and error.", example: "order"},
		field{name: "expects", shape: mapOf(namesOfFields, oneOf(enum("text", "number", "bool"), object(expect))), doc: "Fields that the body must have, with their types. Without them ok is false.", example: "{state: text}"},
	)
}

func contentFields(template *grammar) []field {
	fields := []field{{name: "text", shape: asText, doc: "What is said. Under a file it is its caption.", example: "Our size chart"}}
	for _, f := range files() {
		fields = append(fields, field{name: f, shape: address("https"), doc: "The address of a file, https.", example: "https://shop.example/sizes.jpg"})
	}
	return append(fields,
		field{name: "filename", shape: asNote, doc: "The name of a document, as the customer sees it.", example: "invoice.pdf"},
		field{name: "template", shape: object(template), doc: "What WhatsApp is sent instead of the text; other channels get the text.", example: "{name: order_ready, params: ['{{ order_number }}']}"},
	)
}

func stateFields(l *lang) []field {
	return []field{
		{name: "set", shape: mapOf(namesOfVariables, asValue), doc: "Variables and their values; language sets the customer's language.", example: "{count: '{{ (count ?? 0) + 1 }}'}"},
		{name: "say", shape: asContent, doc: "What is said on coming into the state. Required with choices and with ask.", example: "How can we help?"},
		{name: "join", shape: asBool, doc: "false: what is said stays a message of its own.", example: "false", absent: "true"},
		{name: "ask", shape: asVariable, doc: "The name under which the customer's answer is kept.", example: "order_number"},
		{name: "type", shape: enum(questionTypes()...), doc: "What is asked for; default text.", example: "date", absent: typeText},
		{name: "pattern", shape: asString, doc: "A regular expression that a text must match somewhere; one group in it is what is kept.", example: `'\b(\d{6})\b'`},
		{name: "min", shape: oneOf(asNumber, asString), doc: "The smallest number, the fewest characters, or the earliest date (today, today+3, 2026-12-01).", example: "1"},
		{name: "max", shape: oneOf(asNumber, asString), doc: "The largest number, the most characters, or the latest date (today+60).", example: "8"},
		{name: "whole", shape: asBool, doc: "true: only whole numbers.", example: "true"},
		{name: "retry", shape: asText, doc: "What is said when an answer does not fit; default: not_understood and the question.", example: "Six digits, please."},
		{name: "tries", shape: upTo(20), doc: "Answers that do not fit, until otherwise is taken; default 3.", example: "3", absent: strconv.Itoa(defaultTries)},
		{name: "otherwise", shape: asTarget, doc: "Where too many tries lead; default handoff.", example: "handoff", absent: pseudoHandoff},
		{name: "choices", shape: some(listOf(shape{kind: kindChoice, in: l.choice})), doc: "What can be chosen: buttons, a list or numbered text, whatever the channel carries.", example: "[Prices: prices, Talk to a person: handoff]"},
		{name: "call", shape: object(l.call), doc: "A request to a system of the business.", example: "{get: 'https://shop.example/orders/{{ order_number }}', as: order}"},
		{name: "on", shape: some(listOf(object(l.branch))), doc: "Ways on by conditions: the first that is true is taken; the last is else.", example: "[{if: hours.open, go: handoff}, {else: closed}]"},
		{name: "go", shape: asTarget, doc: "Where the state leads: at once after say, or after the answer.", example: "menu"},
		{name: "then", shape: asName, doc: "Where to go on when the flow that go calls returns.", example: "thanks"},
		{name: "timeout", shape: object(l.timeout), doc: "What happens when the customer stays silent; default: after 24h the flow is over.", example: "{after: 1h, go: forgot}"},
		{name: "queue", shape: asName, doc: "With a way to handoff, where the customer waits.", example: "billing"},
		{name: "note", shape: asNote, doc: "With a way to handoff, what the colleague reads first.", example: "'Repair: {{ problem }}'"},
		{name: "end", shape: asTrue, doc: "The flow is over; the next message begins anew.", example: "true"},
		{name: "return", shape: asTrue, doc: "Back to where this flow was called from.", example: "true"},
	}
}

// reservedNames are targets of go, so no flow or state can have them.
var reservedNames = []string{"handoff", "end", "back", "return", "start_again"}

// reservedVariables mean something in an expression.
var reservedVariables = []string{
	"contact", "business", "hours", "queue", "channel", "today", "now", "secret", "opted_out", "quote",
	"in", "not", "and", "or", "matches", "contains", "startsWith", "endsWith", "let", "if", "else", "true", "false", "nil",
	"upper", "lower", "trim", "len", "round", "weekday", "long_date", "days_between", "open_on",
}

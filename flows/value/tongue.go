package value

import (
	"slices"
	"strings"
	"time"
)

// meaning is what a word may mean in a language; it may mean several things.
// Numbers and days are counted from 1 here, so that 0 is none.
type meaning struct {
	word                          string
	number                        int // and one more: zero is a number, too
	month                         time.Month
	day, short                    int  // of the week, from Monday; short: too short to count in a sentence
	article, or, large            bool // "ein"; "or"; "million", and what makes no number of another word: "moment"
	next, other                   bool // "next" friday; "last" friday, a "week"
	at, clock, morning            bool // before a time; behind it; a word for tomorrow that behind a day is its morning
	begins, counted               bool // begins a phrase; "people", of which there are some
	filler, joiner, never, ending bool // "the"; "until"; "not"; 24"th"
}

// tongue is what is known of a language. It is only read once it is made.
type tongue struct {
	words   map[string]*meaning
	phrases []phrase // the longest first
	teens   bool     // eleven is "ten one"

	weekdays, months []string // as they are told, the former from Monday
	dated, first     string   // {w} {d} {m} {y}; for the first of a month, if that is another
}

// phrase is a day counted from today, or words that only look like one ("good
// morning").
type phrase struct {
	words []string
	days  int // from today
	none  bool
}

// table is a language as it is written down: words as match.Normalise leaves
// them, with spaces in between and a stroke between those that mean the same;
// "-" has no word. Phrases have commas in between.
type table struct {
	numbers, articles, or, large string
	months, days, parts, shorts  string // parts: of a day, written together with its name
	today, tomorrow, after, none string // phrases
	next, other, morning         string
	at, clock, counted           string
	fillers, nevers              string // beside those of all languages
	weekdays, names              string // as they are told
	dated, first                 string
	teens                        bool
}

// What may stand around a date means the same in all of these languages.
const (
	fillers = "the on of den dem der am a le la el los il lo di de del do da dia d l op w we dnia gunu feira zum zur am per pour para"
	joiners = "to till until through and or bis und oder au et ou al y e o ao ate hasta fino tot en of do i lub albo ve veya ile"
	nevers  = "not nicht kein keine keinen pas non nao niet geen nie"
	endings = "st nd rd th er re e eme º ª te de ste o a"
)

func (t table) tongue() *tongue {
	l := &tongue{
		words: map[string]*meaning{}, teens: t.teens, dated: t.dated, first: t.first,
		weekdays: strings.Fields(t.weekdays), months: strings.Fields(t.names),
	}
	l.list(t.numbers, func(m *meaning, i int) { m.number = i })
	l.list(t.months, func(m *meaning, i int) { m.month = time.Month(i) })
	l.list(t.shorts, func(m *meaning, i int) { m.short = i })
	l.list(t.days, func(m *meaning, i int) { m.day = i })
	for part := range strings.FieldsSeq(t.parts) {
		l.list(strings.NewReplacer(" ", part+" ", "/", part+"/").Replace(t.days)+part, func(m *meaning, i int) { m.day = i })
	}
	for _, some := range []struct {
		words string
		mark  func(*meaning, int)
	}{
		{t.articles, func(m *meaning, _ int) { m.article = true }},
		{t.or, func(m *meaning, _ int) { m.or = true }},
		{t.large, func(m *meaning, _ int) { m.large = true }},
		{t.next, func(m *meaning, _ int) { m.next = true }},
		{t.other, func(m *meaning, _ int) { m.other = true }},
		{t.at, func(m *meaning, _ int) { m.at = true }},
		{t.clock, func(m *meaning, _ int) { m.clock = true }},
		{t.counted, func(m *meaning, _ int) { m.counted = true }},
		{t.morning, func(m *meaning, _ int) { m.morning = true }},
		{fillers + " " + t.fillers, func(m *meaning, _ int) { m.filler = true }},
		{joiners, func(m *meaning, _ int) { m.joiner = true }},
		{nevers + " " + t.nevers, func(m *meaning, _ int) { m.never = true }},
		{endings, func(m *meaning, _ int) { m.ending = true }},
	} {
		l.list(some.words, some.mark)
	}
	l.meaning("in") // of a month alone: "in May 5 people"
	l.phrase(t.today, 0, false)
	l.phrase(t.tomorrow, 1, false)
	l.phrase(t.after, 2, false)
	l.phrase(t.none, 0, true)
	slices.SortStableFunc(l.phrases, func(a, b phrase) int { return len(b.words) - len(a.words) })
	return l
}

// list marks each word of a list with its place in it, from 1 on.
func (l *tongue) list(words string, mark func(m *meaning, place int)) {
	place := 0
	for same := range strings.FieldsSeq(words) {
		place++
		for word := range strings.SplitSeq(same, "/") {
			mark(l.meaning(word), place)
		}
	}
}

func (l *tongue) phrase(list string, days int, none bool) {
	for text := range strings.SplitSeq(list, ",") {
		if words := strings.Fields(text); len(words) > 0 {
			l.phrases = append(l.phrases, phrase{words, days, none})
			for i, w := range words {
				m := l.meaning(w)
				m.begins = m.begins || i == 0
			}
		}
	}
}

func (l *tongue) meaning(word string) *meaning {
	m, ok := l.words[word]
	if !ok {
		m = &meaning{word: word}
		l.words[word] = m
	}
	return m
}

var nothing meaning

// tongueOf is the language, and one without words where we do not know it.
func tongueOf(lang string) *tongue {
	if t, ok := tongues[lang]; ok {
		return t
	}
	return wordless
}

var wordless = table{}.tongue()

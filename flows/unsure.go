package flows

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// unsure is what is said to a customer whose words may ask for several of the
// common answers.
type unsure struct {
	say     *text
	neither []string // title of the choice that none is meant, by language
	id      string   // of that choice
}

// buildUnsure reads how customers are asked what they meant. There is something to
// ask where an answer has examples.
func (l *loader) buildUnsure() {
	f := l.top.Get("unsure").Fields(syntax.unsure.keys())
	for n := range l.answers {
		l.teach(n)
	}
	if len(l.set.lessons) == 0 {
		if f.Exists() {
			l.top.Key("unsure").Report(codeTogether, "unsure, and no answer has examples", "customers are asked what they meant when a text may be like the examples of several; write some, or remove it")
		}
		return
	}
	u := &unsure{say: l.spokenOr(f, "say", "unsure.say", defaultUnsure), id: "unsure.neither:"}
	if f.Has("neither") {
		u.neither, _ = l.titles(f.Get("neither"), "unsure.neither")
	} else {
		u.neither = literals(l.spokenOr(f, "neither", "unsure.neither", defaultNeither))
	}
	if u.neither != nil {
		l.set.unsure = u
	}
}

// literals are texts without variables, by language.
func literals(t *text) []string {
	out := make([]string, len(t.by))
	for i := range out {
		out[i] = t.in(i).parts[0].literal
	}
	return out
}

// teach makes a lesson of an answer that has examples. Its words are examples, too:
// they are how customers ask for it.
func (l *loader) teach(n int) {
	raw, a := l.answers[n], &l.set.answers[n]
	examples := raw.fields.Get("examples").List()
	if len(examples) == 0 {
		return
	}
	lesson := match.Lesson{Name: a.name}
	var at []Diagnostic
	for _, n := range slices.Concat(examples, raw.words) {
		if s, ok := n.Text(); ok {
			lesson.Examples = append(lesson.Examples, s)
			at = append(at, Diagnostic{File: n.File(), Line: n.Place().Line, Column: n.Place().Column, Width: n.Place().Width})
		}
	}
	a.titles = l.answerTitles(raw)
	l.set.lessons, l.set.taughtAt = append(l.set.lessons, lesson), append(l.set.taughtAt, at)
	l.set.taught = append(l.set.taught, n)
}

// answerTitles are what the answer is called on a button, by language: its name,
// where nothing is written.
func (l *loader) answerTitles(raw *rawAnswer) []string {
	if raw.fields.Has("title") {
		titles, ok := l.titles(raw.fields.Get("title"), "answers."+raw.name+".title")
		if !ok {
			titles = make([]string, len(l.set.Languages)) // reported: the file is not used
		}
		return titles
	}
	titles := make([]string, len(l.set.Languages))
	for i := range titles {
		titles[i] = inWords(raw.name)
		if key := "answers." + raw.name + ".title"; i > 0 {
			titles[i] = l.titleIn(key, i, titles[i])
		}
	}
	return titles
}

// titleIn is the title of an answer in another language than the first, from its
// file of translations; there the name of the answer would be a foreign word.
func (l *loader) titleIn(key string, tongue int, name string) string {
	tag := l.set.Languages[tongue]
	if t, ok := l.told[tag][key]; ok {
		*t.used = true
		if w := l.compiler.wording(t.text, tongue); w != nil { // otherwise reported
			if title, ok := titleOf(w, t.text); ok {
				return title
			}
		}
	}
	return name
}

// inWords is a name as people read it: opening_hours is "Opening hours".
func inWords(name string) string {
	words := strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
	if words == "" {
		return name
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

// untitled warns of answers whose name would be shown to customers who speak
// another language.
func (l *loader) untitled() {
	for _, n := range l.set.taught {
		raw := l.answers[n]
		if raw.fields.Has("title") {
			continue
		}
		for i, tag := range l.set.Languages[1:] {
			if title := l.set.answers[n].titles[i+1]; title == inWords(raw.name) {
				raw.key.Warn(codeUntold, fmt.Sprintf("the answer %q has no title in %s", raw.name, tag),
					fmt.Sprintf("customers are shown it when they may mean this answer; otherwise it is %q", title))
			}
		}
	}
}

// checkTitles reports answers that nobody could tell apart where both are offered; as
// buttons WhatsApp takes no two that are called the same.
func (l *loader) checkTitles() {
	if l.set.unsure == nil {
		return
	}
	told := map[int]bool{} // one language is enough
	for t := range l.set.Languages {
		first := map[string]int{alike(l.set.unsure.neither[t]): -1}
		for _, n := range l.set.taught {
			title, at := l.set.answers[n].titles[t], l.titled(n, t)
			other, twice := first[alike(title)]
			switch {
			case !twice:
				first[alike(title)] = n
				continue
			case told[n], title == "": // it is reported
			case other < 0:
				at.Report(codeTitles, fmt.Sprintf("the answer is called %q, as the choice that none is meant", title), "give it another title, or write another text for unsure.neither")
			default:
				at.Report(codeTitles, fmt.Sprintf("two answers are called %q", title),
					fmt.Sprintf("the first is in %s; customers choose by the titles, so give one of them another", l.titled(other, t).Where(at)))
			}
			told[n] = true
		}
	}
}

// titled is where an answer's title in a language is written; its name, when nothing is.
func (l *loader) titled(n, tongue int) source.Node {
	raw := l.answers[n]
	if raw.fields.Has("title") {
		return l.inTongue(raw.fields.Get("title"), tongue)
	}
	return raw.key
}

// alike is what a title is compared as.
func alike(title string) string {
	if norm := match.Normalise(title); norm != "" {
		return norm
	}
	return strings.ToLower(title)
}

// fitTitles warns of titles of answers that fit no list.
func (g *graph) fitTitles() {
	const shown = 4 // three of them, and that none is meant
	for _, n := range g.set.taught {
		for t, title := range g.set.answers[n].titles {
			g.fitTitle(g.titled(n, t), title, shown)
		}
	}
	if n := g.top.Get("unsure"); n.Exists() && g.set.unsure != nil {
		f := n.Fields(syntax.unsure.keys())
		g.fitContent(f.Get("say"), &content{text: g.set.unsure.say}, nil)
		if f.Has("neither") {
			for t, title := range g.set.unsure.neither {
				g.fitTitle(g.inTongue(f.Get("neither"), t), title, shown)
			}
		}
	}
}

package flows

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/flows/match"
	"frontdesk/flows/source"
)

// optOut is how customers say that they want no messages that they did not ask
// for, and how they take it back.
type optOut struct {
	words, again  []string // see match.Forms
	say, againSay *text    // againSay is nil where there are no words for that
}

// Opts tells what a text says about being written to; false when it says nothing
// of that. A text opts out when it, or a line of it, is one of the words of
// opt_out; what takes that back is asked for only while it holds. Step asks the
// same first of all: this is for texts that a person answers.
func (s *Set) Opts(words string, optedOut bool) (effect OptOut, ok bool) {
	o := s.optOut
	switch {
	case o == nil:
		return OptOut{}, false
	case slices.ContainsFunc(strings.Split(words, "\n"), func(line string) bool { return isOneOf(line, o.words) }):
		return OptOut{Out: true}, true
	case optedOut && isOneOf(words, o.again):
		return OptOut{}, true
	default:
		return OptOut{}, false
	}
}

// isOneOf reports whether a text is one of some phrases and nothing else.
func isOneOf(words string, phrases []string) bool {
	return slices.ContainsFunc(hear(words).forms, func(f string) bool { return slices.Contains(phrases, f) })
}

// opts takes a text that says something about being written to. Whoever asks
// twice to be left alone is not told so twice.
func (w *walk) opts(words string) bool {
	effect, ok := w.set.Opts(words, w.env.OptedOut)
	if !ok {
		return false
	}
	w.understood()
	switch {
	case effect.Out == w.env.OptedOut:
	case effect.Out:
		w.say(Say{Text: w.write(w.set.optOut.say)})
	default:
		w.say(Say{Text: w.write(w.set.optOut.againSay)})
	}
	w.effects = append(w.effects, effect)
	return true
}

func (l *loader) buildOptOut() {
	f := l.optOut
	if !f.Exists() {
		return
	}
	f.Need("words")
	l.filled(f, "words", "no words opt out", "write those that customers use, such as [stop, unsubscribe]")
	l.filled(f, "again", "no words take it back", "write those that customers use, such as [start], or remove the key")
	if f.Has("again_say") && !f.Has("again") {
		f.Key("again_say").Report(codeTogether, "again_say without again", `write "again: [start]" too, or remove it`)
	}
	o := &optOut{words: l.words(f.Get("words").List()), say: l.spokenOr(f, "say", "opt_out.say", defaultOptOut)}
	if f.Has("again") {
		o.again, o.againSay = l.words(f.Get("again").List()), l.spokenOr(f, "again_say", "opt_out.again_say", defaultOptIn)
	}
	l.set.optOut = o
}

// checkOptOut reports words of opt_out that mean something else as well. They are
// asked for first, but only where they are the whole message.
func (l *loader) checkOptOut() {
	first := map[string]source.Node{}
	for _, key := range []string{"words", "again"} {
		for _, n := range l.optOut.Get(key).List() {
			norm := match.Normalise(n.Raw())
			l.checkOpts(n, norm)
			if before, twice := first[norm]; twice && norm != "" {
				n.Report(codeWords, fmt.Sprintf("%q is written under opt_out already", n.Raw()), "the first is in "+before.Where(n)+"; keep one of them")
				continue
			}
			first[norm] = n
		}
	}
	for _, a := range l.answers {
		for _, w := range slices.Concat(a.words, a.fields.Get("examples").List()) {
			if l.opted(match.Normalise(w.Raw())) {
				w.Warn(codeShadowed, fmt.Sprintf("%q alone never gets this answer: it is one of the words of opt_out", w.Raw()), "change one of them")
			}
		}
	}
}

func (l *loader) checkOpts(n source.Node, norm string) {
	const asked = "the words of opt_out are asked first; change one of them"
	switch {
	case slices.Contains(l.set.words, norm):
		n.Report(codeWords, fmt.Sprintf("%q alone fetches nobody: it is a word of handoff, too", n.Raw()), asked)
	case slices.Contains(l.set.back, norm):
		n.Report(codeWords, fmt.Sprintf("%q is one of the words of back, too", n.Raw()), asked)
	case slices.Contains(l.set.again, norm):
		n.Report(codeWords, fmt.Sprintf("%q is one of the words of start_again, too", n.Raw()), asked)
	case slices.Contains(commonWords, norm):
		n.Warn(codeCommonWord, fmt.Sprintf("%q alone is an answer to many questions", n.Raw()), `write a word that says what is meant, such as stop or unsubscribe`)
	}
}

// opted reports whether a phrase, normalised, is one of the words that opt out.
func (l *loader) opted(norm string) bool {
	return norm != "" && l.set.optOut != nil && slices.Contains(l.set.optOut.words, norm)
}

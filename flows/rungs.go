package flows

import (
	"fmt"
	"slices"
	"time"

	"frontdesk/flows/source"
)

// longestWindow is the longest window of the channels that have one.
const longestWindow = 24 * time.Hour

func (l *loader) checkBeforeClose(n source.Node, d time.Duration) {
	if d <= 0 || d >= longestWindow {
		n.Report(codeValue, "the window is open for 24h", "write a time shorter than that, such as 2h")
	}
}

func (l *loader) buildRung(i int, n source.Node) {
	f := n.Fields(syntax.rung.keys())
	before, ok := f.Need("before").Duration()
	if ok {
		l.checkBeforeClose(f.Get("before"), before)
	}
	who := l.audience(f.Get("for"))
	if ok && who == toldBot && l.set.beforeClose >= before {
		f.Get("before").Report(codeTogether, "by then the conversation is with a person",
			fmt.Sprintf("before_close is %s; write a longer time here, or another for", l.handoff.Get("before_close").Raw()))
	}
	key := fmt.Sprintf("handoff.last_chance.%d", i+1)
	r := rung{before: before, say: l.compiler.text(f.Need("say"), key+".say"), choices: l.keeping(f.Get("choices"), key), bot: who != toldPeople, people: who != toldBot}
	if r.say != nil {
		l.set.rungs = append(l.set.rungs, r)
	}
	l.fitKeeping(f.Get("choices"), r.choices)
}

// To whom a rung is said: to customers with the bot, or who wait for a person.
const (
	toldBot    = "bot"
	toldPeople = "people"
	toldBoth   = "both"
)

func audiences() []string { return []string{toldBot, toldPeople, toldBoth} }

// audience reads to whom a rung is said.
func (l *loader) audience(n source.Node) string {
	who, ok := n.Text()
	switch {
	case !ok:
	case slices.Contains(audiences(), who):
		return who
	default:
		n.Report(codeValue, fmt.Sprintf("nothing is said to %q", who), nearHint(who, audiences()))
	}
	return toldBoth
}

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"frontdesk/flows"
	"frontdesk/flows/match"
)

// asked is what came of one text.
type asked struct {
	labelled
	sureness match.Sureness
	guesses  []flows.Guess
	score    float64
	took     time.Duration
}

// first is the likeliest answer; empty: there is none.
func (a asked) first() string {
	if len(a.guesses) == 0 {
		return ""
	}
	return a.guesses[0].Answer
}

func (a asked) sure() bool { return a.sureness == match.Sure }

func (a asked) among() bool {
	return slices.ContainsFunc(a.guesses, func(g flows.Guess) bool { return g.Answer == a.answer })
}

type measured struct {
	rows  []asked
	train time.Duration
}

// measure asks a set for each text.
func measure(set *flows.Set, rows []labelled) measured {
	begun := time.Now()
	set.Learn()
	m := measured{train: time.Since(begun)}
	for _, row := range rows {
		at := time.Now()
		r, guesses := set.Compare(row.text)
		m.rows = append(m.rows, asked{labelled: row, sureness: r.Sureness, guesses: guesses, score: r.Score, took: time.Since(at)})
	}
	return m
}

// answersFigures are shares from 0 to 1; nil: no text tells.
type answersFigures struct {
	Texts            int      `json:"texts"`
	None             int      `json:"none"` // of them, for which no answer is right
	AccuracyTop1     *float64 `json:"accuracy_top1"`
	AccuracyTop3     *float64 `json:"accuracy_top3"`
	InScopeAccuracy  *float64 `json:"in_scope_accuracy"`
	Answered         *float64 `json:"answered"`
	Offered          *float64 `json:"offered"`
	Precision        *float64 `json:"precision"`
	PrecisionInScope *float64 `json:"precision_in_scope"`
	NoneRecall       *float64 `json:"none_recall"`
	AUROC            *float64 `json:"auroc"`
	TrainMS          float64  `json:"train_ms"`
	MatchUSP50       float64  `json:"match_us_p50"`
	MatchUSP99       float64  `json:"match_us_p99"`
}

func (m measured) figures() answersFigures {
	own := func(a asked) bool { return a.answer != "" }
	none := func(a asked) bool { return a.answer == "" }
	right := func(a asked) bool { return own(a) && a.first() == a.answer }
	rightly := func(a asked) bool { return a.sure() && right(a) }
	took := make([]time.Duration, len(m.rows))
	for i, a := range m.rows {
		took[i] = a.took
	}
	slices.Sort(took)
	f := answersFigures{
		Texts:            len(m.rows),
		AccuracyTop1:     m.share(own, right),
		AccuracyTop3:     m.share(own, asked.among),
		InScopeAccuracy:  m.share(own, rightly),
		Answered:         m.share(own, asked.sure),
		Offered:          m.share(own, func(a asked) bool { return a.sureness == match.Unsure }),
		Precision:        m.share(asked.sure, rightly),
		PrecisionInScope: m.share(func(a asked) bool { return own(a) && a.sure() }, rightly),
		NoneRecall:       m.share(none, func(a asked) bool { return !a.sure() }),
		AUROC:            m.auroc(),
		TrainMS:          float64(m.train.Microseconds()) / 1000,
		MatchUSP50:       float64(took[len(took)/2].Nanoseconds()) / 1000,
		MatchUSP99:       float64(took[len(took)*99/100].Nanoseconds()) / 1000,
	}
	for _, a := range m.rows {
		if none(a) {
			f.None++
		}
	}
	return f
}

// share is how many of some texts fulfil something; nil: there are none.
func (m measured) share(of, fulfils func(asked) bool) *float64 {
	all, some := 0, 0
	for _, a := range m.rows {
		if of(a) {
			all++
			if fulfils(a) {
				some++
			}
		}
	}
	if all == 0 {
		return nil
	}
	return new(float64(some) / float64(all))
}

// auroc is how often a text that has an answer scores higher than one that has
// none; where both score the same it is half a time. nil: one kind is missing.
func (m measured) auroc() *float64 {
	rows := slices.SortedFunc(slices.Values(m.rows), func(a, b asked) int { return cmp.Compare(a.score, b.score) })
	var below, own, none, wins float64
	for i := 0; i < len(rows); {
		j := i
		ownHere, noneHere := 0.0, 0.0
		for ; j < len(rows) && rows[j].score == rows[i].score; j++ {
			if rows[j].answer != "" {
				ownHere++
			} else {
				noneHere++
			}
		}
		wins += ownHere * (below + noneHere/2)
		below, own, none, i = below+noneHere, own+ownHere, none+noneHere, j
	}
	if own == 0 || none == 0 {
		return nil
	}
	return new(wins / own / none)
}

// text writes the figures for people, and what went wrong.
func (m measured) text(b *bytes.Buffer, wrong int) {
	f := m.figures()
	fmt.Fprintf(b, "%s, %d of them with no right answer\n", counted(f.Texts, "text"), f.None)
	line := func(share *float64, what string) {
		if share != nil {
			fmt.Fprintf(b, "  %5.1f %%  %s\n", 100**share, what)
		}
	}
	line(f.AccuracyTop1, "the likeliest answer is the right one")
	line(f.AccuracyTop3, "the right one is among the three likeliest")
	line(f.Answered, "answered at once, of those with an answer")
	line(f.InScopeAccuracy, "answered at once, and rightly, of the same")
	line(f.Offered, "shown two or three answers to choose from, of the same")
	line(f.Precision, "right, of all that was answered at once")
	line(f.NoneRecall, "not answered, of those with no right answer")
	if f.AUROC != nil {
		fmt.Fprintf(b, "  %7.3f  how well the two are told apart: 0.5 is by chance, 1 always\n", *f.AUROC)
	}
	fmt.Fprintf(b, "learned in %.0f ms; one text takes %.0f µs, 99 of 100 at most %.0f µs\n", f.TrainMS, f.MatchUSP50, f.MatchUSP99)
	if wrong > 0 {
		m.confused(b)
		m.wrong(b, wrong)
	}
}

// mostConfused is how many pairs of answers are listed.
const mostConfused = 5

// confused lists the answers that are given for one another most often.
func (m measured) confused(b *bytes.Buffer) {
	pairs := map[[2]string]int{}
	for _, a := range m.rows {
		if a.answer != "" && a.first() != "" && a.first() != a.answer {
			pairs[[2]string{a.answer, a.first()}]++
		}
	}
	if len(pairs) == 0 {
		return
	}
	all := slices.SortedFunc(maps.Keys(pairs), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(pairs[b], pairs[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	b.WriteString("most often taken for another:\n")
	for _, pair := range all[:min(len(all), mostConfused)] {
		fmt.Fprintf(b, "  %4d  %s, taken for %s\n", pairs[pair], pair[0], pair[1])
	}
}

// wrong lists texts that got a wrong answer.
func (m measured) wrong(b *bytes.Buffer, most int) {
	var list []asked
	for _, a := range m.rows {
		if a.sure() && a.first() != a.answer {
			list = append(list, a)
		}
	}
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "answered wrongly, %d of %d:\n", min(most, len(list)), len(list))
	for _, a := range list[:min(most, len(list))] {
		right := a.answer
		if right == "" {
			right = "none"
		}
		fmt.Fprintf(b, "  %q got %s, right is %s\n", a.text, a.first(), right)
	}
}

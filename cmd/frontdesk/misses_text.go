package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// wordsShown is how many ways of writing it are shown of a group.
const wordsShown = 10

// text writes it for people.
func (r missReport) text(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "what was not understood from %s until %s\n%s by %s, in %s\n", r.From.Format(costTime), r.Until.Format(costTime),
		counted(r.Times, "text"), counted(r.Customers, "customer"), counted(len(r.Groups)+r.Left, "group"))
	if r.More {
		fmt.Fprintf(&b, "there are older ones, which are not counted: look at a shorter time with --to\n")
	}
	for _, g := range r.Groups {
		g.text(&b)
	}
	if r.Left > 0 {
		fmt.Fprintf(&b, "\nand %s more; --limit 0 lists all\n", counted(r.Left, "group"))
	}
	if len(r.Groups) > 0 {
		b.WriteString("\nfrontdesk answers learn --group N --answer NAME FLOWS shows the lines to add\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (g missGroup) text(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%d  %s by %s, last %s; %s\n", g.Number, counted(g.Times, "text"), counted(g.Customers, "customer"), g.Last.UTC().Format(costTime), g.meant())
	for i, w := range g.Words {
		if i == wordsShown {
			fmt.Fprintf(b, "      and %d more; -o json lists all\n", len(g.Words)-i)
			break
		}
		fmt.Fprintf(b, "  %4d  %s", i+1, visible(w.Text))
		if w.Times > 1 {
			fmt.Fprintf(b, "  (%d times)", w.Times)
		}
		b.WriteByte('\n')
	}
}

// meant tells which answers customers chose, or what was guessed.
func (g missGroup) meant() string {
	switch {
	case len(g.Picked) > 0:
		return "customers chose " + answerWords(g.Picked)
	case len(g.Guessed) > 0:
		return "perhaps " + answerWords(g.Guessed)
	default:
		return "like none of the answers"
	}
}

func answerWords(list []missAnswer) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = a.Answer
		if len(list) > 1 || a.Times > 1 {
			words[i] += fmt.Sprintf(" (%d)", a.Times)
		}
	}
	return strings.Join(words, ", ")
}

// visible is a customer's text in one line, without what a terminal obeys.
func visible(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)), " ")
}

// csv writes a row for each way in which something was written.
func (r missReport) csv(w io.Writer) error {
	out := csv.NewWriter(w)
	err := out.Write([]string{"group", "group_times", "customers", "answer", "chosen", "first", "last", "number", "text", "times"})
	for _, g := range r.Groups {
		for i, words := range g.Words {
			err = errors.Join(err, out.Write([]string{
				strconv.Itoa(g.Number), strconv.Itoa(g.Times), strconv.Itoa(g.Customers), g.Answer, strconv.FormatBool(g.Chosen),
				g.First.Format(time.RFC3339), g.Last.Format(time.RFC3339), strconv.Itoa(i + 1), noFormula(visible(words.Text)), strconv.Itoa(words.Times),
			}))
		}
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

// noFormula keeps a spreadsheet from taking a customer's text for a formula.
func noFormula(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

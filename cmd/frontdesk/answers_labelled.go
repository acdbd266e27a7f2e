package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"frontdesk/flows/source"
)

// labelled is a text of a customer with the name of its right answer; empty: none
// of them is.
type labelled struct{ text, answer string }

// readLabelled tells every fault of a file, with its line.
func readLabelled(from io.Reader, name string, answers []string) ([]labelled, error) {
	r := csv.NewReader(unmarked(from))
	r.FieldsPerRecord = -1 // told with the others
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s:1: the first line must be text,answer: %w", name, err)
	}
	text, answer := slices.Index(head, "text"), slices.Index(head, "answer")
	if text < 0 || answer < 0 {
		return nil, fmt.Errorf("%s:1: the first line must name the columns text and answer; it is %q", name, strings.Join(head, ","))
	}
	var rows []labelled
	faults := faultList{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			faults.add(unreadable(name, err))
			if errors.Is(err, csv.ErrBareQuote) {
				continue
			}
			break // what follows is not what it seems
		}
		line, _ := r.FieldPos(0)
		switch {
		case len(row) != len(head):
			faults.add(fmt.Errorf("%s:%d: %d columns, where the first line has %d; a text with a comma stands in quotes", name, line, len(row), len(head)))
		case strings.TrimSpace(row[text]) == "":
			faults.add(fmt.Errorf("%s:%d: there is no text", name, line))
		case row[answer] != "" && !slices.Contains(answers, row[answer]):
			faults.add(fmt.Errorf("%s:%d: the flow file has no answer %q%s", name, line, row[answer], nearest(row[answer], answers)))
		default:
			rows = append(rows, labelled{row[text], row[answer]})
		}
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: there is no text below the first line", name)
	}
	return rows, nil
}

// unreadable is the error of a row that is no CSV, or of a file that cannot be read on.
func unreadable(name string, err error) error {
	if bad, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Errorf("%s:%d: %w; a text with a quote in it stands in quotes, with its own doubled", name, bad.Line, bad.Err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// unmarked is a file without the mark of UTF-8 that spreadsheets begin it with.
func unmarked(from io.Reader) io.Reader {
	const mark = "\uFEFF"
	r := bufio.NewReader(from)
	if begins, _ := r.Peek(len(mark)); string(begins) == mark {
		_, _ = r.Discard(len(mark)) // it is there
	}
	return r
}

func nearest(word string, of []string) string {
	if meant, ok := source.Nearest(word, of); ok {
		return fmt.Sprintf("; did you mean %q?", meant)
	}
	return "; leave it empty where none is right"
}

// mostFaults is how many faults of a file are told one by one.
const mostFaults = 20

type faultList struct {
	told []error
	more int
}

func (l *faultList) add(err error) {
	if len(l.told) == mostFaults {
		l.more++
		return
	}
	l.told = append(l.told, err)
}

func (l *faultList) err() error {
	if l.more > 0 {
		return errors.Join(append(l.told, fmt.Errorf("and %d more", l.more))...)
	}
	return errors.Join(l.told...)
}

package main

import (
	"context"
	"fmt"
	"slices"

	"frontdesk/adapters/inbox"
	"frontdesk/flows/addition"
)

// teaching is how the flow file that answers now learns. The lines are those of the
// version that runs, which may be older than the file on the disk: patch finds their
// place all the same, or says that it cannot.
func (a *app) teaching() inbox.Teaching {
	set := a.engine.Flows()
	names := set.Answers()
	var answers []inbox.Answer
	for _, name := range names {
		answers = append(answers, inbox.Answer{Name: name, Title: set.Title(name)})
	}
	return inbox.Teaching{Answers: answers, Lines: func(ctx context.Context, answer string, words []string) (inbox.Lines, error) {
		files, err := a.store.Flows(ctx, set.Version)
		if err != nil {
			return inbox.Lines{}, fmt.Errorf("reading the flow file: %w", err)
		}
		learn := addition.Answer
		if slices.Contains(names, answer) {
			learn = addition.Examples
		}
		added, err := learn(files, answer, words)
		return inbox.Lines{File: added.File, Diff: added.Diff}, err
	}}
}

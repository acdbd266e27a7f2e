package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

type answersTest struct {
	form  string
	wrong int
}

func newAnswersTest(env getenv) *cobra.Command {
	p := &place{env: env}
	var t answersTest
	c := &cobra.Command{
		Use:   "test FLOWS LABELLED.csv",
		Short: "Measures the common answers with questions whose answer is known",
		Long: `test asks the common answers of a flow file for every text of a CSV file with the columns text and
answer, as a customer's would be who is asked nothing else. An empty answer means that none of
them is right. Questions for it must not be among the examples of the flow file.

  accuracy_top1       the likeliest answer is right, however sure, of the texts that have one
  accuracy_top3       it is among the three likeliest
  in_scope_accuracy   answered at once, and rightly, of the texts that have an answer
  answered            answered at once, of the texts that have an answer
  offered             shown two or three answers to choose from, of the same
  precision           right, of all that was answered at once, also where no answer is right
  precision_in_scope  the same of the texts that have an answer
  none_recall         not answered at once, of the texts for which no answer is right
  auroc               how well the score tells the two kinds of texts apart: 0.5 is by chance, 1 always
  train_ms            what learning the examples takes, in milliseconds
  match_us_p50, _p99  what one text takes, in microseconds, half of them and 99 of 100

What no text of the file can tell is null. It exits 0 when it is done, 2 otherwise.`,
		Example: `  frontdesk answers test flows.yaml labelled.csv
  frontdesk answers test flows.yaml labelled.csv -o json | jq .accuracy_top1`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("%s takes two arguments, the flow file and a file of questions; %d are given\nusage: %s", c.CommandPath(), len(args), c.UseLine())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			teacher, err := p.teacher(c)
			if err != nil {
				return err
			}
			return t.run(c.OutOrStdout(), teacher, args[0], args[1])
		},
	}
	p.folder(c)
	c.Flags().StringVarP(&t.form, "output", "o", "text", "text or json")
	c.Flags().IntVar(&t.wrong, "wrong", 10, "how many texts that were answered wrongly are listed, in text")
	return c
}

func (t answersTest) run(w io.Writer, teacher teacher, flowsAt, csvAt string) error {
	if err := formOf(t.form); err != nil {
		return err
	}
	if t.wrong < 0 {
		return fmt.Errorf("--wrong: %d texts cannot be listed; write 0 for none", t.wrong)
	}
	set, err := loadFlows(flowsAt)
	if err != nil {
		return err
	}
	names := set.Answers()
	if len(names) == 0 {
		return fmt.Errorf("%s has no answers; write the common questions under answers", flowsAt)
	}
	rows, err := labelledFile(csvAt, names)
	if err != nil {
		return err
	}
	teacher.equip(set)
	m := measure(set, rows)
	if t.form == "json" {
		return indented(w, m.figures())
	}
	var b bytes.Buffer
	m.text(&b, t.wrong)
	_, err = w.Write(b.Bytes())
	return err
}

func labelledFile(name string, answers []string) ([]labelled, error) {
	f, err := os.Open(name) //nolint:gosec // the file that was asked for
	if err != nil {
		return nil, err
	}
	rows, err := readLabelled(f, name, answers)
	return rows, errors.Join(err, f.Close())
}

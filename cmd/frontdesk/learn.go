package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"frontdesk/flows/addition"
	"frontdesk/flows/layout"
)

// learnFlags say what is to be learned, and from what.
type learnFlags struct {
	missFlags
	groups, words []int
	answer, news  string
}

func newAnswersLearn(p *place) *cobra.Command {
	var f learnFlags
	c := &cobra.Command{
		Use:   "learn --group N (--answer NAME | --new NAME) FLOWS",
		Short: "Shows the lines by which a flow file understands what was not understood",
		Long: `learn takes what customers wrote in a group that frontdesk answers misses lists, and prints the
lines to add to the flow file as a unified diff: new examples of an answer, in the file that
holds it, or with --new an answer of its own, whose text is to be written. What the answer has
already is left out. The file with these lines was read and checked before; it is not changed:
give the diff to patch -p0, or to git apply -p0, when you have read it, as the words are the
customers' own and may hold names and numbers. A file elsewhere than below this folder must
be named to patch: patch /etc/frontdesk/flows.yaml.

The groups are numbered as misses numbers them with the same --from, --to and --channel. Without
--words the ten most frequent ways of writing are taken of each. It exits 0 when it is done, 2
otherwise.`,
		Example: `  frontdesk answers learn --group 1 --answer delivery_time flows.yaml
  frontdesk answers learn --group 1 --words 1,3 --answer delivery_time flows.yaml | patch -p0
  frontdesk answers learn --group 2,5 --new bike_rental flows.yaml`,
		Args: one("the flow file"),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, p, args[0]) },
	}
	p.flags(c)
	f.add(c)
	c.Flags().IntSliceVar(&f.groups, "group", nil, "numbers of groups")
	c.Flags().IntSliceVar(&f.words, "words", nil, "numbers of the ways of writing in the group, where not all are meant")
	c.Flags().StringVar(&f.answer, "answer", "", "the answer that is meant")
	c.Flags().StringVar(&f.news, "new", "", "the name of a new answer")
	return c
}

func (f learnFlags) run(c *cobra.Command, p *place, path string) error {
	if len(f.groups) == 0 {
		return errors.New("--group: it is missing; frontdesk answers misses lists the groups with their numbers")
	}
	if len(f.words) > 0 && len(f.groups) > 1 {
		return errors.New("--words: they are of one group; name one with --group")
	}
	r, err := f.report(c, p)
	if err != nil {
		return err
	}
	examples, likely, err := f.chosen(r)
	if err != nil {
		return err
	}
	if (f.answer == "") == (f.news == "") {
		return fmt.Errorf("say either --answer NAME%s, or --new NAME", likely)
	}
	l, err := readFlows(path)
	if err == nil {
		err = l.err()
	}
	if err != nil {
		return err
	}
	return f.show(c, l, examples)
}

// show prints what is to be added.
func (f learnFlags) show(c *cobra.Command, l loaded, examples []string) error {
	learn, name := addition.Examples, f.answer
	if f.news != "" {
		learn, name = addition.Answer, f.news
	}
	a, err := learn(l.files, name, examples)
	switch {
	case errors.Is(err, addition.ErrKnown):
		_, err = fmt.Fprintf(c.ErrOrStderr(), "%v; nothing is to be added\n", err)
		return err
	case errors.Is(err, addition.ErrNoAnswer):
		return fmt.Errorf("--answer: %w in %s; it has %s", err, l.path, strings.Join(l.set.Answers(), ", "))
	case errors.Is(err, addition.ErrTaken):
		return fmt.Errorf("--new: %w; say --answer %s", err, name)
	case err != nil:
		return err
	}
	at := filepath.Join(filepath.Dir(l.path), filepath.FromSlash(a.File))
	diff := layout.Diff(filepath.ToSlash(at), string(l.files.Content[a.File]), string(a.After))
	if _, err := io.WriteString(c.OutOrStdout(), diff); err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.ErrOrStderr(), "%s for %s, to add to %s; read them, then give them to %s\n", counted(len(a.Examples), "example"), name, at, patching(at))
	return err
}

// patching is the command that takes the lines. patch trusts no name in them that leads
// out of the folder it is started in, and reads none with a space.
func patching(at string) string {
	if filepath.IsLocal(at) && !strings.ContainsFunc(at, unicode.IsSpace) {
		return "patch -p0"
	}
	return "patch " + shellWord(at)
}

// shellWord is a text as one word of a shell's command.
func shellWord(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-", r)
	}) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// chosen are the words that are meant, and the answer that is likely.
func (f learnFlags) chosen(r missReport) (examples []string, likely string, err error) {
	for _, number := range f.groups {
		if number < 1 || number > len(r.Groups) {
			return nil, "", fmt.Errorf("--group: there is no group %d; there are %d from %s until %s", number, len(r.Groups), r.From.Format(costTime), r.Until.Format(costTime))
		}
		g := r.Groups[number-1]
		if g.Answer != "" && likely == "" {
			likely = ", for example " + strconv.Quote(g.Answer)
		}
		words := f.words
		if len(words) == 0 {
			words = firstNumbers(min(len(g.Words), wordsShown))
		}
		for _, n := range words {
			if n < 1 || n > len(g.Words) {
				return nil, "", fmt.Errorf("--words: group %d has no number %d; it has %d", number, n, len(g.Words))
			}
			examples = append(examples, g.Words[n-1].Text)
		}
	}
	return examples, likely, nil
}

// firstNumbers are 1 to n.
func firstNumbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

package inbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// Teaching is how a flow file learns from what was not understood.
type Teaching struct {
	Answers []Answer // the common answers, in their order
	// Lines shows what to add to the file so that these words ask for an answer, be it
	// one of Answers or a new one. An error is shown as it is.
	Lines func(ctx context.Context, answer string, words []string) (Lines, error)
}

// Answer is a common answer as people know it.
type Answer struct{ Name, Title string }

// Lines are what to add to a file.
type Lines struct {
	File string
	Diff string // in the unified format
}

const (
	// missesLooked is how many misses are grouped, the newest; groupsShown and wordsShown
	// is what of them is shown, and wordsChosen how many are chosen beforehand.
	missesLooked = 10_000
	groupsShown  = 30
	wordsShown   = 40
	wordsChosen  = 10
	missDays     = 30 // that are looked at where nothing is said
)

// answersPage is what a supervisor sees of what was not understood.
type answersPage struct {
	Business, Title, Me string
	From, To            string // days
	Notice              string
	Says                string
	Groups              []missView
	Answers             []Answer
}

// missView is a group with its form.
type missView struct {
	ID      int
	Title   string
	Facts   string
	Answer  string // that is chosen in the form
	New     string // likewise
	Words   []wordsView
	More    int // ways of writing that are not shown
	Added   *Lines
	Refused string // why there are no lines
}

type wordsView struct {
	Text   string
	Times  string
	Chosen bool
}

// answers shows the groups; lines shows one of them with the lines to add.
func (in *Inbox) answers(c *gin.Context, me handoff.Agent) { in.answersPage(c, me, nil) }

func (in *Inbox) lines(c *gin.Context, me handoff.Agent) {
	if err := c.Request.ParseForm(); err != nil {
		in.fail(c, http.StatusBadRequest, "This form is too long. Choose fewer words.")
		return
	}
	in.answersPage(c, me, &wished{
		answer: c.PostForm("answer"), news: strings.TrimSpace(c.PostForm("new")), words: c.PostFormArray("words"),
	})
}

// wished is what a form asks for.
type wished struct {
	answer, news string
	words        []string
}

func (in *Inbox) answersPage(c *gin.Context, me handoff.Agent, w *wished) {
	v, err := in.viewer(c.Request.Context(), c.Request, me)
	if err != nil {
		in.fault(c, err)
		return
	}
	p := answersPage{Business: in.Business(), Title: "Not understood", Me: v.display(me.Name)}
	f, notice := v.missFilter(c.Query("from"), c.Query("to"))
	p.Notice = notice
	p.From, p.To = f.From.In(v.zone).Format(time.DateOnly), f.Until.Add(-1).In(v.zone).Format(time.DateOnly)
	misses, err := in.Reader.Misses(c.Request.Context(), f)
	if err != nil {
		in.fault(c, err)
		return
	}
	var teaching Teaching
	if in.Teaching != nil {
		teaching = in.Teaching()
	}
	p.Answers = teaching.Answers
	groups := bot.GroupMisses(misses)
	p.Says = missesSay(len(misses), groups)
	for i, g := range groups[:min(len(groups), groupsShown)] {
		p.Groups = append(p.Groups, v.group(i+1, g))
	}
	if w != nil {
		p.teach(c.Request.Context(), *w, teaching)
	}
	in.render(c, http.StatusOK, in.templates.answers, "layout", p)
}

// missFilter reads the days that are asked for, in the viewer's zone.
func (v viewer) missFilter(from, to string) (f bot.MissFilter, notice string) {
	today := time.Date(v.now.In(v.zone).Year(), v.now.In(v.zone).Month(), v.now.In(v.zone).Day(), 0, 0, 0, 0, v.zone)
	f = bot.MissFilter{From: today.AddDate(0, 0, -missDays), Until: today.AddDate(0, 0, 1), Limit: missesLooked}
	first, err := dayOr(from, f.From, v.zone)
	last, wrong := dayOr(to, today, v.zone)
	if errors.Join(err, wrong) != nil || last.Before(first) {
		return f, "These are not two days, the earlier one first. Here are the last " + strconv.Itoa(missDays) + " days."
	}
	f.From, f.Until = first.UTC(), last.AddDate(0, 0, 1).UTC()
	return f, ""
}

func dayOr(says string, otherwise time.Time, zone *time.Location) (time.Time, error) {
	if says == "" {
		return otherwise, nil
	}
	return time.ParseInLocation(time.DateOnly, says, zone)
}

// missesSay is how much there is.
func missesSay(looked int, groups []bot.MissGroup) string {
	times := 0
	for _, g := range groups {
		times += g.Times
	}
	says := fmt.Sprintf("%s in %s", words(times, "text"), words(len(groups), "group"))
	if len(groups) > groupsShown {
		says += fmt.Sprintf("; the largest %d are shown", groupsShown)
	}
	if looked >= missesLooked {
		says += ". There are older ones, which are not counted: choose fewer days"
	}
	return says + "."
}

func (v viewer) group(id int, g bot.MissGroup) missView {
	view := missView{ID: id, Title: inLine(g.Words[0].Text)}
	view.Answer, _ = g.Answer()
	view.Facts = fmt.Sprintf("%s by %s, last %s. %s", words(g.Times, "text"), words(g.Customers, "customer"), v.moment(g.Last), meant(g))
	for i, w := range g.Words[:min(len(g.Words), wordsShown)] {
		said := wordsView{Text: inLine(w.Text), Chosen: i < wordsChosen}
		if w.Times > 1 {
			said.Times = strconv.Itoa(w.Times) + " times"
		}
		view.Words = append(view.Words, said)
	}
	view.More = len(g.Words) - len(view.Words)
	return view
}

// inLine is a text as a form gives it back: forms end lines in their own way.
func inLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// meant says which answers customers chose, or what was guessed.
func meant(g bot.MissGroup) string {
	switch {
	case len(g.Picked) > 0:
		return "Customers chose " + counts(g.Picked) + "."
	case len(g.Guessed) > 0:
		return "The likeliest: " + counts(g.Guessed) + "."
	default:
		return "Like none of the answers."
	}
}

func counts(list []bot.Counted) string {
	says := make([]string, len(list))
	for i, c := range list {
		if says[i] = c.Name; c.Times > 1 || len(list) > 1 {
			says[i] += fmt.Sprintf(" (%d)", c.Times)
		}
	}
	return strings.Join(says, ", ")
}

// teach puts what a form asks for into its group: the one that has its words.
func (p *answersPage) teach(ctx context.Context, w wished, t Teaching) {
	i := slices.IndexFunc(p.Groups, func(g missView) bool {
		return slices.ContainsFunc(g.Words, func(said wordsView) bool { return slices.Contains(w.words, said.Text) })
	})
	if i < 0 {
		p.Notice = "Choose at least one text of a group."
		return
	}
	g := &p.Groups[i]
	g.Answer, g.New = w.answer, w.news
	for n := range g.Words {
		g.Words[n].Chosen = slices.Contains(w.words, g.Words[n].Text)
	}
	name := w.answer
	if w.news != "" {
		name = w.news
	}
	if name == "" || t.Lines == nil {
		g.Refused = "Choose an answer, or write the name of a new one."
		return
	}
	lines, err := t.Lines(ctx, name, w.words)
	if err != nil {
		g.Refused = sentence(err.Error()) + "."
		return
	}
	g.Added = &lines
}

package main

import (
	"fmt"
	"slices"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows/source"
)

// longestWindow is far longer than any platform's, and says that hours were meant.
const longestWindow = 366 * day

// policyChannel reads the rows of one kind of channel.
type policyChannel struct {
	*policyReader
	kind   string
	acts   []window.Start // what starts the clocks that more than a message starts
	priced []datedRow
}

// datedRow is a row that must be the only one of its key at any moment.
type datedRow struct {
	key         string
	from, until time.Time
	line        int
}

func (c *policyChannel) rule(n source.Node) {
	f := n.Fields(source.Keys{Known: []string{"author", "starts", "length", "tag", "needs", "from", "until", "source"}})
	row := window.Rule{Channel: c.kind, Author: oneOf(f.Need("author"), policyAuthors), Starts: c.starts(f.Get("starts"))}
	row.Length = c.length(f)
	row.Tag = c.tag(f.Get("tag"), row.Author)
	row.Needs, _ = f.Get("needs").Text()
	row.From, row.Until = c.span(f)
	row.Source = c.source(f)
	c.table.Rules = append(c.table.Rules, row)
}

// length reads how long a clock runs: with what starts it, or neither.
func (c *policyChannel) length(f source.Fields) time.Duration {
	n := f.Get("length")
	switch {
	case f.Has("starts") && !f.Has("length"):
		f.Key("starts").Report(configCodes.Missing, "this starts a clock of no length", "write length: 24h, or remove starts")
	case f.Has("length") && !f.Has("starts"):
		f.Key("length").Report(configCodes.Missing, "nothing starts this clock", "write starts: [message, tap], or remove length")
	}
	return c.bounded(n)
}

func (c *policyChannel) bounded(n source.Node) time.Duration {
	d, ok := n.Duration()
	if ok && (d <= 0 || d > longestWindow) {
		n.Report(configCodes.Value, fmt.Sprintf("%s is no time in which a platform lets us answer", n.Raw()), "write e.g. 24h")
	}
	return d
}

// starts reads what starts a clock. A conversation remembers two moments: of the
// newest act, and of the newest message. So clocks are started by a message
// alone, or by the same acts as every other one of the channel.
func (c *policyChannel) starts(n source.Node) []window.Start {
	var list []window.Start
	for _, item := range n.List() {
		list = append(list, oneOf(item, policyStarts))
	}
	switch {
	case !n.IsList():
	case !slices.Contains(list, window.StartMessage):
		n.Report(configCodes.Value, "a message does not start this clock", "add message")
	case len(list) == 1:
	case c.acts == nil:
		c.acts = list
	case !slices.Equal(c.acts, list):
		n.Report(configCodes.Value, "another clock of this channel is started by other acts",
			fmt.Sprintf("write %s, or [message] alone", inBrackets(c.acts)))
	}
	return list
}

// tag reads a platform's mark for a person's own words. A bot's message cannot
// have one, whatever a file says.
func (c *policyChannel) tag(n source.Node, author window.Author) string {
	tag := oneOf(n, []string{window.HumanAgent})
	if n.Exists() && author != window.Human {
		n.Report(configCodes.Value, "only a person's own words can have this tag", "remove it, or write author: human")
	}
	return tag
}

func (c *policyChannel) entry(n source.Node) {
	f := n.Fields(source.Keys{Known: []string{"start", "length", "from", "until", "source"}})
	row := window.Entry{Channel: c.kind, Start: oneOf(f.Need("start"), policyStarts), Length: c.bounded(f.Need("length"))}
	row.From, row.Until = c.span(f)
	row.Source = c.source(f)
	c.once(n, "entry", row.From, row.Until)
	c.table.Entries = append(c.table.Entries, row)
}

func (c *policyChannel) allotment(n source.Node) {
	f := n.Fields(source.Keys{Known: []string{"category", "per_month", "from", "until", "source"}})
	row := window.Allotment{Channel: c.kind, Category: oneOf(f.Need("category"), policyCategories)}
	row.PerMonth, _ = f.Need("per_month").Int(1, 1_000_000_000)
	row.From, row.Until = c.span(f)
	row.Source = c.source(f)
	c.once(n, "free "+string(row.Category), row.From, row.Until)
	c.table.Free = append(c.table.Free, row)
}

func (c *policyChannel) rate(n source.Node) {
	f := n.Fields(source.Keys{Known: []string{"market", "category", "inside", "price", "from", "until", "source"}})
	row := window.Rate{Channel: c.kind, Market: c.market(f.Get("market"))}
	if f.Has("category") {
		row.Category = oneOf(f.Get("category"), policyCategories)
	}
	row.Inside, _ = f.Get("inside").Bool()
	row.Amount = c.price(f.Need("price"))
	row.From, row.Until = c.span(f)
	row.Source = c.source(f)
	c.once(n, fmt.Sprintf("rate %q %s %t", row.Market, row.Category, row.Inside), row.From, row.Until)
	c.table.Rates = append(c.table.Rates, row)
}

func (c *policyChannel) price(n source.Node) window.Amount {
	a, err := window.ParseAmount(n.Raw())
	if n.Exists() && err != nil {
		n.Report(configCodes.Value, fmt.Sprintf("%q is no price", n.Raw()),
			"write e.g. 0.0068 USD, or free; what is not known has no row")
	}
	return a
}

// market reads a market's name, which must be one of the table.
func (c *policyChannel) market(n source.Node) string {
	s, ok := n.Text()
	var names []string
	for _, m := range c.table.Markets {
		names = append(names, m.Name)
	}
	if ok && !slices.Contains(names, s) {
		n.Report(configCodes.Value, fmt.Sprintf("there is no market %q", s), oneOfHint(s, names)+"; or add it under markets")
	}
	return s
}

// once reports a row that holds at the same time as another one of its key.
func (c *policyChannel) once(n source.Node, key string, from, until time.Time) {
	for _, other := range c.priced {
		before := func(end, begin time.Time) bool { return !end.IsZero() && !begin.Before(end) }
		if other.key == key && !before(other.until, from) && !before(until, other.from) {
			n.Report(configCodes.Duplicate, fmt.Sprintf("at some time both this row and that of line %d hold", other.line),
				"let the older one end: until is the day on which the newer one begins")
			break
		}
	}
	c.priced = append(c.priced, datedRow{key, from, until, n.Place().Line})
}

// checkAuthors reports that somebody could never write at all.
func (c *policyChannel) checkAuthors(at source.Node) {
	for _, author := range []window.Author{window.Bot, window.Human} {
		if !slices.ContainsFunc(c.table.Rules, func(r window.Rule) bool { return r.Channel == c.kind && r.Author == author && r.Tag == "" }) {
			at.Report(configCodes.Missing, fmt.Sprintf("no rule lets author: %s write without a tag", author), "add one, or it never may")
		}
	}
}

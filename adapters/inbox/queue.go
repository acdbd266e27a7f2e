package inbox

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/handoff"
)

// rowsMax is how many open tickets a list shows: those that stand first in line.
const rowsMax = 50

// tab is one of the lists.
type tab string

const (
	tabUnassigned tab = "unassigned"
	tabMine       tab = "mine"
	tabSnoozed    tab = "snoozed"
	tabAll        tab = "all"
)

// labelTab is the list of those with a label.
func labelTab(label string) tab { return tab(labelPrefix + label) }

const labelPrefix = "label:"

// label is the label whose list it is; empty: of none.
func (t tab) label() string {
	label, ok := strings.CutPrefix(string(t), labelPrefix)
	if !ok {
		return ""
	}
	return label
}

// query is a link's part that leads to the list.
func (t tab) query() string { return "?tab=" + url.QueryEscape(string(t)) }

// parseTab takes what is no tab for the one an agent begins with.
func parseTab(s string) tab {
	switch t := tab(s); t {
	case tabMine, tabSnoozed, tabAll:
		return t
	default:
		if label, err := handoff.ParseLabel(t.label()); err == nil {
			return labelTab(label)
		}
		return tabUnassigned
	}
}

// filter is which open tickets the list holds for an agent.
func (t tab) filter(me string) bot.TicketFilter {
	switch t {
	case tabMine:
		return bot.TicketFilter{Agent: me}
	case tabSnoozed:
		return bot.TicketFilter{Asleep: true}
	case tabAll:
		return bot.TicketFilter{}
	case labelTab(t.label()):
		return bot.TicketFilter{Label: t.label()}
	default:
		return bot.TicketFilter{Waiting: true}
	}
}

type tabView struct {
	Name, Label, Href string
	Count             string
	Current           bool
}

type rowView struct {
	ID, Href, Name, Initials    string
	Hue                         int
	Channel, Queue, Reason      string
	Preview, PreviewBy          string
	Deadline                    chip
	Standing                    string // why the row stands where it does
	Closed                      bool   // no answer is possible until the customer writes
	Labels                      []string
	Priority                    string // with a capital; empty: none
	Heading                     string // stands above this row; empty: none
	Owner                       string // display name; empty: nobody
	Mine, Current               bool
	CustomerAge, CustomerAgeAll string // of the last customer message
	CustomerAt                  int64  // Unix milliseconds; 0: none
}

type queueView struct {
	Tab     string
	Paused  []pauseView
	Tabs    []tabView
	Rows    []rowView
	Waiting int // tickets nobody has and somebody can answer
	Closed  int // tickets nobody has and nobody can answer any more
	Ahead   int // of the rows, those that may be taken next
	Labels  []labelLink
	Empty   string // what to say when there are no rows
	More    bool   // there are more open tickets than are shown
}

// queue reads the open tickets and shows those of one tab; open is the
// conversation on the right, or empty.
func (in *Inbox) queue(ctx context.Context, v viewer, t tab, open string) (queueView, error) {
	counts, err := in.Reader.TicketCounts(ctx, v.now)
	if err != nil {
		return queueView{}, err
	}
	entries, more, err := in.tickets(ctx, t.filter(v.me.Name), v.now)
	if err != nil {
		return queueView{}, err
	}
	q := queueView{
		Tab: string(t), More: more, Paused: in.paused(v), Waiting: counts.Waiting - counts.Shut, Closed: counts.Shut,
	}
	heading := "Window closed"
	for _, e := range entries {
		if e.Last, err = in.telling(ctx, e.Row); err != nil {
			return queueView{}, err
		}
		if e.ahead(v.now) {
			q.Ahead++
		}
		r := v.row(e, t, open)
		if r.Closed {
			r.Heading, heading = heading, ""
		}
		q.Rows = append(q.Rows, r)
	}
	q.Labels = labelCounts(counts.Labels, t.label())
	for _, each := range []struct {
		tab   tab
		label string
		count int
	}{
		{tabUnassigned, "Unassigned", counts.Waiting},
		{tabMine, "Mine", counts.Agents[v.me.Name]},
		{tabSnoozed, "Snoozed", counts.Asleep},
		{tabAll, "All", counts.All},
	} {
		q.Tabs = append(q.Tabs, tabView{
			Name: string(each.tab), Label: each.label, Count: strconv.Itoa(each.count),
			Href: "/inbox" + each.tab.query(), Current: each.tab == t,
		})
	}
	q.Empty = emptyWords(t, q.Waiting)
	return q, nil
}

// pauseView is a channel on which nothing is sent for a while.
type pauseView struct {
	Channel string
	Until   string
	Ends    int64 // Unix milliseconds
}

// paused are the channels on which nothing is sent now, by name.
func (in *Inbox) paused(v viewer) (paused []pauseView) {
	if in.Paused == nil {
		return nil
	}
	until := in.Paused()
	for _, channel := range slices.Sorted(maps.Keys(until)) {
		if at := until[channel]; at.After(v.now) {
			paused = append(paused, pauseView{Channel: channel, Until: v.moment(at), Ends: at.UnixMilli()})
		}
	}
	return paused
}

// entry is an open ticket of the list.
type entry struct {
	bot.Row
	closes time.Time // see Inbox.closes
	closed bool      // at the moment that was asked about
}

// tickets reads a list in the order of the line: first those that can be answered,
// then, as far as there is room, those whose window is closed. Together they are at
// most rowsMax; more says that there are others.
func (in *Inbox) tickets(ctx context.Context, f bot.TicketFilter, now time.Time) (entries []entry, more bool, err error) {
	open, closed := f, f
	open.OpenAt, closed.ShutAt = now, now
	var shut []entry
	for _, part := range []bot.TicketFilter{open, closed} {
		rows, next, err := in.Reader.Tickets(ctx, part, "", rowsMax)
		if err != nil {
			return nil, false, err
		}
		more = more || next != ""
		for _, row := range rows { // what a channel allows may have changed since the ticket was stored
			if e := in.entry(row, now); e.closed {
				shut = append(shut, e)
			} else {
				entries = append(entries, e)
			}
		}
	}
	entries = append(entries, shut...)
	return entries[:min(len(entries), rowsMax)], more || len(entries) > rowsMax, nil
}

// ahead reports whether it may be taken next.
func (e entry) ahead(now time.Time) bool {
	return !e.closed && e.Ticket.Agent == "" && !e.Ticket.Asleep && e.Ticket.Stand(now).Class != handoff.Behind
}

func (in *Inbox) entry(row bot.Row, now time.Time) entry {
	e := entry{Row: row, closes: in.closes(row, now)}
	e.closed = isOver(e.closes, now)
	return e
}

// closes is until when a person may answer a conversation; zero: for ever. The
// window of a channel that is not served now is as its ticket remembers it.
func (in *Inbox) closes(row bot.Row, now time.Time) time.Time {
	limits, known := in.Limits(row.Conversation.Channel)
	if !known && row.Ticket.Open() {
		return row.Ticket.WindowCloses
	}
	return row.Conversation.WindowCloses(limits.Window, window.Human, now)
}

// isOver reports whether a window that closes then is closed at now.
func isOver(closes, now time.Time) bool { return !closes.IsZero() && !now.Before(closes) }

// telling is the message that a row shows: the newest, but instead of a note of
// our own what the customer said before it, or else somebody. A new ticket always ends with one.
func (in *Inbox) telling(ctx context.Context, row bot.Row) (bot.Message, error) {
	if row.Last.Author != bot.AuthorSystem {
		return row.Last, nil
	}
	const back = 20
	messages, err := in.Reader.Transcript(ctx, row.Conversation.ID, 0, back)
	if err != nil {
		return bot.Message{}, err
	}
	told := row.Last
	for _, m := range slices.Backward(messages) {
		if m.Incoming() {
			return m, nil
		}
		if told.Author == bot.AuthorSystem {
			told = m
		}
	}
	return told, nil
}

func emptyWords(t tab, waiting int) string {
	switch {
	case t == tabMine && waiting > 0:
		return "You have no conversations. Take the next one when you are ready."
	case t == tabMine:
		return "You have no conversations."
	case t.label() != "":
		return "Nothing that needs a person has the label " + t.label() + "."
	case t == tabSnoozed:
		return "Nothing is snoozed."
	case t == tabAll:
		return "No conversation is waiting for a person."
	default:
		return "Nobody is waiting. New conversations appear here by themselves."
	}
}

func (v viewer) row(row entry, t tab, open string) rowView {
	r := rowView{
		ID: row.Conversation.ID, Href: conversationURL(row.Conversation.ID, t),
		Name: customer(row.Contact, row.Conversation.Channel), Initials: initials(row.Contact.Name), Hue: hue(row.Contact.ID),
		Channel: row.Conversation.Channel, Queue: row.Ticket.Queue, Reason: reason(row.Ticket),
		Preview: oneLine(row.Last), PreviewBy: v.by(row.Last),
		Deadline: v.nearest(row.Ticket, row.closes), Standing: v.standing(row.Ticket, row.closes), Closed: row.closed, Priority: priority(row.Ticket), Labels: row.Conversation.Labels, Owner: v.display(row.Ticket.Agent),
		Mine: row.Ticket.Agent == v.me.Name, Current: row.Conversation.ID == open,
	}
	if at := row.Conversation.NewestInbound; !at.IsZero() {
		r.CustomerAt, r.CustomerAge = at.UnixMilli(), age(at, v.now)
		r.CustomerAgeAll = "Last customer message " + stamp(at, v.zone)
	}
	return r
}

// deadline is the chip of a ticket and says whose deadline it is. When the
// window is closed no other deadline matters: nobody can meet it.
func (v viewer) deadline(t handoff.Ticket, closes time.Time) chip {
	if isOver(closes, v.now) {
		return v.window(closes)
	}
	t.WindowCloses = closes
	until := t.Deadline()
	if !until.IsZero() && until.Equal(t.PromisedBy) {
		return countdown(until, v.now, "Answer promised by", "overdue", v.zone)
	}
	return v.window(until)
}

// nearest is the chip of what comes first: the deadline, or that people leave.
func (v viewer) nearest(t handoff.Ticket, closes time.Time) chip {
	c := v.deadline(t, closes)
	if by := v.staffed(t, closes); by != nil && (c.Until == 0 || by.Left.Until < c.Until) {
		return by.Left
	}
	return c
}

// window is the chip of until when an answer is possible.
func (v viewer) window(closes time.Time) chip {
	what := "Window closes"
	if isOver(closes, v.now) {
		what = "Window closed"
	}
	return countdown(closes, v.now, what, "closed", v.zone)
}

// by is who wrote the last message of a row, when it was not the customer.
func (v viewer) by(m bot.Message) string {
	switch m.Author {
	case bot.AuthorBot:
		return "Bot"
	case bot.AuthorAgent:
		if m.Agent == v.me.Name {
			return "You"
		}
		return v.display(m.Agent)
	case bot.AuthorCustomer, bot.AuthorSystem:
		return ""
	default:
		return ""
	}
}

func conversationURL(id string, t tab) string {
	return conversationPath(id) + t.query()
}

func conversationPath(id string) string { return "/inbox/c/" + url.PathEscape(id) }

// viewer is who looks, when and where: what turns stored times and names into words.
type viewer struct {
	me     handoff.Agent
	agents map[string]string // display names by name
	now    time.Time
	zone   *time.Location
}

// display is an agent's name for people. An agent who was removed keeps the name.
func (v viewer) display(name string) string {
	if d := v.agents[name]; d != "" {
		return d
	}
	return name
}

package inbox

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/handoff"
)

// linesStep is how many messages are shown at first, and how many more by each
// "earlier messages".
const linesStep = 200

// talkView is the right side of the page: one conversation.
type talkView struct {
	ID, Path, Tab, Name, Initials string
	Hue                           int
	Channel, Queue                string
	Address, AddressIs            string // phone number or platform's id, and which; may be empty
	Status                        string // in words
	Level                         string // of the status' mark
	Window                        chip
	Deadline                      *chip      // of the open ticket, when it is not the window's
	Staffed                       *staffView // until when people of its queue are there, when that is before the window closes
	Standing                      string     // why the open ticket stands in line where it does
	Handover                      *handoverView
	Lines                         []lineView
	Earlier                       string // link to earlier messages; empty: all are shown
	Shut                          string // why no answer is possible; empty: it is
	ShutBy                        string // what stands against it: "status", "window"
	Marked                        string // how the platform is told that a person answers; empty: it is not
	CanClaim, CanRelease          bool
	CanEnd                        bool       // hand back, resolve
	Pass                          *passView  // nil: it is not the viewer's to pass on
	Label                         *labelView // nil: it is not the viewer's to label
	Labels                        []labelLink
	Snooze                        *snoozeView    // nil: it is not the viewer's to snooze
	Priorities                    []priorityView // none: it is not the viewer's to give one
	Priority                      string         // that it has, with a capital; empty: none
	Asleep                        bool           // it is snoozed, and the viewer may end that
	Quote                         quoteView
	Ways                          *waysView // when the viewer has words here that may not go; nil: no need
	Text                          string
	From                          string // bot.MessageID of the draft that Text began with; empty: none
	Nonce                         string
	Limit                         int    // longest text of one message; 0: not known
	Unit                          string // see bot.Unit
}

type handoverView struct {
	Reason, Note string
	Words        []string
	Since        string
	SinceTitle   string
}

// lineView is one line of the transcript: a day, or a message.
type lineView struct {
	ID       string // of the element
	Day      string // a day's line has nothing else
	Side     string // "customer", "ours", "note"
	Author   string // class: customer, bot, agent, system
	By       string // in words
	First    bool   // the first in a row by the same author: shows By
	Kind     string // in words, for what is no text
	File     *fileView
	Place    *placeView
	Text     string
	Tapped   bool
	Choices  []bot.Choice
	At, ISO  string
	AtTitle  string
	Draft    *draftView
	State    string // class: queued, sent ...
	StateFor string // in words; empty: not shown
}

// talk reads one conversation. From is the first message shown, 0 for the newest ones.
func (in *Inbox) talk(ctx context.Context, v viewer, t tab, s shown, from uint64) (talkView, error) {
	id := s.conversation
	row, err := in.Reader.Conversation(ctx, id)
	if err != nil {
		return talkView{}, err
	}
	if from > row.Conversation.LastSeq {
		from = 0
	}
	after, limit := span(row.Conversation.LastSeq, from)
	messages, err := in.Reader.Transcript(ctx, id, after, limit)
	if err != nil {
		return talkView{}, err
	}
	messages, more := readable(messages, from)
	limits, _ := in.Limits(row.Conversation.Channel)
	closes := in.closes(row, v.now)
	name := customer(row.Contact, row.Conversation.Channel)
	view := talkView{
		ID: id, Path: conversationPath(id), Tab: string(t),
		Name: name, Initials: initials(row.Contact.Name), Hue: hue(row.Contact.ID),
		Channel: row.Conversation.Channel, Queue: row.Ticket.Queue,
		Window: v.window(closes),
		Lines:  v.lines(messages), Text: s.text,
		Nonce: rand.Text(), Limit: limits.Text, Unit: string(limits.Unit),
	}
	view.Address, view.AddressIs = address(row.Contact, row.Conversation.Channel)
	if more {
		view.Earlier = earlier(view.Path, t, messages[0].Seq)
	}
	if row.Ticket.Open() {
		view.Handover, view.Priority = v.handover(row.Ticket), priority(row.Ticket)
		view.Standing, view.Staffed = v.standing(row.Ticket, closes), v.staffed(row.Ticket, closes)
		if d := v.deadline(row.Ticket, closes); d.Until != view.Window.Until {
			view.Deadline = &d
		}
	}
	view.Labels = labelLinks(row.Conversation.Labels)
	view.allow(v, row, closes)
	if view.CanEnd {
		view.Pass, view.Snooze, view.Asleep = in.passes(v, row.Ticket), in.snoozes(v, row), row.Ticket.Asleep
		view.Priorities = priorities(row.Ticket)
		if view.Label, err = in.labelling(ctx, v, row.Ticket); err != nil {
			return talkView{}, err
		}
	}
	if tag, _ := row.Conversation.Allow(limits.Window, window.Human, v.now); view.Shut == "" && tag != "" {
		view.Marked = marked(tag)
	}
	return view, in.help(ctx, v, &view, row, messages, s)
}

// span says how to read a transcript from a message to its end, and the one
// before it: the store gives the newest ones, or those after one.
func span(last, from uint64) (after uint64, limit int) {
	switch {
	case from == 0:
		return 0, linesStep + 1
	case from <= 2:
		return 0, int(last) + linesStep // some may be added meanwhile
	default:
		return from - 2, int(last-from) + 2 + linesStep
	}
}

// readable leaves out what was read only to see whether there is more: the first
// messages of a conversation may not be kept any more.
func readable(messages []bot.Message, from uint64) (list []bot.Message, more bool) {
	first := 0
	if from == 0 {
		first = max(len(messages)-linesStep, 0)
	}
	for first < len(messages) && messages[first].Seq < from {
		first++
	}
	return messages[first:], first > 0
}

// earlier is the link to earlier messages. It leads to the first one that was
// shown already, so that reading goes on there.
func earlier(path string, t tab, first uint64) string {
	from := uint64(1)
	if first > linesStep {
		from = first - linesStep
	}
	return path + t.query() + "&from=" + itoa(from) + "#m-" + itoa(first)
}

func (v viewer) handover(t handoff.Ticket) *handoverView {
	return &handoverView{
		Reason: reason(t), Note: t.Note, Words: t.Words,
		Since: age(t.OpenedAt, v.now), SinceTitle: stamp(t.OpenedAt, v.zone),
	}
}

// allow says who has the conversation, what the viewer may do, and why not.
func (t *talkView) allow(v viewer, row bot.Row, closes time.Time) {
	switch row.Conversation.Status {
	case handoff.Queued:
		t.Status, t.Level = "Waiting", "waiting"
		t.CanClaim, t.CanEnd = true, true
		t.ShutBy, t.Shut = "status", "Claim the conversation to answer it."
	case handoff.Assigned:
		if row.Ticket.Agent != v.me.Name {
			t.Status, t.Level = v.display(row.Ticket.Agent), "theirs"
			t.ShutBy, t.Shut = "status", v.display(row.Ticket.Agent)+" has this conversation."
			break
		}
		t.Status, t.Level = "Yours", "yours"
		t.CanRelease, t.CanEnd = true, true
		if isOver(closes, v.now) {
			t.ShutBy, t.Shut = "window", "The window closed "+stamp(closes, v.zone)+". An answer is possible again when the customer writes."
		}
	case handoff.Resolved:
		t.Status, t.Level = "Resolved", "done"
		t.ShutBy, t.Shut = "status", "This conversation is resolved. The bot answers when the customer writes again."
	case handoff.Bot:
		fallthrough
	default:
		t.Status, t.Level = "With the bot", "done"
		t.ShutBy, t.Shut = "status", "The bot answers this customer. You can when it hands over."
	}
}

func (v viewer) lines(messages []bot.Message) []lineView {
	lines := make([]lineView, 0, len(messages)+4)
	var last time.Time
	for i, m := range messages {
		if i == 0 || !sameDay(last.In(v.zone), m.At.In(v.zone)) {
			lines = append(lines, lineView{ID: "d-" + m.At.In(v.zone).Format("20060102"), Day: day(m.At, v.now, v.zone)})
		}
		line := v.line(m)
		line.First = lines[len(lines)-1].Day != "" || messages[i-1].Author != m.Author || messages[i-1].Agent != m.Agent
		lines = append(lines, line)
		last = m.At
	}
	return lines
}

func (v viewer) line(m bot.Message) lineView {
	l := lineView{
		ID: "m-" + itoa(m.Seq), Side: "ours", Author: string(m.Author),
		Kind: kind(m.Kind), Text: m.Text, Tapped: m.Kind == bot.KindChoice, Choices: m.Choices,
		At: m.At.In(v.zone).Format("15:04"), ISO: m.At.UTC().Format(time.RFC3339), AtTitle: stamp(m.At, v.zone),
	}
	l.File, l.Place = attachment(m.Media), where(m.Location)
	if l.Place != nil {
		l.Text = "" // it says the same
	}
	if m.Template != nil {
		l.Kind = "Template " + m.Template.Name
	}
	switch m.Author {
	case bot.AuthorCustomer:
		l.Side, l.By = "customer", "Customer"
	case bot.AuthorBot:
		l.By = "Bot"
	case bot.AuthorAgent:
		l.By = v.display(m.Agent)
	case bot.AuthorSystem:
		l.Side, l.By = "note", "Note"
		// The engine writes notes with the name an agent signs in with.
		if who, rest, ok := strings.Cut(m.Text, " "); ok && v.agents[who] != "" {
			l.Text = v.display(who) + " " + v.given(rest)
		}
	}
	if m.State == bot.StateCancelled {
		m.Reason, m.Code = v.doer(m.Reason), ""
	}
	l.State, l.StateFor = state(m)
	return l
}

// given shows to whom a conversation was given as people call them.
func (v viewer) given(says string) string {
	const before = "gave the conversation to "
	to, found := strings.CutPrefix(says, before)
	if name, note, noted := strings.Cut(to, ": "); found && noted {
		return before + v.display(name) + ": " + note
	}
	if found {
		return before + v.display(to)
	}
	return says
}

// doer shows who left a message as people call them: "left by Ana".
func (v viewer) doer(reason string) string {
	if i := strings.LastIndex(reason, " by "); i >= 0 {
		return reason[:i] + " by " + v.display(reason[i+len(" by "):])
	}
	return reason
}

// state is how far an outgoing message has come, as a class and in words. One
// that waits and has a reason was tried before.
func state(m bot.Message) (class, text string) {
	switch m.State {
	case bot.StateQueued:
		if because := why(m); because != "" {
			return "queued", "Waiting to be sent again" + because
		}
		return "queued", "Waiting to be sent"
	case bot.StateUnknown:
		return "unknown", "Not known yet whether it arrived" + why(m)
	case bot.StateSent:
		return "sent", "Sent"
	case bot.StateDelivered:
		return "delivered", "Delivered"
	case bot.StateRead:
		return "read", "Read"
	case bot.StateCancelled:
		if m.Reason != "" {
			return "cancelled", "Not sent" + why(m)
		}
		return "cancelled", "Not sent: a person took over"
	case bot.StateDraft:
		if m.Reason != "" {
			m.Code = "" // it says the same
		}
		return "draft", "Not sent, kept as a draft" + why(m)
	case bot.StateFailed:
		return "failed", "Not delivered" + why(m)
	case bot.StateReceived, bot.StateNoted:
		return "", ""
	default:
		return "", ""
	}
}

// why is what the platform said about a message, to stand after its state;
// empty when it said nothing.
func why(m bot.Message) (text string) {
	if m.Reason != "" {
		text = ": " + m.Reason
	}
	if m.Code != "" {
		text += " (" + m.Code + ")"
	}
	return text
}

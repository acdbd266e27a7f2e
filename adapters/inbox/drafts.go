package inbox

import (
	"context"
	"errors"
	"strconv"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// waysView is how words can reach the customer that may not go as they are.
type waysView struct {
	Path, Tab string      // of the conversation
	InDraft   bool        // they stand with the newest draft already
	Template  string      // what the template costs that asks the customer to write again; empty: there is none
	Asked     string      // when that was sent already; empty: it was not
	Others    []otherView // the customer's other conversations that can be answered
}

// otherView is another conversation of the same customer.
type otherView struct{ ID, Channel, Path string }

// draftView are the ways out of a message that was not sent.
type draftView struct {
	ID      string // bot.MessageID
	Seq     string
	Use     string // link that takes its words into the composer; empty: there are none, or it is shut
	Draft   bool   // it may go another way; what failed is only left, or answered anew
	Newest  bool   // of the drafts
	HasText bool
}

// help adds what whoever has the conversation must know to answer it: what that
// costs, and how words that may not go can reach the customer.
func (in *Inbox) help(ctx context.Context, v viewer, view *talkView, row bot.Row, messages []bot.Message, s shown) error {
	from, err := in.borrowed(ctx, v, s.draft, row)
	if err != nil {
		return err
	}
	if from.Seq > 0 {
		view.From = bot.MessageID(from.Conversation, from.Seq)
		if view.Text == "" {
			view.Text = from.Text
		}
	}
	if !view.CanRelease {
		return nil
	}
	var q bot.Quote
	if view.Quote, q, err = in.quote(ctx, v, view.ID, view.Channel, view.Text); err != nil {
		return err
	}
	drafts := view.settleable(messages)
	if !drafts && view.ShutBy != "window" {
		return nil
	}
	if view.Ways, err = in.ways(ctx, v, row, messages, q); err != nil {
		return err
	}
	view.Ways.Path, view.Ways.Tab, view.Ways.InDraft = view.Path, view.Tab, drafts
	return nil
}

// settleable gives each message that was not sent its ways out, and reports
// whether there is a draft.
func (t *talkView) settleable(messages []bot.Message) bool {
	ways, newest := map[string]*draftView{}, &draftView{}
	for _, m := range messages {
		d := waysOut(m, t.Path, tab(t.Tab), t.Shut != "")
		if d == nil {
			continue
		}
		ways["m-"+d.Seq] = d
		if d.Draft {
			newest = d
		}
	}
	newest.Newest = true
	for i := range t.Lines {
		t.Lines[i].Draft = ways[t.Lines[i].ID]
	}
	return newest.Draft
}

// ways are those of a conversation that the viewer has and cannot answer as it is.
func (in *Inbox) ways(ctx context.Context, v viewer, row bot.Row, messages []bot.Message, q bot.Quote) (*waysView, error) {
	w := &waysView{}
	if in.entry(row, v.now).closed {
		if m, asked := askedAgain(messages, row.Conversation); asked {
			w.Asked = v.moment(m.At)
		} else if in.Acts.Reopens(row.Conversation) {
			w.Template = price(q.Later)
		}
	}
	rows, err := in.Reader.Conversations(ctx, row.Contact.ID)
	for _, other := range rows {
		if other.Conversation.ID == row.Conversation.ID || !in.answerable(v, other) {
			continue
		}
		path := conversationPath(other.Conversation.ID)
		w.Others = append(w.Others, otherView{other.Conversation.ID, other.Conversation.Channel, path})
	}
	return w, err
}

// answerable reports whether the viewer can answer a conversation, if need be
// after claiming it.
func (in *Inbox) answerable(v viewer, row bot.Row) bool {
	_, served := in.Limits(row.Conversation.Channel)
	free := row.Ticket.Open() && (row.Ticket.Agent == "" || row.Ticket.Agent == v.me.Name)
	return served && free && !in.entry(row, v.now).closed
}

// askedAgain finds the template by which a colleague asked a customer to write,
// who has not done so yet: nobody should pay for another one by mistake.
func askedAgain(messages []bot.Message, c bot.Conversation) (m bot.Message, asked bool) {
	for _, m := range messages {
		lost := m.State == bot.StateFailed || m.State == bot.StateCancelled || m.State == bot.StateDraft
		if m.Template != nil && m.Author == bot.AuthorAgent && m.At.After(c.NewestInbound) && !lost {
			return m, true
		}
	}
	return m, false
}

// waysOut are the ways out of a message; nil: it needs none.
func waysOut(m bot.Message, path string, t tab, shut bool) *draftView {
	if m.State != bot.StateDraft && m.State != bot.StateFailed {
		return nil
	}
	d := &draftView{
		ID: bot.MessageID(m.Conversation, m.Seq), Seq: itoa(m.Seq), Draft: m.State == bot.StateDraft, HasText: m.Text != "",
	}
	if d.HasText && !shut {
		d.Use = path + t.query() + "&draft=" + d.ID
	}
	return d
}

// borrowed is a draft whose words are to be answered with in another conversation
// of the same customer, or in its own. One that was dealt with is none.
func (in *Inbox) borrowed(ctx context.Context, v viewer, id string, into bot.Row) (bot.Message, error) {
	conversation, seq, _ := bot.ParseMessageID(id)
	if seq <= 1 { // what begins a conversation is the customer's
		return bot.Message{}, nil
	}
	row, err := in.Reader.Conversation(ctx, conversation)
	if errors.Is(err, bot.ErrNotFound) || (err == nil && (row.Contact.ID != into.Contact.ID || row.Ticket.Agent != v.me.Name)) {
		return bot.Message{}, nil
	}
	if err != nil {
		return bot.Message{}, err
	}
	list, err := in.Reader.Transcript(ctx, conversation, seq-1, 1)
	if err != nil || len(list) != 1 || list[0].Seq != seq || waysOut(list[0], "", "", true) == nil {
		return bot.Message{}, err
	}
	return list[0], nil
}

// settle is the handler of a draft's buttons.
func (in *Inbox) settle(way bot.Way) typedAct {
	return func(c *gin.Context, id, agent string, _ typed) error {
		seq, err := strconv.ParseUint(c.Param("seq"), 10, 64)
		if err != nil || seq == 0 {
			return bot.ErrNotFound
		}
		return in.Acts.Settle(c.Request.Context(), id, agent, seq, way)
	}
}

// reopen sends the template that asks the customer to write again.
func (in *Inbox) reopen(c *gin.Context, id, agent string, f typed) error {
	return in.Acts.Reopen(c.Request.Context(), id, agent, f.nonce)
}

// note keeps what cannot be sent for colleagues.
func (in *Inbox) note(c *gin.Context, me handoff.Agent) {
	id := c.Param("id")
	f, err := readTyped(c)
	if err == nil {
		err = in.Acts.Note(c.Request.Context(), id, me.Name, f.text, f.nonce)
	}
	if err == nil {
		f.text = ""
	}
	in.answer(c, me, shown{conversation: id, text: f.text, draft: f.draft}, err)
}

// compose shows a conversation with words that were written in another one.
func (in *Inbox) compose(c *gin.Context, me handoff.Agent) {
	f, err := readTyped(c)
	in.answer(c, me, shown{conversation: c.Param("id"), text: f.text, draft: f.draft}, err)
}

package bot

import (
	"testing"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
	"frontdesk/handoff"
)

const day = 24 * time.Hour

// page are limits as those of a page that was granted HUMAN_AGENT.
func page() Limits {
	limits, _ := carry.Of(carry.Messenger)
	return Limits{Limits: limits, Kind: carry.Messenger, Window: window.Shipped().For(carry.Messenger, window.HumanAgent)}
}

func onPage(p *play) rules {
	r := playing(p)
	r.limits = page()
	return r
}

// wroteAt is a conversation whose customer's newest act is a message of that time.
func wroteAt(at time.Time) func(*Conversation) {
	return func(c *Conversation) { c.NewestInbound, c.WroteAt = at, at }
}

func claimed(c *Conversation) { c.Status, c.Ticket = handoff.Assigned, "t1" }

func withTicket(s Snapshot) Snapshot {
	s.Ticket = handoff.Ticket{ID: "t1", Conversation: "c", Agent: "ana", OpenedAt: noon.Add(-time.Hour)}
	return s
}

func TestWhatACustomerDoesStartsTheClocksThatTheRulesSay(t *testing.T) {
	t.Parallel()
	before := noon.Add(-2 * time.Hour)
	phone := playing(&play{}).limits
	for _, c := range []struct {
		name   string
		limits Limits
		did    Message
		newest time.Time
		wrote  time.Time
	}{
		{"a text starts both", page(), Message{Kind: KindText, Text: "hi"}, noon, noon},
		{"a picture starts both", page(), Message{Kind: KindImage, Media: &Media{Kind: "image", ID: "m"}}, noon, noon},
		{"a tap is no message", page(), Message{Kind: KindChoice, ChoiceID: "i", Text: "Prices"}, noon, before},
		{"nor is a reaction", page(), Message{Kind: KindReaction, Text: "👍"}, noon, before},
		{"one that is taken back starts nothing", page(), Message{Kind: KindReaction}, before, before},
		{"a notice of the platform starts nothing", page(), Message{Kind: KindSystem, Text: "x"}, before, before},
		{"a link into the conversation does, although nothing was written", page(), Message{Kind: KindSystem, Start: window.StartLink}, noon, before},
		{"a message from an advertisement starts both", page(), Message{Kind: KindText, Text: "hi", Start: window.StartAd}, noon, noon},
		{"a first tap in a page's plugin is no message", page(), Message{Kind: KindChoice, ChoiceID: "i", Start: window.StartPlugin}, noon, before},
		{"what nobody can read starts nothing while a person may answer", page(), Message{Kind: KindUnsupported}, before, before},
		{"a reaction on WhatsApp starts nothing", phone, Message{Kind: KindReaction, Text: "👍"}, before, before},
		{"a tap there does", phone, Message{Kind: KindChoice, ChoiceID: "i", Text: "Prices"}, noon, before},
		{"where nothing is known a reaction does not", Limits{}, Message{Kind: KindReaction, Text: "👍"}, before, before},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := playing(&play{does: does(flows.Result{State: at("ask")})})
			r.limits = c.limits
			got := decide(talk(wroteAt(before)), inbound(c.did), r, noon).Conversation
			differ(t, "newest", c.newest, got.NewestInbound)
			differ(t, "wrote", c.wrote, got.WroteAt)
		})
	}
}

func TestTheQueuesDeadlineIsThatOfAPerson(t *testing.T) {
	t.Parallel()
	escalates := &play{does: does(flows.Result{Effects: []flows.Effect{flows.Escalate{Queue: "support", Reason: flows.ReasonAsked}}})}
	ungranted := onPage(escalates)
	ungranted.limits.Window = window.Shipped().For(carry.Messenger)
	for name, c := range map[string]struct {
		rules  rules
		closes time.Time
	}{
		"a week on a page with the feature": {onPage(escalates), noon.Add(7 * day)},
		"a day on one without":              {ungranted, noon.Add(day)},
		"a day on WhatsApp":                 {playing(escalates), noon.Add(day)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := decide(talk(), text("a person, please"), c.rules, noon)
			differ(t, "deadline", c.closes, w.Ticket.WindowCloses)
		})
	}
}

func TestAReactionMovesTheDeadlineOfATicketThatItOpensAnew(t *testing.T) {
	t.Parallel()
	s := withTicket(talk(claimed, wroteAt(noon.Add(-6*day-12*time.Hour))))
	w := decide(s, inbound(Message{Kind: KindReaction, Text: "👍"}), onPage(&play{}), noon)
	if w.Ticket == nil || !w.Ticket.WindowCloses.Equal(noon.Add(day)) || len(w.Messages) != 1 {
		t.Errorf("the ticket is %+v after %d messages", w.Ticket, len(w.Messages))
	}
}

// The bot's time on a page is a day, whoever may answer for longer.
func TestTheLadderGoesByTheBotsWindow(t *testing.T) {
	t.Parallel()
	p := &play{close: 2 * time.Hour, does: does(flows.Result{State: at("ask")})}
	got := decide(talk(), text("hi"), onPage(p), noon).Conversation
	differ(t, "next", noon.Add(22*time.Hour), got.CloseAt)
}

func TestAPersonAnswersForAWeekWithTheTag(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		rules  rules
		wrote  time.Time
		newest time.Time
		sent   bool
		tag    string
	}{
		{"within the day without it", onPage(&play{}), noon.Add(-day + time.Second), time.Time{}, true, ""},
		{"from its end on with it", onPage(&play{}), noon.Add(-day), time.Time{}, true, window.HumanAgent},
		{"to the last second of the week", onPage(&play{}), noon.Add(-7*day + time.Second), time.Time{}, true, window.HumanAgent},
		{"and not after", onPage(&play{}), noon.Add(-7 * day), time.Time{}, false, ""},
		{"a tap does not make the week longer", onPage(&play{}), noon.Add(-7 * day), noon.Add(-day), false, ""},
		{"but opens a day", onPage(&play{}), noon.Add(-7 * day), noon.Add(-day + time.Second), true, ""},
		{"on WhatsApp for a day", playing(&play{}), noon.Add(-day), time.Time{}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := withTicket(talk(claimed, wroteAt(c.wrote)))
			if !c.newest.IsZero() {
				s.Conversation.NewestInbound = c.newest
			}
			changes, err := reply("ana", "It is on its way.", "")(s, c.rules, noon)
			if !c.sent {
				differ(t, "refused", ErrWindowClosed.Error(), errorText(err))
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			a := Attempt{Delivery: changes[0].Deliveries[0], Message: changes[0].Messages[0], Conversation: changes[0].Conversation}
			v := judge(a, c.rules.limits, moment{noon, noon, noon.Add(-time.Hour)})
			checkVerdict(t, v, "", "", time.Time{})
			differ(t, "tag", c.tag, v.tag.Name())
			differ(t, "hand", "ana", a.Message.Hand.By())
		})
	}
}

// Three days after the customer's message a person may write, and nobody else:
// whatever a message says of itself, without the hand it stays.
func TestNothingButAPersonsOwnWordsGoesOutWithTheTag(t *testing.T) {
	t.Parallel()
	c := talk(wroteAt(noon.Add(-3 * day))).Conversation
	for name, m := range map[string]Message{
		"the bot's":                          {Author: AuthorBot},
		"one that is nobody's":               {},
		"an agent's without a hand":          {Author: AuthorAgent, Agent: "ana"},
		"the bot's in an agent's name":       {Author: AuthorBot, Agent: "ana"},
		"a line of the transcript":           {Author: AuthorSystem, Agent: "ana"},
		"one of the bot's with a hand on it": {Author: AuthorBot, Hand: StoredHand("ana")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := judge(Attempt{Message: m, Conversation: c}, page(), moment{noon, noon, noon.Add(-time.Hour)})
			checkVerdict(t, v, StateDraft, "window_closed", time.Time{})
			differ(t, "tag", Tag{}.Name(), v.tag.Name())
		})
	}
	t.Run("a template needs no tag", func(t *testing.T) {
		t.Parallel()
		v := judge(Attempt{Message: Message{Author: AuthorBot, Template: &Template{Name: "n"}}, Conversation: c}, page(), moment{noon, noon, noon.Add(-time.Hour)})
		checkVerdict(t, v, "", "", time.Time{})
		differ(t, "tag", "", v.tag.Name())
	})
}

// Flows, ladders and answers of every kind: what the bot says has nobody's hand.
func TestWhatTheBotSaysHasNobodysHand(t *testing.T) {
	t.Parallel()
	p := &play{rungs: []time.Duration{3 * time.Hour}, does: does(flows.Result{State: at("ask"), Effects: []flows.Effect{says("Hello")}})}
	said := decide(talk(), text("hi"), onPage(p), noon)
	climbed := wake(talk(wroteAt(noon.Add(-22*time.Hour)), func(c *Conversation) { c.CloseAt = noon }), onPage(p), noon).change
	for name, c := range map[string]Change{"an answer": said, "a rung": climbed} {
		if len(c.Deliveries) != 1 {
			t.Errorf("%s: %d deliveries", name, len(c.Deliveries))
		}
		for _, m := range c.Messages {
			if m.Hand != (Hand{}) {
				t.Errorf("%s: %+v", name, m)
			}
		}
	}
}

func TestARefusalClosesTheWindowForPeopleToo(t *testing.T) {
	t.Parallel()
	c := talk(wroteAt(noon.Add(-time.Hour)), func(c *Conversation) { c.ShutAt = c.NewestInbound }).Conversation
	for _, author := range []window.Author{window.Bot, window.Human} {
		if _, open := c.Allow(page().Window, author, noon); open || !c.WindowCloses(page().Window, author, noon).Equal(c.NewestInbound) {
			t.Errorf("%s may write", author)
		}
	}
	if _, open := c.Allow(playing(&play{}).limits.Window, window.Template, noon); !open {
		t.Error("a template may not be sent")
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

package bot

import (
	"testing"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

var tenDollars = Cap{
	Amount:  window.Amount{Micros: 10_000_000, Currency: "USD", Known: true},
	Unknown: window.Amount{Micros: 100_000, Currency: "USD", Known: true},
}

func TestHowSparingACapMakesTheBot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		spent   int64 // thousandths of a dollar
		unknown int
		cap     Cap
		want    Thrift
	}{
		{"nothing was spent", 0, 0, tenDollars, ThriftNone},
		{"nearly seven tenths", 6_999, 0, tenDollars, ThriftNone},
		{"seven tenths", 7_000, 0, tenDollars, ThriftMerge},
		{"85 hundredths", 8_500, 0, tenDollars, ThriftAsked},
		{"95 hundredths", 9_500, 0, tenDollars, ThriftAnswers},
		{"all of it", 10_000, 0, tenDollars, ThriftPeople},
		{"much more", 90_000, 0, tenDollars, ThriftPeople},
		{"messages of unknown price count", 0, 70, tenDollars, ThriftMerge},
		{"beside those of known price", 3_500, 35, tenDollars, ThriftMerge},
		{"without a cap", 90_000, 0, Cap{}, ThriftNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := Month{Month: november, Unknown: c.unknown, Spent: []Spent{{Currency: "EUR", Micros: 1 << 50}, {Currency: "USD", Micros: c.spent * 1000}}}
			differ(t, "step", c.want.String(), c.cap.Thrift(m).String())
		})
	}
}

// spending are rules with a cap of ten dollars, and a customer of a month in which
// so many hundredths of it were spent.
func spending(p *play, hundredths int64, free bool) (Snapshot, rules) {
	r := playing(p)
	r.limits.Cap = tenDollars
	s := inBrazil(talk(), 5000)
	for i := range s.Months {
		s.Months[i].Spent = []Spent{{Currency: "USD", Micros: hundredths * 100_000}}
	}
	if free {
		s.Conversation.Entered = noon.Add(-time.Hour)
	}
	return s, r
}

func TestWhatTheBotSaysWhenMoneyIsShort(t *testing.T) {
	t.Parallel()
	apart := []flows.Effect{flows.Say{Text: "One.", Apart: true}, flows.Say{Text: "Two.", Apart: true}}
	const over = "system Handed over to support: the budget for messages is spent, or nearly"
	for _, c := range []struct {
		name   string
		spent  int64
		free   bool
		rule   flows.Rule
		says   []flows.Effect
		lines  []string // after the customer's
		status handoff.Status
	}{
		{"as ever", 60, false, "", apart, []string{"bot One.", "bot Two."}, handoff.Bot},
		{"in fewer messages", 70, false, "", apart, []string{"bot One.\n\nTwo."}, handoff.Bot},
		{"answers to questions still go", 95, false, flows.RuleAnswer, apart, []string{"bot One.\n\nTwo."}, handoff.Bot},
		{"the rest goes to people", 95, false, "", apart, []string{"bot One moment.", over}, handoff.Queued},
		{
			"who is handed over hears it from the flow", 95, false, "",
			[]flows.Effect{says("A colleague comes."), flows.Escalate{Queue: "support", Reason: flows.ReasonAsked}},
			[]string{"bot A colleague comes.", "system Handed over to support: asked for a person"},
			handoff.Queued,
		},
		{"who is handed over hears who will answer, and nothing else", 100, false, flows.RuleAnswer, apart, []string{"bot One moment.", over}, handoff.Queued},
		{
			"so does who asked for a person", 100, false, "",
			[]flows.Effect{says("A colleague comes."), flows.Escalate{Queue: "support", Reason: flows.ReasonAsked}},
			[]string{"bot One moment.", "system Handed over to support: asked for a person"},
			handoff.Queued,
		},
		{"who wants to hear nothing hears nothing", 100, false, flows.RuleOptOut, apart, []string{over}, handoff.Queued},
		{"what costs nothing is said at every step", 100, true, "", apart, []string{"bot One.", "bot Two."}, handoff.Bot},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{does: does(flows.Result{Effects: c.says, Rule: c.rule})}
			s, r := spending(p, c.spent, c.free)
			got := decide(s, hears("hi"), r, noon)
			differ(t, "lines", c.lines, lines(got)[1:])
			differ(t, "status", c.status, got.Conversation.Status)
		})
	}
}

func TestWhatMoneyKeptBackIsNotToldAsSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spent int64
		was   flows.Outcome
		want  []flows.Outcome
	}{
		{"what is offered is told so", 85, flows.OutcomeOffered, []flows.Outcome{flows.OutcomeOffered}},
		{"an offer that nobody saw is none", 95, flows.OutcomeOffered, []flows.Outcome{flows.OutcomeNone}},
		{"an answer that is given is told so", 95, flows.OutcomeAnswered, []flows.Outcome{flows.OutcomeAnswered}},
		{"one that is kept back is not", 100, flows.OutcomeAnswered, nil},
		{"what was chosen stays so", 100, flows.OutcomePicked, []flows.Outcome{flows.OutcomePicked}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res := flows.Result{Rule: flows.RuleUnsure, Effects: []flows.Effect{says("Did you mean one of these?")}, Heard: flows.Heard{Words: "hi", Outcome: c.was}}
			if c.was == flows.OutcomeAnswered {
				res.Rule = flows.RuleAnswer
			}
			p := &play{does: does(res)}
			s, r := spending(p, c.spent, false)
			differ(t, "told", c.want, decide(s, hears("hi"), r, noon).Heard)
		})
	}
}

func TestNothingThatNobodyWaitsForIsSaidWhenMoneyIsShort(t *testing.T) {
	t.Parallel()
	p := &play{rungs: []time.Duration{4 * time.Hour}, does: does(flows.Result{State: at("later"), Effects: []flows.Effect{says("Are you still there?")}})}
	s, r := spending(p, 85, false)
	s.Conversation.SilentAt = noon
	silent := wake(s, r, noon)
	differ(t, "after silence", []string(nil), lines(silent.change))
	differ(t, "but the flow goes on", at("later"), silent.change.Conversation.Flow)

	s.Conversation.SilentAt, s.Conversation.CloseAt = time.Time{}, noon
	s.Conversation.NewestInbound = noon.Add(-20 * time.Hour)
	rung := wake(s, r, noon)
	differ(t, "before the window closes", []string(nil), lines(rung.change))
	differ(t, "the rung is done", 1, rung.change.Conversation.Rungs)
}

func TestOneWordInAWindowIsWorthItsPrice(t *testing.T) {
	t.Parallel()
	p := &play{does: does(flows.Result{Effects: []flows.Effect{says("One.")}})}
	s, r := spending(p, 100, false)
	first := decide(s, hears("hi"), r, noon)
	differ(t, "the word is counted", noon, first.Conversation.WordAt)
	again := s.advance(first)
	again.Conversation.Status, again.Ticket = handoff.Bot, handoff.Ticket{}
	for later, want := range map[time.Duration]int{day - time.Second: 0, day: 1} {
		in := hears("hello?")
		in.Message.At = noon.Add(later)
		differ(t, later.String()+" later", want, len(decide(again, in, r, noon.Add(later)).Deliveries))
	}
	a := Attempt{Conversation: first.Conversation, Message: first.Messages[1]}
	a.Month = s.Months[1].With(a.Message.Charge("phone"), 1)
	a.Conversation.Channel = "phone"
	checkVerdict(t, judge(a, r.limits, moment{noon, noon, noon}), "", "", time.Time{})
	a.Conversation.WordAt = noon.Add(-time.Hour)
	checkVerdict(t, judge(a, r.limits, moment{noon, noon, noon}), StateDraft, codeSpend, time.Time{})
}

func TestThatNobodyIsThereIsSaidOnceHoweverShortMoneyIs(t *testing.T) {
	t.Parallel()
	for _, spent := range []int64{80, 86, 100} {
		p := &play{away: true, does: does(flows.Result{Effects: []flows.Effect{says("One."), flows.Escalate{Queue: "support", Reason: flows.ReasonAsked}}})}
		s, r := spending(p, spent, false)
		s.Conversation.Status, s.Conversation.Ticket, s.Conversation.CloseAt = handoff.Queued, "t", noon
		s.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Queue: "support", OpenedAt: noon.Add(-time.Hour)}
		r.current.queues = map[string]flows.Queue{"support": closed()}
		w := wake(s, r, noon)
		differ(t, "who waits is told", []string{"bot nobody"}, lines(w.change))
		differ(t, "as a word that is worth it", spent > 85, !w.change.Conversation.WordAt.IsZero())
		if spent < 100 {
			continue
		}
		s, _ = spending(p, spent, false)
		got := decide(s, hears("a person!"), r, noon)
		differ(t, "who is handed over is told that", []string{"bot nobody", "system Handed over to support: asked for a person"}, lines(got)[1:])
	}
}

func TestTheCapIsJudgedAgainInTheInstantOfSending(t *testing.T) {
	t.Parallel()
	charged := Cost{Month: november, Category: window.Service, Predicted: usd(6800)}
	for _, c := range []struct {
		name    string
		message Message
		spent   int64
		want    MessageState
	}{
		{"an answer goes until all is spent", Message{Author: AuthorBot, Cost: charged}, 99, ""},
		{"then it stays as a draft", Message{Author: AuthorBot, Cost: charged}, 101, StateDraft},
		{"a courtesy goes while there is plenty", Message{Author: AuthorBot, Cost: charged, Courtesy: true}, 80, ""},
		{"then it does not", Message{Author: AuthorBot, Cost: charged, Courtesy: true}, 86, StateCancelled},
		{"what costs nothing goes", Message{Author: AuthorBot, Cost: Cost{Month: november, Predicted: window.Free()}}, 101, ""},
		{"what a person writes goes", Message{Author: AuthorAgent, Cost: charged}, 101, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := playing(&play{}).limits
			l.Cap = tenDollars
			a := Attempt{
				Message: c.message, Conversation: Conversation{NewestInbound: noon.Add(-time.Minute)},
				Month: Month{Month: november, Spent: []Spent{{Currency: "USD", Micros: c.spent * 100_000}}},
			}
			code := ""
			if c.want != "" {
				code = "spend_cap"
			}
			checkVerdict(t, judge(a, l, moment{noon, noon, noon}), c.want, code, time.Time{})
		})
	}
}

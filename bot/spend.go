package bot

import (
	"cmp"
	"context"
	"fmt"

	"frontdesk/bot/window"
	"frontdesk/flows"
)

// Cap is what a number may spend in a calendar month. Its zero value is no bound. An
// account is billed in one currency: the channel's terms know no prices in others.
type Cap struct {
	Amount  window.Amount // not known: no bound
	Unknown window.Amount // what a message counts whose price nobody knows; of the same currency
}

// Any reports whether there is a bound.
func (c Cap) Any() bool { return c.Amount.Known }

// Thrift is how sparing the bot must be because of a Cap. What costs nothing is
// said all the same, at every step. Each step does what those before it do.
type Thrift int

// The steps.
const (
	ThriftNone    Thrift = iota
	ThriftMerge          // what is said at once is one message, also where the file wants it apart
	ThriftAsked          // nothing is said that nobody waits for
	ThriftAnswers        // common questions are answered; everything else goes to people
	ThriftPeople         // the bot sends nothing but one word to whom it hands over; people may, and see what it costs
)

// String is the step's name in metrics and logs.
func (t Thrift) String() string {
	return [...]string{"none", "merge", "asked", "answers", "people"}[t]
}

// The share of the cap from which on a step holds, in hundredths.
var thriftFrom = [...]int64{ThriftNone: 0, ThriftMerge: 70, ThriftAsked: 85, ThriftAnswers: 95, ThriftPeople: 100}

// Thrift is the step that what was spent in a month demands.
func (c Cap) Thrift(m Month) Thrift {
	if !c.Any() {
		return ThriftNone
	}
	used := int64(m.Unknown) * c.Unknown.Micros
	for _, s := range m.Spent {
		if s.Currency == c.Amount.Currency {
			used += s.Micros
		}
	}
	used = used * 100 / max(c.Amount.Micros, 1)
	for t := ThriftPeople; t > ThriftNone; t-- {
		if used >= thriftFrom[t] {
			return t
		}
	}
	return ThriftNone
}

// thrift is how sparing the bot must be with one more message now.
func (d *draft) thrift() Thrift {
	terms := d.rules.limits
	if !terms.Cap.Any() {
		return ThriftNone
	}
	if q := terms.Window.Quote(window.Bot, window.Service, d.facts(), d.now); q.Price == window.Free() {
		return ThriftNone
	}
	return terms.Cap.Thrift(d.month)
}

// sparing is the result of a step of set with what may still be spent: never less
// than that a person is asked for.
func (d *draft) sparing(set edition, res flows.Result) flows.Result {
	t := d.thrift()
	if t < ThriftAsked || !speaks(res) {
		return res
	}
	if d.courtesy {
		res.Effects = unsaid(res.Effects)
		return res
	}
	answered := res.Rule == flows.RuleAnswer || res.Rule == flows.RuleOptOut || res.Heard.Outcome == flows.OutcomePicked
	queue, escalates := handedTo(res)
	switch {
	case t == ThriftPeople:
		res.Effects = unsaid(res.Effects)
	case t < ThriftAnswers, answered, escalates:
		return res
	default:
		res.Effects = nil
	}
	res.Heard = keptBack(res.Heard)
	if !escalates {
		queue = set.DefaultQueue()
	}
	if say, ok := d.fetching(set, res.State, queue); ok && res.Rule != flows.RuleOptOut && (t < ThriftPeople || d.word()) {
		res.Effects = append([]flows.Effect{say}, res.Effects...)
	}
	if !escalates {
		res.Effects = append(res.Effects, flows.Escalate{Queue: queue, Reason: flows.ReasonSpend})
		res.State, res.Calling, res.Silence = anew(res.State), false, 0
	}
	return res
}

// keptBack is what the examples made of a text when what follows from it is not said:
// nothing was answered, and nobody saw an offer.
func keptBack(h flows.Heard) flows.Heard {
	if h.Outcome == flows.OutcomeAnswered {
		return flows.Heard{}
	}
	if h.Outcome == flows.OutcomeOffered {
		h.Outcome = flows.OutcomeNone
	}
	return h
}

func speaks(res flows.Result) bool { return len(unsaid(res.Effects)) < len(res.Effects) }

// handedTo is the queue of which a step asks for a person, if it does.
func handedTo(res flows.Result) (queue string, ok bool) {
	for _, e := range res.Effects {
		if e, ok := e.(flows.Escalate); ok {
			return e.Queue, true
		}
	}
	return "", false
}

// unsaid is what a step asks for besides saying something.
func unsaid(effects []flows.Effect) []flows.Effect {
	var rest []flows.Effect
	for _, e := range effects {
		if _, says := e.(flows.Say); !says {
			rest = append(rest, e)
		}
	}
	return rest
}

// bounded judges a delivery by the cap in the instant of sending: what else was
// decided since may have reached it.
func (a Attempt) bounded(c Cap) *Outcome {
	if a.Message.Author != AuthorBot || a.Message.Cost.Predicted == window.Free() || !a.Message.Cost.Kept() || !c.Any() {
		return nil
	}
	before := a.Month.With(a.Message.Charge(a.Conversation.Channel), -1)
	t := c.Thrift(before)
	if a.worded() || t < ThriftPeople && (t < ThriftAsked || !a.Message.Courtesy) {
		return nil
	}
	return barred(a.Message, codeSpend, fmt.Sprintf("what the number may spend in %s is spent", a.Message.Cost.Month))
}

// spare joins what is said at once, harder when money is short.
func (d *draft) spare(effects []flows.Effect) []flows.Effect {
	if d.thrift() >= ThriftMerge {
		effects = together(effects)
	}
	return merged(effects, d.rules.limits)
}

// together takes back that a file wants messages apart.
func together(effects []flows.Effect) []flows.Effect {
	out := make([]flows.Effect, len(effects))
	for i, e := range effects {
		if say, ok := e.(flows.Say); ok {
			say.Apart = false
			e = say
		}
		out[i] = e
	}
	return out
}

// watch tells whoever runs frontdesk when a number comes near what it may spend.
func (e *Engine) watch(ctx context.Context, l Lookup, s Snapshot, r rules) {
	channel := cmp.Or(s.Conversation.Channel, l.Channel)
	if l.Around.IsZero() || !r.limits.Cap.Any() {
		return
	}
	m := s.month(r.limits.Window.Month(l.Around))
	t := r.limits.Cap.Thrift(m)
	was := Thrift(e.stats.Channel(channel).thrift.Swap(int32(t)))
	if t <= was {
		return
	}
	log := e.log.With("channel", channel, "month", m.Month.String(), "cap", r.limits.Cap.Amount.String(), "step", t.String())
	if t == ThriftPeople {
		log.ErrorContext(ctx, "the number has spent what it may this month: the bot is silent and people get its conversations; raise spend_cap, or wait for the next month")
		return
	}
	log.WarnContext(ctx, "the number comes near what it may spend this month: the bot is more sparing")
}

// Thrift is how sparing the bot is on the channel because of what was spent.
func (c *ChannelStats) Thrift() Thrift { return Thrift(c.thrift.Load()) }

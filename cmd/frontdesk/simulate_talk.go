package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
)

const (
	visits      = 2000 // that are played to learn how much the bot says
	visitMost   = 8    // messages of a customer in one
	tappedShare = 0.9  // of the customers tap, where there is something to tap
)

// simSpeech is what the bot says on WhatsApp, and what that costs.
type simSpeech struct {
	Flows    string  `json:"flows"`
	Customer float64 `json:"customer_messages"` // of a conversation, on average
	Apart    float64 `json:"messages"`          // of the bot, if each text were one of its own
	Merged   float64 `json:"messages_merged"`   // as the program sends them
	Market   string  `json:"market"`
	Free     int     `json:"free"`  // of a number in a month
	Price    string  `json:"price"` // of one that is not free

	price window.Amount
}

// talk plays visits of customers who tap at random, and sometimes write.
func (s *simulation) talk() (*simSpeech, error) {
	set, err := loadFlows(s.flows)
	if err != nil {
		return nil, err
	}
	t := &simSpeech{Flows: s.flows, Market: s.market}
	if err := t.charge(s.market); err != nil {
		return nil, err
	}
	limits, _ := carry.Of(carry.WhatsApp)
	v := visitor{set: set, limits: limits, rand: rand.New(rand.NewPCG(s.seed, 1))} //nolint:gosec // made visits hold no secret
	for range visits {
		v.visit()
	}
	t.Customer, t.Apart, t.Merged = float64(v.customer)/visits, float64(v.apart)/visits, float64(v.merged)/visits
	return t, nil
}

// charge finds what a message costs once the free ones of the month are gone.
func (t *simSpeech) charge(market string) error {
	table := window.Shipped()
	if !slices.ContainsFunc(table.Markets, func(m window.Market) bool { return m.Name == market }) {
		var names []string
		for _, m := range table.Markets {
			names = append(names, m.Name)
		}
		return fmt.Errorf("--market: unknown market %q; %s", market, oneOfHint(market, names))
	}
	at := simBegin()
	f := window.Facts{Clock: window.Clock{Acted: at, Wrote: at}, Market: market}
	terms := table.For(carry.WhatsApp)
	t.Free = max(terms.Quote(window.Bot, window.Service, f, at).FreeLeft, 0)
	f.Sent = t.Free
	t.price = terms.Quote(window.Bot, window.Service, f, at).Price
	t.Price = t.price.String()
	return nil
}

// cost is what so many messages cost in a month.
func (t *simSpeech) cost(messages int) window.Amount {
	a := t.price
	a.Micros *= int64(max(messages-t.Free, 0))
	return a
}

// text writes two rows for the conversations of a run on WhatsApp, as if all of
// them were on one number and in one month.
func (t *simSpeech) text(b *strings.Builder, conversations int) {
	n := simChannels()[0].share * float64(conversations)
	fmt.Fprintf(b, "\nthe bot on WhatsApp, by %s: %s conversations of %.1f messages of the customer; beyond %s a month each of ours costs %s (%s)\n\n",
		t.Flows, grouped(int(n)), t.Customer, grouped(t.Free), t.Price, t.Market)
	w := tabwriter.NewWriter(b, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tto each of theirs\tmessages\tcost\t")
	for _, row := range []struct {
		name string
		each float64
	}{{"each text by itself", t.Apart}, {"merged", t.Merged}} {
		messages := int(row.each * n)
		fmt.Fprintf(w, "%s\t%.2f\t%s\t%s\t\n", row.name, row.each/t.Customer, grouped(messages), t.cost(messages))
	}
	_ = w.Flush() // a Builder takes everything
}

// visitor plays customers, and counts what is said.
type visitor struct {
	set                     *flows.Set
	limits                  carry.Limits
	rand                    *rand.Rand
	customer, apart, merged int
}

// visit is one conversation until it is over, or people have it.
func (v *visitor) visit() {
	var st flows.State
	var in flows.Input = flows.Said{Text: "hi"}
	env := flows.Env{ContactName: "Mara", Channel: carry.WhatsApp, Now: simBegin().Add(10 * time.Hour)}
	for range visitMost {
		r := v.set.Step(st, in, env)
		v.customer++
		said, over := spoken(r.Effects)
		v.count(said)
		if over || r.Calling {
			return
		}
		st, in = r.State, v.reply(said)
	}
}

// spoken is what is said, and whether the bot is done then.
func spoken(effects []flows.Effect) (said []carry.Content, over bool) {
	for _, e := range effects {
		switch e := e.(type) {
		case flows.Say:
			said = append(said, carry.Content(e))
		case flows.Escalate, flows.End:
			over = true
		case flows.Call, flows.OptOut: // say nothing by themselves
		}
	}
	return said, over
}

// count counts texts as they are, and joined where the channel carries them as one.
func (v *visitor) count(said []carry.Content) {
	var joined []carry.Content
	for _, c := range said {
		v.apart += len(carry.Fit(c, v.limits))
		if last := len(joined) - 1; last >= 0 {
			if both, ok := carry.Join(joined[last], c, v.limits); ok {
				joined[last] = both
				continue
			}
		}
		joined = append(joined, c)
	}
	for _, c := range joined {
		v.merged += len(carry.Fit(c, v.limits))
	}
}

// reply is what the customer does next.
func (v *visitor) reply(said []carry.Content) flows.Input {
	var choices []carry.Choice
	for _, c := range said {
		choices = append(choices, c.Choices...)
	}
	if len(choices) > 0 && v.rand.Float64() < tappedShare {
		c := choices[v.rand.IntN(len(choices))]
		return flows.Tapped{ID: c.ID, Title: c.Title}
	}
	words := []string{"tomorrow", "a puncture", "104233", "mara@mail.example", "when are you open", "thanks", "where can I park", "hello"}
	return flows.Said{Text: words[v.rand.IntN(len(words))]}
}

package main

import (
	"fmt"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows/source"
)

// spendCap reads what a number may spend in a calendar month: an amount, or one
// with what a message of unknown price counts.
func (r *configReader) spendCap(n source.Node) (c bot.Cap) {
	if !n.Exists() {
		return c
	}
	if n.Raw() != "" {
		c.Amount = r.amount(n)
		return c
	}
	f := n.Fields(source.Keys{Known: []string{"amount", "unknown"}})
	c.Amount = r.amount(f.Need("amount"))
	if unknown := f.Get("unknown"); unknown.Exists() {
		c.Unknown = r.amount(unknown)
		if c.Amount.Known && c.Unknown.Known && c.Unknown.Currency != c.Amount.Currency {
			unknown.Report(configCodes.Value, fmt.Sprintf("the cap is in %s, and this in %s", c.Amount.Currency, c.Unknown.Currency), "write both in the currency that the account is billed in")
		}
	}
	return c
}

func (r *configReader) amount(n source.Node) window.Amount {
	s, ok := n.Text()
	if !ok {
		return window.Amount{}
	}
	a, err := window.ParseAmount(s)
	if err != nil || a.Micros == 0 {
		n.Report(configCodes.Value, fmt.Sprintf("%q is no amount of money", s), "write it as 50.00 EUR, in the currency that the account is billed in")
		return window.Amount{}
	}
	return a
}

// priced completes a channel's cap once its prices are known.
func (r *configReader) priced(ch *channelConfig) {
	var known bool
	if ch.cap, ch.window, known = capped(ch.capSays, ch.window); !known {
		ch.capAt.Report(configCodes.Value, uncapped(ch.capSays), capMend(ch.capSays))
	}
}

func uncapped(c bot.Cap) string {
	return fmt.Sprintf("no price in %s is known, so that nobody can tell when the cap is reached", c.Amount.Currency)
}

func capMend(c bot.Cap) string {
	return fmt.Sprintf("say what a message of unknown price counts, {amount: %s, unknown: 0.10 %s}, or give the rates in a policy file", c.Amount, c.Amount.Currency)
}

// capped completes what the operator says of a cap by the terms of the account, and
// gives them as the cap knows them: a message of unknown price counts as the dearest
// known one of the cap's currency. What is priced in another currency is as unknown to
// the cap as what has no price: such prices are not those of this account, which is
// billed in one. false: nobody knows what such a message counts.
func capped(c bot.Cap, t window.Terms) (bot.Cap, window.Terms, bool) {
	if !c.Any() {
		return c, t, true
	}
	var rates []window.Rate
	for _, rate := range t.Rates {
		foreign := rate.Amount.Known && rate.Amount.Micros > 0 && rate.Amount.Currency != c.Amount.Currency
		if foreign {
			continue
		}
		rates = append(rates, rate)
	}
	t.Rates = rates
	if c.Unknown.Known {
		return c, t, true
	}
	for _, rate := range rates {
		if rate.Amount.Known && rate.Amount.Micros > c.Unknown.Micros {
			c.Unknown = rate.Amount
		}
	}
	return c, t, c.Unknown.Known
}

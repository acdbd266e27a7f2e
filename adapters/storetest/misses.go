package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/bot"
	"frontdesk/flows"
)

// misses adds something that was not understood.
func (d *draft) misses(words string, at time.Time) *draft {
	c := d.Conversation
	d.Misses = append(d.Misses, bot.Miss{
		At: at, Conversation: c.ID, Seq: c.LastSeq, Channel: c.Channel, Language: "de-AT", Words: words, Outcome: flows.OutcomePicked,
		Answer: "delivery", Guesses: []flows.Guess{{Answer: "hours", Share: 0.625}, {Answer: "delivery"}}, Version: "v1",
	})
	return d
}

// everMissed asks for all of them.
var everMissed = bot.MissFilter{Limit: 1 << 20}

func (d desk) wantMisses(f bot.MissFilter, want ...bot.Miss) {
	d.t.Helper()
	got, err := d.Misses(background(), f)
	if err != nil {
		d.t.Fatalf("Misses: %v", err)
	}
	same(d.t, fmt.Sprintf("what was not understood, by %+v", f), got, want)
}

func testMisses(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	first := newcomer("a").event("e1").hears("wann?", at(0)).misses("wann?", at(0)).misses("wann denn?", at(0).Add(1))
	d.commit(first)
	// Of one moment, one after the other by conversation and message.
	second := newcomerOn("shop", "b").hears("und wo?", at(0)).misses("und wo?", at(0)).hears("wo?", at(0)).misses("wo?", at(0))
	b := d.commit(second)
	third := after(b).hears("hm", at(10)).misses("hm", at(10))
	third.Misses[0].Outcome, third.Misses[0].Answer, third.Misses[0].Guesses = flows.OutcomeNone, "", nil
	d.commit(third)
	all := []bot.Miss{third.Misses[0], first.Misses[1], second.Misses[1], second.Misses[0], first.Misses[0]}
	filled(t, "what was not understood", all...)
	for range 2 {
		d.wantMisses(everMissed, all...)
		d.wantMisses(bot.MissFilter{})
		d.wantMisses(bot.MissFilter{Limit: 2}, all[:2]...)
		d.wantMisses(bot.MissFilter{From: at(0).Add(1), Limit: 9}, all[:2]...)
		d.wantMisses(bot.MissFilter{Until: at(10), Limit: 9}, all[1:]...)
		d.wantMisses(bot.MissFilter{From: at(0), Until: at(0).Add(1), Channel: "shop", Limit: 9}, all[2:4]...)
		d.wantMisses(bot.MissFilter{Channel: "whatsapp", Limit: 1}, all[1])
		d.wantMisses(bot.MissFilter{From: at(11), Limit: 9})
		d.wantMisses(bot.MissFilter{Until: at(0), Limit: 9})
		d = desk{t, f.Reopen()}
	}
	strange := after(d.conversation("a")).misses("whose?", at(20))
	strange.Misses[0].Conversation = "b"
	d.refused(nil, strange)
	d.refused(bot.ErrDuplicate, after(d.conversation("a")).event("e1").misses("again", at(20)))
	d.wantMisses(everMissed, all...)
}

// testMissesLong has more than a store reads in one go.
func testMissesLong(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	var all []bot.Miss // newest first
	for i, channel := range []string{"whatsapp", "shop"} {
		c := newcomerOn(channel, channel)
		for n := range 2100 {
			c.misses("x", noon().Add(time.Duration(2*n+i)))
		}
		d.commit(c)
		all = append(all, c.Misses...)
	}
	slices.SortFunc(all, func(a, b bot.Miss) int { return b.At.Compare(a.At) })
	for _, f := range []bot.MissFilter{
		{Limit: 1999}, {Limit: 2000}, {Limit: 2001}, {Limit: 4199}, {Limit: 4200}, {Limit: 9999}, {Channel: "shop", Limit: 2099}, {Channel: "nobody's", Limit: 1},
	} {
		var want []bot.Miss
		for _, m := range all {
			if f.Takes(m) && len(want) < f.Limit {
				want = append(want, m)
			}
		}
		got, err := d.Misses(t.Context(), f)
		if err != nil || !slices.EqualFunc(got, want, func(a, b bot.Miss) bool { return a.At.Equal(b.At) && a.Conversation == b.Conversation }) {
			t.Errorf("%+v gives %d, want %d; %v", f, len(got), len(want), err)
		}
	}
}

// testMissesModel commits misses at random: what is listed must be what was
// committed.
func testMissesModel(t *testing.T, open func(t *testing.T) Fixture) {
	rapid.Check(t, func(rt *rapid.T) {
		f := open(t)
		defer f.Close()
		s, convs := f.Store, map[string]bot.Conversation{}
		var all []bot.Miss
		moment := rapid.Custom(func(rt *rapid.T) time.Time {
			return noon().Add(time.Duration(rapid.IntRange(-50, 50).Draw(rt, "hour")) * time.Hour)
		})
		for range rapid.IntRange(1, 6).Draw(rt, "commits") {
			id := fmt.Sprint("c", rapid.IntRange(0, 3).Draw(rt, "conversation"))
			d := newcomerOn(rapid.SampledFrom([]string{"whatsapp", "shop"}).Draw(rt, "channel"), id)
			if c, known := convs[id]; known {
				d = after(c)
			}
			at := moment.Draw(rt, "at")
			for range rapid.SampledFrom([]int{1, 2, 40}).Draw(rt, "misses") {
				d.hears("x", at).misses("y", at)
			}
			if err := s.Commit(background(), []bot.Change{d.Change}); err != nil {
				rt.Fatal(err)
			}
			convs[id], all = d.Conversation, append(all, d.Misses...)
			if rapid.IntRange(0, 4).Draw(rt, "crash") == 0 {
				s = f.Reopen()
			}
		}
		slices.SortFunc(all, func(a, b bot.Miss) int { // newest first
			if c := b.At.Compare(a.At); c != 0 {
				return c
			}
			return slices.Compare([]string{b.Conversation, fmt.Sprintf("%9d", b.Seq)}, []string{a.Conversation, fmt.Sprintf("%9d", a.Seq)})
		})
		filter := bot.MissFilter{Channel: rapid.SampledFrom([]string{"", "shop"}).Draw(rt, "of"), Limit: rapid.SampledFrom([]int{1, 2, 41, 1 << 20}).Draw(rt, "limit")}
		if rapid.Bool().Draw(rt, "bounded") {
			filter.From, filter.Until = moment.Draw(rt, "from"), moment.Draw(rt, "until")
		}
		var want []bot.Miss
		for _, m := range all {
			if filter.Takes(m) && len(want) < filter.Limit {
				want = append(want, m)
			}
		}
		got, err := s.Misses(background(), filter)
		if err != nil {
			rt.Fatal(err)
		}
		differ(rt, "what was not understood", want, got)
	})
}

func testSweepMisses(t *testing.T, d caring) {
	first := newcomer("a").hears("one", noon()).misses("one", noon()).hears("two", noon().Add(aDay)).misses("two", noon().Add(aDay))
	second := newcomerOn("y", "b").hears("three", noon()).misses("three", noon())
	d.commit(first)
	d.commit(second)
	d.wantSwept(noon().Add(1000*aDay), bot.Retention{}, bot.Swept{})
	r := bot.Retention{Keep: bot.Keep{Misses: 90 * aDay}, Channels: map[string]bot.Keep{"y": {}}}
	d.wantSwept(noon().Add(90*aDay), r, bot.Swept{})
	d.wantSwept(noon().Add(90*aDay+1), r, bot.Swept{Misses: 1})
	d.desk.wantMisses(everMissed, first.Misses[1], second.Misses[0])
	// They quote the customer, so they go with the messages.
	r.Channels["y"] = bot.Keep{Misses: 90 * aDay, Messages: 10 * aDay}
	d.wantSwept(noon().Add(11*aDay), r, bot.Swept{Misses: 1})
	d.desk.wantMisses(everMissed, first.Misses[1])
}

func testEraseMisses(t *testing.T, d caring) {
	first := newcomer("a").hears("one", noon()).misses("one", noon()).hears("two", noon()).misses("two", noon().Add(time.Hour))
	other := newcomer("aa").hears("one", noon()).misses("one", noon())
	d.commit(first)
	d.commit(other)
	same(t, "what is kept of the person", d.person("contacta").Conversations[0].Misses, first.Misses)
	same(t, "the row", d.erased("contacta", noon()).Misses, 2)
	d.desk.wantMisses(everMissed, other.Misses...)
	rows, err := d.Audits(t.Context(), 1)
	if err != nil || rows[0].Misses != 2 {
		t.Fatalf("Audits: %+v, %v", rows, err)
	}
}

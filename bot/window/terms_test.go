package window

import (
	"slices"
	"testing"
	"time"
)

func TestAnAccountHasTheRowsOfItsChannelOnly(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	for _, channel := range shipped.Channels() {
		terms := shipped.For(channel, HumanAgent)
		only := shipped.Only(channel)
		if len(terms.Rules) != len(only.Rules) || !slices.Equal(terms.Rates, only.Rates) ||
			!slices.Equal(terms.Free, only.Free) || !slices.Equal(terms.Entries, only.Entries) || len(terms.Markets) == 0 {
			t.Errorf("%s has %+v", channel, terms)
		}
	}
	tagged := func(r Rule) bool { return r.Tag != "" }
	if slices.ContainsFunc(shipped.For(messenger).Rules, tagged) || !slices.ContainsFunc(shipped.For(messenger, HumanAgent).Rules, tagged) {
		t.Error("a rule that demands a mark is only for who may use that")
	}
	if len(shipped.Rules) != len(Shipped().Rules) {
		t.Error("asking for an account's terms took rows out of the table")
	}
}

// Every message that is decided is quoted: this must stay well below a microsecond.
func BenchmarkPredict(b *testing.B) {
	terms := Shipped().For(whatsApp)
	facts := Facts{Clock: wrote(noon.Add(-time.Hour)), Sent: 1000}
	b.ReportAllocs()
	for b.Loop() {
		facts.Market = terms.Markets.Of("447700900123")
		if q := terms.Quote(Bot, Service, facts, noon); !q.Price.Known {
			b.Fatal("no price")
		}
	}
}

// A price that holds while everybody may write is not that of the days in which only
// a person may, with a mark.
func TestAPriceInsideTheWindowNeedsNoMark(t *testing.T) {
	t.Parallel()
	table := Shipped().Only(messenger)
	table.Rates = []Rate{{Channel: messenger, Inside: true, Amount: Free()}, {Channel: messenger, Amount: usd(100)}}
	terms := table.For(messenger, HumanAgent)
	for wroteAgo, want := range map[time.Duration]Amount{day - time.Second: Free(), day: usd(100)} {
		if got := terms.Quote(Human, Service, Facts{Clock: wrote(noon.Add(-wroteAgo))}, noon).Price; got != want {
			t.Errorf("%v after the message it costs %v, want %v", wroteAgo, got, want)
		}
	}
}

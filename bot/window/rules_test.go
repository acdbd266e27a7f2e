package window

import (
	"fmt"
	"testing"
	"time"
)

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// wrote is a customer whose newest act was a message at a moment.
func wrote(at time.Time) Clock { return Clock{Acted: at, Wrote: at} }

// TestEveryRuleThatIsShippedHoldsToTheSecond walks all rows, one second before and
// after each of their edges, alone: so it names the row that is wrong.
func TestEveryRuleThatIsShippedHoldsToTheSecond(t *testing.T) {
	t.Parallel()
	for i, r := range Shipped().Rules {
		t.Run(fmt.Sprintf("row %d, %s %s %s", i, r.Channel, r.Author, r.Tag), func(t *testing.T) {
			t.Parallel()
			if r.Source == "" {
				t.Error("no source")
			}
			alone, c := Rules{r}, wrote(noon)
			if r.Length == 0 {
				wantAllow(t, alone, r.Author, Clock{}, noon, "", true)
				wantAllow(t, alone, r.Author, c, noon.AddDate(50, 0, 0), "", true)
				wantCloses(t, alone, r.Author, c, noon, time.Time{})
				return
			}
			closes := noon.Add(r.Length)
			wantAllow(t, alone, r.Author, c, noon, r.Tag, true)
			wantAllow(t, alone, r.Author, c, closes.Add(-time.Second), r.Tag, true)
			wantAllow(t, alone, r.Author, c, closes, "", false)
			wantAllow(t, alone, r.Author, c, closes.Add(time.Second), "", false)
			wantAllow(t, alone, r.Author, Clock{}, noon, "", false)
			wantCloses(t, alone, r.Author, c, noon, closes)
			wantCloses(t, alone, r.Author, c, closes.Add(time.Hour), closes)
		})
	}
}

func TestHowLongWhoMayWrite(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	reacted := Clock{Acted: noon, Wrote: noon.Add(-6 * day)}
	for _, tt := range []struct {
		name   string
		rules  Rules
		author Author
		clock  Clock
		at     time.Time
		tag    string
		open   bool
		closes time.Time
	}{
		{"a bot on WhatsApp for a day", shipped.For(whatsApp).Rules, Bot, wrote(noon), noon.Add(time.Hour), "", true, noon.Add(day)},
		{"a person on WhatsApp no longer", shipped.For(whatsApp).Rules, Human, wrote(noon), noon.Add(day), "", false, noon.Add(day)},
		{"a template on WhatsApp at any time", shipped.For(whatsApp).Rules, Template, Clock{}, noon, "", true, time.Time{}},
		{"a person on Messenger for a day without the feature", shipped.For(messenger).Rules, Human, wrote(noon), noon.Add(day), "", false, noon.Add(day)},
		{"a person on Messenger for a week with it, unmarked on the first day", shipped.For(messenger, HumanAgent).Rules, Human, wrote(noon), noon.Add(day - time.Second), "", true, noon.Add(week)},
		{"and marked from then on", shipped.For(messenger, HumanAgent).Rules, Human, wrote(noon), noon.Add(day), HumanAgent, true, noon.Add(week)},
		{"to the last second", shipped.For(messenger, HumanAgent).Rules, Human, wrote(noon), noon.Add(week - time.Second), HumanAgent, true, noon.Add(week)},
		{"and not after", shipped.For(messenger, HumanAgent).Rules, Human, wrote(noon), noon.Add(week), "", false, noon.Add(week)},
		{"a bot on Messenger for a day all the same", shipped.For(messenger, HumanAgent).Rules, Bot, wrote(noon), noon.Add(day), "", false, noon.Add(day)},
		{"a reaction opens a day", shipped.For(messenger, HumanAgent).Rules, Bot, reacted, noon.Add(day - time.Second), "", true, noon.Add(day)},
		{"and the week counts from the message: they end together", shipped.For(messenger, HumanAgent).Rules, Human, reacted, noon.Add(time.Hour), "", true, noon.Add(day)},
		{"who only reacted has no week", shipped.For(messenger, HumanAgent).Rules, Human, Clock{Acted: noon}, noon.Add(day), "", false, noon.Add(day)},
		{"who never wrote was shut out long ago", shipped.For(messenger, HumanAgent).Rules, Bot, Clock{}, noon, "", false, time.Time{}.Add(day)},
		{"the web chat never closes", shipped.For(webChat).Rules, Bot, Clock{}, noon, "", true, time.Time{}},
		{"of whom nothing is known, nothing is limited", nil, Bot, Clock{}, noon, "", true, time.Time{}},
		{"an author without a rule never could", shipped.For(webChat).Rules, Template, wrote(noon), noon, "", false, time.Time{}.Add(1)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wantAllow(t, tt.rules, tt.author, tt.clock, tt.at, tt.tag, tt.open)
			wantCloses(t, tt.rules, tt.author, tt.clock, tt.at, tt.closes)
		})
	}
}

// A platform changes its mind at a moment: from then on the other row holds, also
// for windows that are open.
func TestADatedRuleHoldsFromItsFirstMomentToTheLastBefore(t *testing.T) {
	t.Parallel()
	turn := on(2027, time.January, 1)
	shorter := Rules{{Author: Bot, Starts: []Start{StartMessage}, Length: day, Until: turn}, {Author: Bot, Starts: []Start{StartMessage}, Length: time.Hour, From: turn}}
	longer := Rules{{Author: Bot, Starts: []Start{StartMessage}, Length: time.Hour, Until: turn}, {Author: Bot, Starts: []Start{StartMessage}, Length: day, From: turn}}
	ended := Rules{{Author: Bot, Until: turn}}
	begun := Rules{{Author: Bot, From: turn}}
	for _, tt := range []struct {
		name   string
		rules  Rules
		wrote  time.Time
		at     time.Time
		open   bool
		closes time.Time
	}{
		{"a window that a change shortens closes with the change", shorter, turn.Add(-2 * time.Hour), turn.Add(-time.Second), true, turn},
		{"and is closed in its first moment", shorter, turn.Add(-2 * time.Hour), turn, false, turn},
		{"one that the shorter rule leaves open goes on", shorter, turn.Add(-30 * time.Minute), turn.Add(-time.Second), true, turn.Add(30 * time.Minute)},
		{"a longer rule lets a window go on", longer, turn.Add(-30 * time.Minute), turn.Add(-time.Second), true, turn.Add(day - 30*time.Minute)},
		{"and opens one that was closed", longer, turn.Add(-2 * time.Hour), turn, true, turn.Add(22 * time.Hour)},
		{"which was so the second before", longer, turn.Add(-2 * time.Hour), turn.Add(-time.Second), false, turn.Add(-time.Hour)},
		{"without a rule after it nobody may write", ended, turn, turn, false, turn},
		{"but until then", ended, turn, turn.Add(-time.Second), true, turn},
		{"before the first rule nobody may", begun, turn, turn.Add(-time.Second), false, time.Time{}.Add(1)},
		{"from then on for good", begun, turn, turn, true, time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wantAllow(t, tt.rules, Bot, wrote(tt.wrote), tt.at, "", tt.open)
			wantCloses(t, tt.rules, Bot, wrote(tt.wrote), tt.at, tt.closes)
		})
	}
}

// Berlin sets its clocks back on 2026-10-25 and forward on 2027-03-28: a day of the
// platform has 24 hours all the same.
func TestADayHas24HoursWhateverTheClocksOnTheWall(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rules := Shipped().For(whatsApp).Rules
	for name, at := range map[string]time.Time{
		"set back":       time.Date(2026, time.October, 24, 23, 30, 0, 0, berlin),
		"in both hours":  time.Date(2026, time.October, 25, 2, 30, 0, 0, berlin),
		"set forward":    time.Date(2027, time.March, 27, 23, 30, 0, 0, berlin),
		"in no hour":     time.Date(2027, time.March, 28, 2, 30, 0, 0, berlin),
		"parts of one":   noon.In(berlin).Add(time.Nanosecond),
		"on a plain day": noon.In(berlin),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			closes := at.UTC().Add(24 * time.Hour)
			wantCloses(t, rules, Bot, wrote(at), at, closes)
			wantAllow(t, rules, Bot, wrote(at), closes.Add(-time.Second).In(berlin), "", true)
			wantAllow(t, rules, Bot, wrote(at), closes.In(berlin), "", false)
		})
	}
}

func TestWhatStartsAClock(t *testing.T) {
	t.Parallel()
	shipped := Shipped()
	every := []Start{StartMessage, StartTap, StartCall, StartReaction, StartAd, StartLink, StartPlugin}
	for name, tt := range map[string]struct {
		rules Rules
		not   []Start
	}{
		"WhatsApp does not say whether a reaction counts": {shipped.For(whatsApp).Rules, []Start{StartReaction, StartLink, StartPlugin}},
		"Messenger knows no calls":                        {shipped.For(messenger).Rules, []Start{StartCall}},
		"Instagram has neither links nor plugins":         {shipped.For(instagram).Rules, []Start{StartCall, StartLink, StartPlugin}},
		"without a clock the newest is no reaction":       {shipped.For(telegram).Rules, []Start{StartReaction}},
		"nor where nothing is known":                      {nil, []Start{StartReaction}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var not []Start
			for _, s := range every {
				if !tt.rules.Starts(s, noon) {
					not = append(not, s)
				}
			}
			if fmt.Sprint(not) != fmt.Sprint(tt.not) {
				t.Errorf("not started by %v, want %v", not, tt.not)
			}
		})
	}
}

func TestARuleThatHoldsNoMoreStartsNothing(t *testing.T) {
	t.Parallel()
	rules := Rules{
		{Author: Bot, Starts: []Start{StartMessage, StartReaction}, Length: day, Until: noon},
		{Author: Bot, Starts: []Start{StartMessage}, Length: day, From: noon},
	}
	if !rules.Starts(StartReaction, noon.Add(-time.Second)) || rules.Starts(StartReaction, noon) {
		t.Error("a reaction starts the clock until noon")
	}
}

func wantAllow(t *testing.T, rules Rules, author Author, c Clock, at time.Time, tag string, open bool) {
	t.Helper()
	if gotTag, gotOpen := rules.Allow(author, c, at); gotTag != tag || gotOpen != open {
		t.Errorf("at %v %s is allowed %t with tag %q, want %t with %q", at, author, gotOpen, gotTag, open, tag)
	}
}

func wantCloses(t *testing.T, rules Rules, author Author, c Clock, at, want time.Time) {
	t.Helper()
	if got := rules.Closes(author, c, at); !got.Equal(want) {
		t.Errorf("seen from %v it closes for %s at %v, want %v", at, author, got, want)
	}
}

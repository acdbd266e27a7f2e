package flows

import "testing"

func TestARungIsForThoseItNames(t *testing.T) {
	t.Parallel()
	set := mustParse(t, []byte(`version: 1
business: B
handoff:
  words: [agent]
  before_close: 2h
  last_chance:
    - {before: 1h, for: people, say: Nobody had time yet.}
    - {before: 4h, for: bot, say: "Are you still there?"}
    - {before: 3h, for: both, say: Tap to keep this open.}
    - {before: 30m, say: Good bye.}
flows: {main: {start: a, states: {a: {say: A, end: true}}}}
`))
	for i, want := range []struct {
		say         string
		bot, people bool
	}{
		{"Are you still there?", true, false}, {"Tap to keep this open.", true, true}, {"Nobody had time yet.", false, true}, {"Good bye.", true, true},
	} {
		bot, people := set.RungFor(i)
		if say := set.Rung(i, State{}, Env{}).Text; say != want.say || bot != want.bot || people != want.people {
			t.Errorf("rung %d says %q, to customers with the bot %t, with people %t; want %+v", i, say, bot, people, want)
		}
	}
}

package bot

import (
	"testing"

	"frontdesk/flows"
)

func TestWhatWasNotUnderstoodIsKeptWithItsMessage(t *testing.T) {
	t.Parallel()
	guesses := []flows.Guess{{Answer: "hours", Share: 0.5}, {Answer: "delivery", Share: 0.4}}
	for _, c := range []struct {
		name  string
		heard flows.Heard
		want  []Miss
		count []flows.Outcome
	}{
		{name: "nothing when the examples were not asked"},
		{
			name:  "nothing when it was understood, but that is counted",
			heard: flows.Heard{Words: "wann?", Outcome: flows.OutcomeAnswered, Answer: "hours", Guesses: guesses},
			count: []flows.Outcome{flows.OutcomeAnswered},
		},
		{
			name:  "what was offered",
			heard: flows.Heard{Words: "wann?", Outcome: flows.OutcomeOffered, Guesses: guesses},
			want:  []Miss{{Words: "wann?", Outcome: flows.OutcomeOffered, Guesses: guesses}},
			count: []flows.Outcome{flows.OutcomeOffered},
		},
		{
			name:  "an answer that was offered earlier and is tapped now is counted, and its words are not known",
			heard: flows.Heard{Outcome: flows.OutcomePicked, Answer: "delivery"},
			count: []flows.Outcome{flows.OutcomePicked},
		},
		{
			name:  "what was chosen of that, with the words it was offered for",
			heard: flows.Heard{Words: "wann?", Outcome: flows.OutcomePicked, Answer: "delivery", Guesses: guesses},
			want:  []Miss{{Words: "wann?", Outcome: flows.OutcomePicked, Answer: "delivery", Guesses: guesses}},
			count: []flows.Outcome{flows.OutcomePicked},
		},
		{
			name:  "what nothing is like",
			heard: flows.Heard{Words: "hm, well, so", Outcome: flows.OutcomeNone},
			want:  []Miss{{Words: "hm, well, so", Outcome: flows.OutcomeNone}},
			count: []flows.Outcome{flows.OutcomeNone},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			state := at("ask")
			state.Language = "de"
			p := &play{does: does(flows.Result{State: state, Heard: c.heard, Effects: []flows.Effect{says("Well?")}})}
			got := decide(talk(), text(c.heard.Words), playing(p), noon)
			for i := range c.want {
				m := &c.want[i]
				m.At, m.Conversation, m.Seq, m.Channel, m.Language, m.Version = noon, "c", 8, "phone", "de", "v1"
			}
			differ(t, "what is kept", c.want, got.Misses)
			differ(t, "what is counted", c.count, got.Heard)
			var s HeardStats
			s.add(got)
			counted := s.Answered.Load() + s.Offered.Load() + s.Picked.Load() + s.Refused.Load() + s.None.Load()
			if counted != int64(len(c.count)) {
				t.Errorf("counted %d, want %d", counted, len(c.count))
			}
		})
	}
}

// What is handed over is heard as well: it is what a person should turn into an answer.
func TestWhatWasNotUnderstoodIsKeptWhenAPersonIsAskedFor(t *testing.T) {
	t.Parallel()
	p := &play{does: func(st flows.State, in flows.Input) flows.Result {
		res := over(st, in)
		res.Heard = flows.Heard{Words: "do you sell fish?", Outcome: flows.OutcomeRefused}
		return res
	}}
	got := decide(talk(), text("do you sell fish?"), playing(p), noon)
	if len(got.Misses) != 1 || got.Misses[0].Outcome != flows.OutcomeRefused || got.Ticket == nil {
		t.Errorf("kept %+v with ticket %v", got.Misses, got.Ticket)
	}
}

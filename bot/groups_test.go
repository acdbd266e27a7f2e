package bot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"frontdesk/flows"
)

// written is a miss of a conversation, so many minutes after noon.
func written(minutes int, conversation, words string, outcome flows.Outcome, answer string, guesses ...string) Miss {
	m := Miss{At: noon.Add(time.Duration(minutes) * time.Minute), Conversation: conversation, Seq: uint64(minutes), Words: words, Outcome: outcome, Answer: answer}
	for _, g := range guesses {
		m.Guesses = append(m.Guesses, flows.Guess{Answer: g, Share: 0.4})
	}
	return m
}

func TestMissesAreGroupedByWhatWasWritten(t *testing.T) {
	t.Parallel()
	misses := []Miss{
		written(1, "a", "can I rent a bike?", flows.OutcomeOffered, "", "buy", "repair"),
		written(2, "a", "can I rent a bike?", flows.OutcomePicked, "repair", "buy", "repair"), // is one with the first
		written(3, "b", "Can I rent a bike", flows.OutcomeNone, ""),
		written(4, "b", "can I rent a bike?", flows.OutcomeOffered, "", "buy"),
		written(5, "c", "rent a bike for the weekend", flows.OutcomeOffered, "", "buy", "repair"),
		written(6, "c", "rent a bike for the weekend", flows.OutcomeRefused, "", "buy", "repair"),
		written(7, "d", "do you sell fish", flows.OutcomeNone, ""),
		written(8, "d", "hours?", flows.OutcomePicked, "hours"), // its offer is older than what is listed
		written(9, "e", "fees?", flows.OutcomeOffered, "", "prices"),
		written(10, "e", "fees?", flows.OutcomePicked, "prices", "prices"),
		written(11, "e", "fees?", flows.OutcomePicked, "prices", "prices"), // an offer is taken once
	}
	want := []MissGroup{
		{
			Times: 4, Customers: 3, First: noon.Add(time.Minute), Last: noon.Add(5 * time.Minute),
			Words:  []MissWords{{"can I rent a bike?", 3}, {"rent a bike for the weekend", 1}},
			Picked: []Counted{{"repair", 1}}, Guessed: []Counted{{"buy", 1}},
			Outcomes: map[flows.Outcome]int{flows.OutcomePicked: 1, flows.OutcomeNone: 1, flows.OutcomeOffered: 1, flows.OutcomeRefused: 1},
		},
		{
			Times: 2, Customers: 1, First: noon.Add(9 * time.Minute), Last: noon.Add(11 * time.Minute), Words: []MissWords{{"fees?", 2}},
			Picked: []Counted{{"prices", 2}}, Outcomes: map[flows.Outcome]int{flows.OutcomePicked: 2},
		},
		{
			Times: 1, Customers: 1, First: noon.Add(7 * time.Minute), Last: noon.Add(7 * time.Minute), Words: []MissWords{{"do you sell fish", 1}},
			Outcomes: map[flows.Outcome]int{flows.OutcomeNone: 1},
		},
		{
			Times: 1, Customers: 1, First: noon.Add(8 * time.Minute), Last: noon.Add(8 * time.Minute), Words: []MissWords{{"hours?", 1}},
			Picked: []Counted{{"hours", 1}}, Outcomes: map[flows.Outcome]int{flows.OutcomePicked: 1},
		},
	}
	differ(t, "the groups", want, GroupMisses(misses))
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(misses), func(i, j int) { misses[i], misses[j] = misses[j], misses[i] })
		before := slices.Clone(misses)
		differ(t, "the groups in another order", want, GroupMisses(misses))
		differ(t, "what was grouped", before, misses)
	}
	if got := GroupMisses(nil); len(got) > 0 {
		t.Errorf("of nothing there are %+v", got)
	}
	for i, want := range []string{"repair true", "prices true", " false", "hours true"} {
		name, chosen := GroupMisses(misses)[i].Answer()
		if got := fmt.Sprint(name, " ", chosen); got != want {
			t.Errorf("group %d is about %q, want %q", i, got, want)
		}
	}
}

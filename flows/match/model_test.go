package match

import "testing"

func TestAskedOtherwise(t *testing.T) {
	t.Parallel()
	m := Learn([]Lesson{
		{"opening_hours", []string{"when are you open", "are you open on saturday", "what time do you close"}},
		{"returns", []string{"how do I return something", "I want my money back", "can I send it back"}},
		{"delivery", []string{"where is my parcel", "when will my order arrive", "how long does shipping take"}},
	}, Options{Languages: []string{"en"}})
	for text, want := range map[string]int{
		"what time do you open on sundays?": 0,
		"returning a bike":                  1,
		"my parcel has not arrived":         2,
	} {
		reply := m.Ask(text)
		if len(reply.Guesses) == 0 || reply.Guesses[0].Lesson != want {
			t.Errorf("%q: %+v, want lesson %d first", text, reply, want)
		}
	}
}

package match

import (
	"slices"
	"strings"
	"testing"
)

// shop is a business of one language, with what customers ask it.
type shop struct {
	language string
	lessons  []Lesson
	asked    []question
	others   []string // questions that nobody wrote an answer for
}

type question struct {
	text string
	want string // the lesson's name
}

func TestShopsOfManyLanguages(t *testing.T) {
	t.Parallel()
	for _, s := range []shop{englishShop(), spanishShop(), germanShop(), hindiShop(), arabicShop()} {
		t.Run(s.language, func(t *testing.T) {
			t.Parallel()
			m := Learn(s.lessons, Options{Languages: []string{s.language}})
			for _, q := range s.asked {
				reply := m.Ask(q.text)
				if reply.Sureness == None {
					t.Errorf("%q: none of ours (%.2f, heard %q), want %s", q.text, reply.Score, reply.Heard, q.want)
				} else if got := s.lessons[reply.Guesses[0].Lesson].Name; got != q.want {
					t.Errorf("%q is %s (%.2f), want %s", q.text, got, reply.Guesses[0].Share, q.want)
				}
			}
			for _, text := range s.others {
				if reply := m.Ask(text); reply.Sureness != None {
					t.Errorf("%q is %s (score %.2f, %s), want none of ours", text, []string{"none", "unsure", "sure"}[reply.Sureness],
						reply.Score, s.lessons[reply.Guesses[0].Lesson].Name)
				}
			}
		})
	}
}

// Nearly all that is asked in other words must be answered at once: a shop that
// offers three buttons for everything has no matcher.
func TestMostQuestionsAreAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	sure, asked := 0, 0
	for _, s := range []shop{englishShop(), spanishShop(), germanShop(), hindiShop(), arabicShop()} {
		m := Learn(s.lessons, Options{Languages: []string{s.language}})
		for _, q := range s.asked {
			asked++
			if m.Ask(q.text).Sureness == Sure {
				sure++
			}
		}
	}
	if sure*100 < 75*asked {
		t.Errorf("%d of %d questions are answered at once", sure, asked)
	}
}

func TestMessyMessages(t *testing.T) {
	t.Parallel()
	s := englishShop()
	m := Learn(s.lessons, Options{Languages: []string{"en"}})
	for _, c := range []struct{ name, text, want, heard string }{
		{"capitals", "WHERE IS MY PARCEL", "delivery", "where is my parcel"},
		{"a greeting", "Hi there! where is my parcel", "delivery", "where is my parcel"},
		{"two greetings", "Hello, good morning, where is my parcel?", "delivery", "where is my parcel"},
		{"thanks", "where is my parcel? Thanks in advance!", "delivery", "where is my parcel"},
		{"a letter too few", "where is my parcl", "delivery", "where is my parcel"},
		{"a letter too many", "where is my parrcel", "delivery", "where is my parcel"},
		{"another letter", "where is my pawcel", "delivery", "where is my parcel"},
		{"exchanged letters", "where is my pracel", "delivery", "where is my parcel"},
		{"an address", "where is my parcel? jo@shop.example https://shop.example/warranty", "delivery", "where is my parcel"},
		{"a long tail is cut", "where is my parcel" + strings.Repeat(" ", 5000) + "warranty", "delivery", "where is my parcel"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			reply := m.Ask(c.text)
			if len(reply.Guesses) == 0 || s.lessons[reply.Guesses[0].Lesson].Name != c.want || reply.Heard != c.heard {
				t.Errorf("%q: %+v, want %s, heard %q", c.text, reply, c.want, c.heard)
			}
		})
	}
}

func TestSmallTalkIsNoQuestion(t *testing.T) {
	t.Parallel()
	s := englishShop()
	m := Learn(s.lessons, Options{Languages: []string{"en"}})
	for _, text := range []string{"", "?", "hi", "hello", "thanks", "ok", "yes", "no", "what", "do you", "can i have", "how", "I see", "are you there", "👍", "my", "5", "is it"} {
		if reply := m.Ask(text); reply.Sureness == Sure {
			t.Errorf("%q is %+v, want nothing sure", text, reply)
		}
	}
}

func TestOneAnswerAlone(t *testing.T) {
	t.Parallel()
	m := Learn([]Lesson{{"opening_hours", []string{"when are you open", "are you open on saturday", "what time do you close"}}}, Options{Languages: []string{"en"}})
	for text, want := range map[string]Sureness{
		"are you open today":           Sure,
		"opening hours?":               Sure,
		"what time do you open":        Sure,
		"I want my money back":         None,
		"where is the nearest station": None,
		"the bike is broken":           None,
	} {
		if reply := m.Ask(text); reply.Sureness != want {
			t.Errorf("%q: %+v, want %d", text, reply, want)
		}
	}
}

func TestNothingLearned(t *testing.T) {
	t.Parallel()
	for name, lessons := range map[string][]Lesson{
		"no lessons":            nil,
		"a lesson of nothing":   {{}},
		"a lesson of no words":  {{"?!", []string{"", "…"}}},
		"two lessons, no words": {{"", nil}, {"-", nil}},
	} {
		m := Learn(lessons, Options{})
		if reply := m.Ask("when are you open"); reply.Sureness != None || len(reply.Guesses) != 0 {
			t.Errorf("%s: %+v", name, reply)
		}
		if m.Expect().Enough || len(m.Fights()) != 0 {
			t.Errorf("%s: expects %+v, fights %v", name, m.Expect(), m.Fights())
		}
	}
}

func TestGreetingsThatAreAnswers(t *testing.T) {
	t.Parallel()
	s := englishShop()
	m := Learn(append(slices.Clone(s.lessons), Lesson{"welcome", []string{"hello", "hi there", "good morning"}}), Options{Languages: []string{"en"}})
	if reply := m.Ask("Hello!"); reply.Sureness != Sure || reply.Guesses[0].Lesson != len(s.lessons) {
		t.Errorf("hello is %+v, want the answer that has it as an example", reply)
	}
}

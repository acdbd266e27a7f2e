package match

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// fingerprint is a hash of all that a model has learned.
func fingerprint(m *Model) uint64 {
	h := fnv.New64a()
	minds := []mind{m.words}
	if m.meaning != nil {
		minds = append(minds, *m.meaning)
	}
	for _, d := range minds {
		for _, x := range d.weights.rows {
			_ = binary.Write(h, binary.LittleEndian, math.Float32bits(x))
		}
		fmt.Fprint(h, d.judge.terms, d.judge.perClass, d.judge.sure, d.judge.none, d.expects, d.trust)
	}
	fmt.Fprint(h, m.features.rarity, m.lessons, m.contested)
	return h.Sum64()
}

// It sets GOMAXPROCS for the whole process, so it runs alone.
func TestTheSameLessonsMakeTheSameModel(t *testing.T) { //nolint:paralleltest // see above
	lessons := generated(20, 6)
	for name, o := range map[string]Options{
		"words":  {Languages: []string{"en", "de"}},
		"points": {Languages: []string{"en"}, Encoder: byMeaning{}},
	} {
		want := fingerprint(Learn(lessons, o))
		for _, procs := range []int{1, 2, 8} {
			before := runtime.GOMAXPROCS(procs)
			got := fingerprint(Learn(lessons, o))
			runtime.GOMAXPROCS(before)
			if got != want {
				t.Errorf("%s: on %d processors another model: %x, want %x", name, procs, got, want)
			}
		}
	}
}

func TestTheOrderOfAnswersChangesNothing(t *testing.T) {
	t.Parallel()
	s := englishShop()
	o := Options{Languages: []string{"en"}}
	straight := Learn(s.lessons, o)
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6}).Draw(t, "order")
		moved := make([]Lesson, len(order))
		for to, from := range order {
			moved[to] = Lesson{s.lessons[from].Name, slices.Clone(s.lessons[from].Examples)}
			slices.Reverse(moved[to].Examples)
		}
		text := rapid.SampledFrom(append(s.others, "are you open", "refund", "where")).Draw(t, "text")
		want, got := straight.Ask(text), Learn(moved, o).Ask(text)
		for i := range got.Guesses {
			got.Guesses[i].Lesson = order[got.Guesses[i].Lesson]
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %+v, in another order %+v", text, want, got)
		}
	})
}

func TestRepliesAreWellFormed(t *testing.T) {
	t.Parallel()
	m := Learn(englishShop().lessons, Options{Languages: []string{"en"}})
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("when are you open money back parcel 我想 退货 bike BROKEN? 👍 paypall xyzzy the of")), 0, 12)
		text := strings.Join(words.Draw(t, "words"), " ")
		wellFormed(t, m, text, 7)
	})
}

// wellFormed checks what holds for every reply.
func wellFormed(t interface{ Fatalf(string, ...any) }, m *Model, text string, lessons int) {
	reply := m.Ask(text)
	if again := m.Ask(text); !reflect.DeepEqual(reply, again) {
		t.Fatalf("%q is %+v and then %+v", text, reply, again)
	}
	if len(reply.Guesses) > mostGuesses || len(reply.Guesses) > lessons || reply.Sureness != None && len(reply.Guesses) == 0 {
		t.Fatalf("%q has %d guesses: %+v", text, len(reply.Guesses), reply)
	}
	sum, last := 0.0, 1.0
	for _, g := range reply.Guesses {
		if g.Share < 0 || g.Share > last+1e-6 || math.IsNaN(g.Share) || g.Lesson < 0 || g.Lesson >= lessons {
			t.Fatalf("%q: guess %+v of %+v", text, g, reply)
		}
		last = g.Share
		sum += g.Share
	}
	if sum > 1.0001 || math.IsNaN(reply.Score) || math.IsInf(reply.Score, 0) {
		t.Fatalf("%q: shares of %f, score %f", text, sum, reply.Score)
	}
}

func TestManyMayAskAtOnce(t *testing.T) {
	t.Parallel()
	s := englishShop()
	m := Learn(s.lessons, Options{Languages: []string{"en"}, Encoder: byMeaning{}})
	done := make(chan string)
	for range 4 {
		go func() {
			for _, q := range s.asked {
				want := m.Ask(q.text)
				if got := m.Ask(q.text); !reflect.DeepEqual(got, want) {
					done <- fmt.Sprintf("%q is %+v and then %+v", q.text, want, got)
					return
				}
			}
			done <- ""
		}()
	}
	for range 4 {
		if fault := <-done; fault != "" {
			t.Error(fault)
		}
	}
}

func TestExpect(t *testing.T) {
	t.Parallel()
	few := Learn(englishShop().lessons[:3], Options{Languages: []string{"en"}}).Expect()
	if few.Enough {
		t.Errorf("12 examples are enough for %+v", few)
	}
	x := Learn(generated(10, 8), Options{Languages: []string{"en"}}).Expect()
	if !x.Enough || x.Examples != 80 {
		t.Errorf("80 examples of 10 answers: %+v", x)
	}
	for name, share := range map[string]float64{"answered": x.Answered, "right": x.Right, "within": x.Within} {
		if share < 0.6 || share > 1 {
			t.Errorf("%s is %f of examples that are like one another", name, share)
		}
	}
	if x.Answered+x.Offered > 1.0001 {
		t.Errorf("more than all are answered or offered: %+v", x)
	}
}

func TestFights(t *testing.T) {
	t.Parallel()
	s := englishShop()
	if fights := Learn(s.lessons, Options{Languages: []string{"en"}}).Fights(); len(fights) != 0 {
		t.Errorf("a peaceful file has fights: %+v", fights)
	}
	lessons := slices.Clone(s.lessons)
	lessons[1] = Lesson{"returns", append(slices.Clone(lessons[1].Examples), "Where is my parcels?!")}
	fights := Learn(lessons, Options{Languages: []string{"en"}}).Fights()
	want := []Fight{
		{Lesson: 2, Example: 0, Against: 1, AgainstExample: 4, Share: 1},
		{Lesson: 1, Example: 4, Against: 2, AgainstExample: 0, Share: 1},
	}
	if len(fights) < 2 || !slices.Contains(fights[:2], want[0]) || !slices.Contains(fights[:2], want[1]) {
		t.Errorf("fights are %+v, want first %+v", fights, want)
	}
	for i := 1; i < len(fights); i++ {
		if fights[i].Share > fights[i-1].Share {
			t.Errorf("fights are not in order: %+v", fights)
		}
	}
}

// Whatever is sent, little of it is read: the bound is generous, for machines
// that are busy. Without the bounds this takes minutes.
func TestLongMessagesCostLittle(t *testing.T) {
	t.Parallel()
	m := Learn(englishShop().lessons, Options{Languages: strings.Fields("en ar da de es fi fr ga hu it no nl pt ro ru sv ta tr"), Encoder: byMeaning{}})
	for _, part := range []string{"lar", "a ", "где ", "我", "@a.b/", "hi ", "ing", "كتاب", "\xff", "parcl "} {
		start := time.Now()
		for range 10 {
			wellFormed(t, m, strings.Repeat(part, 100_000), 7)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("20 messages of %q take %v", part, took)
		}
	}
}

func FuzzAsk(f *testing.F) {
	s := englishShop()
	m := Learn(s.lessons, Options{Languages: []string{"en", "ar"}})
	for _, text := range []string{"", "when are you open", "\xff\x00", "我想退货", strings.Repeat("a", 5000), strings.Repeat("é ", 3000), "thanks thanks hi hi", "ǅ ẞ İ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { wellFormed(t, m, text, len(s.lessons)) })
}

func FuzzLearn(f *testing.F) {
	f.Add("opening_hours", "when are you open", "are you open", "returns", "money back", "en")
	f.Add("", "", "", "", "", "")
	f.Add("我", "我想退货", "退货", "\xff", "𝕏𝕏𝕏", "zh")
	f.Add("openingHours", "hi", "thanks", "a_b", "hi", "ar")
	f.Fuzz(func(t *testing.T, name, first, second, other, third, language string) {
		lessons := []Lesson{{name, []string{first, second}}, {other, []string{third}}}
		m := Learn(lessons, Options{Languages: []string{language}})
		for _, text := range []string{name, first, second, other, third, first + " " + third} {
			wellFormed(t, m, text, 2)
		}
	})
}

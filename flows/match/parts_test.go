package match

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/snowballstem"
	"pgregory.net/rapid"
)

func sqrt(x float64) float64 { return math.Sqrt(x) }

func TestSpoken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"opening_hours", "opening hours"},
		{"openingHours", "opening Hours"},
		{"FAQ", "FAQ"},
		{"öffnungsZeiten", "öffnungs Zeiten"},
		{"", ""},
	} {
		if got := spoken(c.in); got != c.want {
			t.Errorf("spoken(%q) is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestStrip(t *testing.T) {
	t.Parallel()
	m := mannersOf([]string{"en", "de", "fr", "xx"})
	for _, c := range []struct{ name, in, want string }{
		{"a greeting", "hello where are you", "where are you"},
		{"two greetings of two languages", "hello guten tag where are you", "where are you"},
		{"the longer greeting", "good morning where are you", "where are you"},
		{"thanks", "where are you thank you very much", "where are you"},
		{"both", "hi where are you bitte danke", "where are you"},
		{"French with its apostrophe", "ou etes vous s il vous plait", "ou etes vous"},
		{"only a greeting", "good morning", "good morning"},
		{"only thanks", "thanks a lot", "thanks a lot"},
		{"a greeting and thanks", "hi thanks", "hi thanks"},
		{"half a word", "hidden costs", "hidden costs"},
		{"a greeting in the middle", "say hello to him", "say hello to him"},
		{"nothing", "", ""},
	} {
		if _, got := m.strip(c.in); got != c.want {
			t.Errorf("%s: %q becomes %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestMend(t *testing.T) {
	t.Parallel()
	m := mender{known: map[string]int32{}, without: map[uint64][]int32{}}
	for _, word := range []string{"parcel", "parcels", "parcels", "refund", "open", "über", "доставка", "order66"} {
		m.learn(word)
	}
	for _, c := range []struct{ name, in, want string }{
		{"a letter too few", "refnd", "refund"},
		{"a letter too many", "reefund", "refund"},
		{"another letter", "rafund", "refund"},
		{"exchanged letters", "erfund", "refund"},
		{"of two, the one in more examples", "parcelz", "parcels"},
		{"two edits", "rafnd", ""},
		{"too short to be sure", "opn", ""},
		{"short words have too many neighbours", "oven", ""},
		{"Cyrillic", "доставкаа", "доставка"},
		{"another number", "order67", ""},
		{"no word", strings.Repeat("a", 500), ""},
	} {
		if got, _ := m.mend(c.in); got != c.want {
			t.Errorf("%s: %q is mended to %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

// The index must find exactly what asking every word would.
func TestMendOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abé")), 5, 7, -1)
		m := mender{known: map[string]int32{}, without: map[uint64][]int32{}}
		words := rapid.SliceOfN(word, 1, 6).Draw(t, "words")
		for _, w := range words {
			m.learn(w)
		}
		asked := word.Draw(t, "asked")
		want := slices.ContainsFunc(words, func(w string) bool { return Distance(asked, w, 1) == 1 })
		if got, ok := m.mend(asked); ok != want || ok && Distance(asked, got, 1) != 1 {
			t.Fatalf("%q is mended to %q (%t) among %q", asked, got, ok, words)
		}
	})
}

func TestGramsOfScripts(t *testing.T) {
	t.Parallel()
	count := func(text string) (runs, features int) {
		words := strings.Fields(Normalise(text))
		for n := 0; n < len(words); {
			run, taken := appendRun(nil, words[n:])
			grams(run, func(uint64) { features++ })
			n += taken
			runs++
		}
		return runs, features
	}
	for _, c := range []struct {
		name, text     string
		runs, features int
	}{
		{"one word of four letters", "open", 1, 5 + 4 + 3},
		{"two words", "we open", 2, (3 + 2 + 1) + (5 + 4 + 3)},
		{"letters of two bytes count as one", "доме", 1, 5 + 4 + 3},
		{"Chinese runs over its characters", "我想退货", 1, 5 + 4 + 3},
		{"Chinese and English", "我想 open", 2, (3 + 2 + 1) + (5 + 4 + 3)},
		{"an emoji is no letter of a run", "我👍", 2, 2 * (2 + 1)},
	} {
		if runs, features := count(c.text); runs != c.runs || features != c.features {
			t.Errorf("%s: %d runs with %d features, want %d with %d", c.name, runs, features, c.runs, c.features)
		}
	}
}

func TestStems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		languages []string
		word      string
		want      string
	}{
		{[]string{"en"}, "returning", "return"},
		{[]string{"en-GB"}, "parcels", "parcel"},
		{[]string{"de"}, "bremsen", "brems"},
		{[]string{"es_MX"}, "abiertos", "abiert"},
		{[]string{"de", "en"}, "parcels", "parcel"},
		{[]string{"hi"}, "दुकान", "दुकान"},
		{[]string{"tr"}, strings.Repeat("lar", 40), strings.Repeat("lar", 40)},
		{nil, "parcels", "parcels"},
		{[]string{"", "!"}, "parcels", "parcels"},
	} {
		r := newReader(Options{Languages: c.languages})
		if got := r.stem(snowballstem.NewEnv(""), c.word); got != c.want {
			t.Errorf("%q in %q is stemmed to %q, want %q", c.word, c.languages, got, c.want)
		}
	}
}

func TestEveryLanguageListIsReadable(t *testing.T) {
	t.Parallel()
	for tag := range strings.FieldsSeq("ar de en es fr hi id it nl pl pt ru tr") {
		if words := strings.Fields(Normalise(commonWords(tag))); len(words) < 50 {
			t.Errorf("%s has %d common words", tag, len(words))
		}
		m := mannersOf([]string{tag})
		if len(m.before) < 4 || len(m.after) < 4 || slices.Contains(m.before, "") || slices.Contains(m.after, "") {
			t.Errorf("%s has greetings %q and thanks %q", tag, m.before, m.after)
		}
	}
}

func TestTold(t *testing.T) {
	t.Parallel()
	r := newReader(Options{Languages: []string{"en"}})
	f := &features{index: map[uint64]int32{}}
	r.mender.learn("parcel")
	for _, c := range []struct{ name, in, want string }{
		{"as it is", "Where is it?", "Where is it?"},
		{"mended in its place", "Where is my Parcl?", "Where is my parcel?"},
		{"without a greeting", "Hi there! Where is it?", "Where is it?"},
		{"without thanks", "Where is it? Thanks a lot!", "Where is it?"},
		{"all at once", "Hello, WHERE is my parcl, please?", "WHERE is my parcel,"},
	} {
		to := &reading{env: snowballstem.NewEnv("")}
		r.split(to, c.in)
		r.mend(to, f)
		if got := to.told(c.in); got != c.want {
			t.Errorf("%s: %q is told as %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestTheEncoderIsUsedWhereItHelps(t *testing.T) {
	t.Parallel()
	s := englishShop()
	with := Learn(s.lessons, Options{Languages: []string{"en"}, Encoder: byMeaning{}})
	if with.meaning == nil {
		t.Fatal("an encoder that knows the words is not used")
	}
	reply := with.Ask("can you reimburse me")
	if reply.Sureness == None || s.lessons[reply.Guesses[0].Lesson].Name != "returns" {
		t.Errorf("a word that only the encoder knows: %+v", reply)
	}
	if Learn(s.lessons, Options{Languages: []string{"en"}, Encoder: nonsense{}}).meaning != nil {
		t.Error("an encoder that puts everything anywhere is used")
	}
}

// nonsense puts texts anywhere.
type nonsense struct{ byMeaning }

func (nonsense) Encode(dst []float32, text string) {
	clear(dst)
	dst[hashString(hashStart, text)>>32%8] = 1
}

func TestPointsComeFromTheCache(t *testing.T) {
	t.Parallel()
	s := englishShop()
	points := map[string][]float32{}
	for _, lesson := range s.lessons {
		for _, p := range phrasings(lesson) {
			point := make([]float32, byMeaning{}.Size())
			byMeaning{}.Encode(point, p.text)
			points[p.text] = point
		}
	}
	cached := Learn(s.lessons, Options{Languages: []string{"en"}, Encoder: byMeaning{}, Points: func(text string, _ func([]float32)) []float32 { return points[text] }})
	if fingerprint(cached) != fingerprint(Learn(s.lessons, Options{Languages: []string{"en"}, Encoder: byMeaning{}})) {
		t.Error("points of the cache make another model")
	}
}

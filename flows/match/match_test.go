package match

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"lower case and punctuation", "  What are your OPENING-hours?! ", "what are your opening hours"},
		{"marks on Latin letters", "Crème Brûlée, Straße, Łódź, Ünal", "creme brulee strasse lodz unal"},
		{"accents written apart", "cafe\u0301", "cafe"},
		{"Turkish dots", "İSTANBUL ılık", "istanbul ilik"},
		{"Greek", "Καλημέρα ΚΌΣΜΟΣ", "καλημερα κοσμοσ"},
		{"Cyrillic", "ЁЖ, Привет", "еж привет"},
		{"Arabic vowels", "مَرْحَبًا", "مرحبا"},
		{"Hindi keeps its vowels", "नमस्ते!", "नमस्ते"},
		{"Chinese characters are words", "我想退货。", "我 想 退 货"},
		{"Korean has spaces", "안녕 하세요", "안녕 하세요"},
		{"an emoji is a word", "ok👍🏽!", "ok 👍"},
		{"only punctuation", "?!…", ""},
		{"full-width letters and digits", "１．Ａｇｅｎｔ　２！", "1 agent 2"},
		{"a keycap", "1️⃣", "1"},
		{"broken text", "a\xffb", "a b"},
		{"control characters", "a\x00b\u200dc", "a bc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Normalise(c.in); got != c.want {
				t.Errorf("Normalise(%q) is %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"Prices", []string{"prices"}},
		{"Öffnungszeiten für Mäuse", []string{"offnungszeiten fur mause", "oeffnungszeiten fuer maeuse"}},
		{"O\u0308l", []string{"ol", "oel"}},
		{"Crème, Straße", []string{"creme strasse"}},
	} {
		if got := Forms(c.in); !slices.Equal(got, c.want) {
			t.Errorf("Forms(%q) is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestProse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"agent please", "agent please"},
		{"my address is agent@shop.example, thanks", "my address is  , thanks"},
		{"<agent.human@shop.example>", "< >"},
		{"see https://shop.example/agent?a=human", "see  "},
		{"WWW.agent.example", " "},
		{"shop.example/agent", " "},
		{"Thanks.An agent, please", "Thanks.An agent, please"},
		{"agent/human", "agent/human"},
		{"@agent", "@agent"},
	} {
		if got := Prose(c.in); got != c.want {
			t.Errorf("Prose(%q) is %q, want %q", c.in, got, c.want)
		}
	}
}

func TestContains(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, phrase string
		want               bool
	}{
		{"in a sentence", "what are your opening hours", "opening hours", true},
		{"the whole text", "agent", "agent", true},
		{"at the beginning", "agent please", "agent", true},
		{"half a word", "reagent", "agent", false},
		{"half a word, then the word", "reagent agent", "agent", true},
		{"another order", "hours opening", "opening hours", false},
		{"words in between", "opening the hours", "opening hours", false},
		{"nothing", "agent", "", false},
		{"in nothing", "", "agent", false},
		{"in a script without spaces", Normalise("我想退货"), Normalise("退货"), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Contains(c.text, c.phrase); got != c.want {
				t.Errorf("Contains(%q, %q) is %t", c.text, c.phrase, got)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	titles := []string{"yes", "menu", "prices", "track my order", "10 euro", "plan a", "plan b"}
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"the same", "menu", 1},
		{"three letters, one edit", "yep", -1},
		{"four letters, one edit", "menue", 1},
		{"four letters, two edits", "mneue", -1},
		{"two exchanges are two edits", "pircse", -1},
		{"one exchange", "pricse", 2},
		{"a long title, two edits", "trak my ordr", 3},
		{"a long title, three edits", "trak m ordr", -1},
		{"another digit", "20 euro", -1},
		{"the same digits", "10 euros", 4},
		{"as near to two", "plan c", -1},
		{"nearer to one of two", "plan a", 5},
		{"nothing", "", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got, _ := Nearest(c.text, titles); got != c.want {
				t.Errorf("Nearest(%q) is %d, want %d", c.text, got, c.want)
			}
		})
	}
}

// naive is the distance by its definition, without bounds and without rows.
func naive(a, b []rune) int {
	memo := map[[2]int]int{}
	var d func(i, j int) int
	d = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		if known, ok := memo[[2]int{i, j}]; ok {
			return known
		}
		cost := 0
		if a[i-1] != b[j-1] {
			cost = 1
		}
		least := min(d(i-1, j)+1, d(i, j-1)+1, d(i-1, j-1)+cost)
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			least = min(least, d(i-2, j-2)+1)
		}
		memo[[2]int{i, j}] = least
		return least
	}
	return d(len(a), len(b))
}

func TestDistanceOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("abcé货")), 0, 9, -1)
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		limit := rapid.IntRange(0, 10).Draw(t, "limit")
		want := min(naive([]rune(a), []rune(b)), limit+1)
		if got := Distance(a, b, limit); got != want {
			t.Fatalf("Distance(%q, %q, %d) is %d, want %d", a, b, limit, got, want)
		}
		if got := Distance(b, a, limit); got != want {
			t.Fatalf("Distance(%q, %q, %d) is %d, want %d: not the same both ways", b, a, limit, got, want)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"", "What are your opening hours?", "Crème", "ИЙ\u0301", "我想退货", "👍🏽", "\xff\x00", "ǅ ẞ İ ﬁ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := Normalise(s)
		if again := Normalise(n); again != n {
			t.Fatalf("%q becomes %q and then %q", s, n, again)
		}
		if !utf8.ValidString(n) {
			t.Fatalf("%q becomes broken text %q", s, n)
		}
		if n != strings.Join(strings.Fields(n), " ") {
			t.Fatalf("%q becomes %q: the spaces are wrong", s, n)
		}
		if n != "" && !Contains(n, n) {
			t.Fatalf("%q is not in itself", n)
		}
	})
}

func FuzzNearest(f *testing.F) {
	f.Add("trak my ordr", "track my order", "prices")
	f.Add("10 euro", "20 euro", "")
	f.Fuzz(func(t *testing.T, text, a, b string) {
		text, a, b = Normalise(text), Normalise(a), Normalise(b)
		if len(text)+len(a)+len(b) > 500 {
			return
		}
		i, ok := Nearest(text, []string{a, b})
		j, okReversed := Nearest(text, []string{b, a})
		if ok != okReversed || ok && a != b && i == j {
			t.Fatalf("%q: %q and %q give %d, in the other order %d", text, a, b, i, j)
		}
		if ok && Distance(text, []string{a, b}[i], 2) > 2 {
			t.Fatalf("%q is far from %q", text, []string{a, b}[i])
		}
	})
}

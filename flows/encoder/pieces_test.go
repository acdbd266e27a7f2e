package encoder

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// lexicon makes pieces of texts and scores.
func lexicon(scores map[string]float64) pieces {
	p := pieces{texts: make([]string, reserved), scores: make([]float64, reserved)}
	for text, score := range scores {
		p.texts, p.scores = append(p.texts, text), append(p.scores, score)
	}
	p.texts[reserved-1], p.scores[reserved-1] = mark+"reserved", -1
	p.index()
	return p
}

func (p *pieces) cut(text string) []string {
	var out []string
	for _, id := range p.split(new(scratch), text) {
		out = append(out, p.texts[id])
	}
	return out
}

func TestTextIsCutAsTheModelDoes(t *testing.T) {
	t.Parallel()
	p := lexicon(map[string]float64{
		mark: -5, "a": -3, "b": -3, "ab": -4, mark + "ab": -6, "abc": -1, mark + "f": -7, "i": -4, "fi": -5, "1": -6, "é": -8, "xyz": -2, "y": -3,
	})
	p.texts[unknown] = "?"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"a longer piece is better than two", "ab", []string{mark + "ab"}},
		{"each word has a mark", "ab b", []string{mark + "ab", mark, "b"}},
		{"a later piece decides", "aabc", []string{mark, "a", "abc"}},
		{"what is not known costs nothing", "abc", []string{mark + "ab", "?"}},
		{"what is not known side by side is one", "a§§§b", []string{mark, "a", "?", "b"}},
		{"letters that are written as one", "ﬁ", []string{mark, "fi"}},
		{"wide letters", "ａｂ", []string{mark + "ab"}},
		{"an accent by itself", "e\u0301", []string{mark, "é"}},
		{"a broken character", "a\xffb", []string{mark, "a", "?", "b"}},
		{"a mark of the model's own", "reserved", []string{mark, "?"}},
		{"a place that no piece ends at", "xy", []string{mark, "?", "y"}},
	} {
		if got := p.cut(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestOfALongTextTheBeginningCounts(t *testing.T) {
	t.Parallel()
	p := lexicon(map[string]float64{mark: -5, "a": -3, "b": -3})
	if got := p.cut(strings.Repeat("a b", 1000)); len(got) != MaxPieces {
		t.Errorf("%d pieces", len(got))
	}
	if got := prepare(strings.Repeat("ﷺ", 5000)); utf8.RuneCountInString(got) > MaxCharacters+1 {
		t.Errorf("%d characters", utf8.RuneCountInString(got))
	}
}

// No way to cut a text has a larger sum: all of them are tried.
func TestNoOtherCutIsBetter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		scores := map[string]float64{}
		for _, text := range []string{mark, "a", "é"} {
			scores[text] = -rapid.Float64Range(1, 9).Draw(t, text)
		}
		texts := rapid.SliceOfN(rapid.StringMatching(`▁?[aé]{1,3}`), 0, 16).Draw(t, "pieces")
		for _, text := range texts {
			scores[text] = -rapid.Float64Range(1, 12).Draw(t, text)
		}
		p := lexicon(scores)
		text := rapid.StringMatching(`[aé §]{4,12}`).Draw(t, "text")
		var got float64
		for _, id := range p.split(new(scratch), text) {
			got += p.scores[id]
		}
		if want := p.best([]rune(prepare(text))); math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: %q has the sum %v, the best is %v", text, p.cut(text), got, want)
		}
	})
}

// best is the largest sum of any cut.
func (p *pieces) best(text []rune) float64 {
	if len(text) == 0 {
		return 0
	}
	most, found := math.Inf(-1), false
	for n := 1; n <= len(text); n++ {
		if id, ok := p.byText[string(text[:n])]; ok {
			most, found = max(most, p.scores[id]+p.best(text[n:])), true
		}
	}
	if !found {
		return p.best(text[1:])
	}
	return most
}

package likeness_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/flows/likeness"
)

// shown is each group as the texts in it.
func shown(texts []likeness.Text) (groups []string) {
	for _, g := range likeness.Groups(texts) {
		var words []string
		for _, i := range g {
			words = append(words, texts[i].Words)
		}
		groups = append(groups, strings.Join(words, " | "))
	}
	return groups
}

func TestTextsThatSayNearlyTheSameAreOneGroup(t *testing.T) {
	t.Parallel()
	question := strings.Repeat("where is the bike that I ordered ", 8)
	for _, c := range []struct {
		name  string
		texts []likeness.Text
		want  []string
	}{
		{"nothing", nil, nil},
		{"one", []likeness.Text{{"hello", 1}}, []string{"hello"}},
		{
			"case, signs and digits are no difference",
			[]likeness.Text{{"Where is order 123?", 1}, {"something else entirely", 1}, {"where is ORDER 4567", 1}},
			[]string{"Where is order 123? | where is ORDER 4567", "something else entirely"},
		},
		{
			"the most typical is first, and the group of most customers",
			[]likeness.Text{
				{"do you repair punctures", 1},
				{"can I rent a bike", 1},
				{"renting a bike for a weekend", 1},
				{"how much is it to rent a bike", 2},
				{"can I rent a bike for the weekend", 1},
				{"do you repair brakes", 1},
			},
			[]string{
				"can I rent a bike for the weekend | renting a bike for a weekend | can I rent a bike | how much is it to rent a bike",
				"do you repair brakes | do you repair punctures",
			},
		},
		{
			"one that is like two goes with the one it is more like",
			[]likeness.Text{
				{"can I rent a bicycle for the weekend", 5}, {"rent a bicycle for the weekend", 1}, {"weekend: repair my punctured tyre", 1}, {"repair my punctured tyre", 2}, {"repair my tyre", 1}, {"rent for the weekend, punctured tyre", 1},
			},
			[]string{
				"rent for the weekend, punctured tyre | weekend: repair my punctured tyre | rent a bicycle for the weekend | can I rent a bicycle for the weekend",
				"repair my tyre | repair my punctured tyre",
			},
		},
		{
			"how often counts for the order of groups",
			[]likeness.Text{{"aaaa", 1}, {"bbbb", 3}, {"cccc", 2}},
			[]string{"bbbb", "cccc", "aaaa"},
		},
		{
			"words of other scripts",
			[]likeness.Text{{"есть ли у вас прокат", 1}, {"прокат велосипедов", 1}, {"自転車を借りたい", 1}, {"自転車を借りることはできますか", 1}},
			[]string{"есть ли у вас прокат | прокат велосипедов", "自転車を借りたい | 自転車を借りることはできますか"},
		},
		{
			"a long text is compared by its beginning",
			[]likeness.Text{{question + strings.Repeat(" alpha bravo charlie delta", 40), 1}, {question + strings.Repeat(" golf hotel india juliet", 40), 1}},
			[]string{question + strings.Repeat(" alpha bravo charlie delta", 40) + " | " + question + strings.Repeat(" golf hotel india juliet", 40)},
		},
		{"signs alone", []likeness.Text{{"???", 1}, {"!", 1}, {"", 1}}, []string{"??? | ! | "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := shown(c.texts); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestEveryTextIsInOneGroup(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"where", "is", "my", "order", "bike", "12", "ähm", "自転車", "", "?"})
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) likeness.Text {
			return likeness.Text{Words: strings.Join(rapid.SliceOfN(word, 0, 6).Draw(rt, "words"), " "), Times: rapid.IntRange(1, 9).Draw(rt, "times")}
		}), 0, 60).Draw(rt, "texts")
		groups := likeness.Groups(texts)
		if again := likeness.Groups(texts); fmt.Sprint(again) != fmt.Sprint(groups) {
			rt.Fatalf("the same texts give %v and %v", groups, again)
		}
		all := slices.Sorted(slices.Values(slices.Concat(groups...)))
		for i := range texts {
			if len(all) != len(texts) || all[i] != i {
				rt.Fatalf("of %d texts the groups have %v", len(texts), all)
			}
		}
		before := 1 << 30
		for _, g := range groups {
			size := 0
			for _, i := range g {
				size += texts[i].Times
			}
			if size > before {
				rt.Fatalf("a group of %d stands behind one of %d", size, before)
			}
			before = size
		}
	})
}

// What ten thousand customers wrote is grouped while a page loads.
func TestTenThousandTextsAreGroupedSoon(t *testing.T) {
	t.Parallel()
	verbs, things, ends := strings.Fields("buy rent repair return exchange cancel track insure"), strings.Fields("bike tyre helmet lock frame saddle order parcel invoice"), strings.Fields("today tomorrow quickly cheaply abroad online")
	var texts []likeness.Text
	for i := range 10_000 {
		texts = append(texts, likeness.Text{Words: fmt.Sprintf("can I %s my %s %s w%c%c%c", verbs[i%len(verbs)], things[i/7%len(things)], ends[i/61%len(ends)], 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26), Times: 1})
	}
	begun := time.Now()
	likeness.Groups(texts)
	if took := time.Since(begun); took > 20*time.Second { // one second on a quiet machine, without the race detector
		t.Errorf("it took %s", took)
	}
}

func BenchmarkGroups(b *testing.B) {
	var texts []likeness.Text
	for i := range 10_000 {
		texts = append(texts, likeness.Text{Words: fmt.Sprintf("where is my order number %c%c%c please tell me", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26), Times: 1})
	}
	for b.Loop() {
		likeness.Groups(texts)
	}
}

package match

import (
	"cmp"
	"slices"
)

// lore is what there is to learn from: every name and example as a vector. The
// examples of a class are next to one another.
type lore struct {
	examples []vector
	stems    [][]uint64 // hashes of each example's stems
	class    []int
	origin   []int // index among its lesson's examples; -1: its name
	classes  int
	features int
	size     int // of a point; 0: there are none
	texts    []string
}

// gather makes vectors of all names and examples. Lessons and their examples
// are brought into an order of their own first, so that moving an answer in its
// file changes nothing.
func (m *Model) gather(lessons []Lesson) *lore {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	l := &lore{}
	var texts []reading
	for _, i := range inOrder(lessons) {
		before := len(texts)
		for _, p := range phrasings(lessons[i]) {
			m.reader.split(&s.reading, p.text)
			if len(s.words) == 0 {
				continue
			}
			m.notice(s, len(m.lessons))
			texts = append(texts, reading{words: slices.Clone(s.words), stems: slices.Clone(s.reading.stems)})
			l.class = append(l.class, len(m.lessons))
			l.origin = append(l.origin, p.origin)
			l.texts = append(l.texts, p.text)
		}
		if len(texts) > before {
			m.lessons = append(m.lessons, i)
		}
	}
	l.classes, l.features = len(m.lessons), len(m.features.kinds)
	m.features.weigh(len(texts))
	for _, text := range texts {
		m.features.gather(&s.tally, text.words, text.stems, false)
		v := m.features.finish(&s.tally)
		l.examples = append(l.examples, vector{at: slices.Clone(v.at), weight: slices.Clone(v.weight)})
		l.stems = append(l.stems, slices.Clone(s.tally.stems))
	}
	return l
}

// notice takes up the words of an example of a class.
func (m *Model) notice(s *scratch, class int) {
	for _, word := range s.words {
		m.reader.mender.learn(word)
	}
	m.features.gather(&s.tally, s.words, s.reading.stems, true)
	for _, at := range s.at {
		s.count[at] = 0
	}
	m.judge.count(s.tally.stems, class)
}

// inOrder gives the indices of lessons in an order that does not depend on theirs.
func inOrder(lessons []Lesson) []int {
	order := make([]int, len(lessons))
	sorted := make([][]string, len(lessons))
	for i, lesson := range lessons {
		order[i] = i
		sorted[i] = slices.Sorted(slices.Values(lesson.Examples))
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(lessons[i].Name, lessons[j].Name), slices.Compare(sorted[i], sorted[j]))
	})
	return order
}

// phrasing is one way to ask for a lesson.
type phrasing struct {
	text   string
	origin int // index of the example; -1: the name
}

func phrasings(lesson Lesson) []phrasing {
	all := []phrasing{{spoken(lesson.Name), -1}}
	for i, example := range lesson.Examples {
		all = append(all, phrasing{example, i})
	}
	slices.SortStableFunc(all[1:], func(a, b phrasing) int { return cmp.Compare(a.text, b.text) })
	return all
}

// asked are those of the examples that were held out which customers might
// write; names are not among them.
func (l *lore) asked(out []held) []held {
	var asked []held
	for e, h := range out {
		if l.origin[e] >= 0 {
			asked = append(asked, h)
		}
	}
	return asked
}

package match

import (
	"cmp"
	"slices"
)

// An example that was held out fights when another answer got it with so large a
// share, and an example of that answer is so near to it (1: the same features)
// and nearer than any other of its own. With less it is only hard to know.
const (
	fightShare = 0.5
	fightNear  = 0.25
)

// fights finds the examples that other answers contest, the hardest first.
func (m *Model) fights(l *lore, out []held) []Fight {
	twins := map[uint64][]int{}
	for e := range l.examples {
		h := hashAll(l.stems[e])
		twins[h] = append(twins[h], e)
	}
	dense := make([]float32, l.features)
	var found []Fight
	for e, h := range out {
		against, share := l.twin(e, twins[hashAll(l.stems[e])]), 1.0
		if against < 0 && h.place > 0 && h.share >= fightShare && l.origin[e] >= 0 {
			against, share = l.rival(e, h.rival, dense), h.share
		}
		if against >= 0 {
			found = append(found, Fight{
				Lesson: m.lessons[l.class[e]], Example: l.origin[e],
				Against: m.lessons[l.class[against]], AgainstExample: l.origin[against], Share: share,
			})
		}
	}
	slices.SortStableFunc(found, func(a, b Fight) int { return cmp.Compare(b.Share, a.Share) })
	return found
}

// twin gives the example of another answer, among those with the same stems; -1: none.
func (l *lore) twin(e int, same []int) int {
	for _, other := range same {
		if l.class[other] != l.class[e] {
			return other
		}
	}
	return -1
}

// rival gives the example of a class that is nearest to another one's, when it
// contests that; -1: none does. dense has a place for each feature, all zero.
func (l *lore) rival(e, class int, dense []float32) int {
	v := l.examples[e]
	for i, at := range v.at {
		dense[at] = v.weight[i]
	}
	best, nearest, own := -1, float32(fightNear), float32(0)
	for other, c := range l.class {
		if other == e || c != class && c != l.class[e] {
			continue
		}
		var near float32
		for i, at := range l.examples[other].at {
			near += dense[at] * l.examples[other].weight[i]
		}
		if c != class {
			own = max(own, near)
		} else if near > nearest {
			best, nearest = other, near
		}
	}
	for _, at := range v.at {
		dense[at] = 0
	}
	if nearest <= own {
		return -1
	}
	return best
}

func hashAll(stems []uint64) uint64 {
	h := uint64(hashStart)
	for _, stem := range stems {
		h = hashPair(h, stem)
	}
	return h
}

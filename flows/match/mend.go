package match

import "unicode/utf8"

// mender knows the words of the examples and finds the one that a customer
// mistyped: one edit away (see Distance), which two words are exactly when they
// are equal after at most one letter is left out of each.
type mender struct {
	words   []string
	known   map[string]int32   // by word: how many examples have it
	without map[uint64][]int32 // words by the hash of what is left when one letter, or none, is left out
}

// Shorter words are too often another word that nobody mistyped; longer ones
// are no words. The shortest are what was meant only where many examples have them.
const (
	shortestMended = 4
	longestMended  = 24
	shortWord      = 4
	oftenEnough    = 3
)

// learn adds a word of an example.
func (m *mender) learn(word string) {
	if m.known[word]++; m.known[word] > 1 || !mendable(word) {
		return
	}
	at := int32(len(m.words))
	m.words = append(m.words, word)
	for h := range shortened(word) {
		m.without[h] = append(m.without[h], at)
	}
}

// mend gives the example's word that an unknown word is one edit away from: of
// several the one in more examples, then the one learned first.
func (m *mender) mend(word string) (string, bool) {
	if !mendable(word) {
		return "", false
	}
	best, most := "", int32(0)
	for h := range shortened(word) {
		for _, at := range m.without[h] {
			to := m.words[at]
			if n := m.known[to]; n > most && (n >= oftenEnough || utf8.RuneCountInString(to) > shortWord) && digits(to) == digits(word) && Distance(word, to, 1) == 1 {
				best, most = to, n
			}
		}
	}
	return best, most > 0
}

func mendable(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= shortestMended && n <= longestMended
}

// shortened yields the hashes of a word and of all that it becomes when one
// letter is left out.
func shortened(word string) func(yield func(uint64) bool) {
	return func(yield func(uint64) bool) {
		if !yield(hashString(hashStart, word)) {
			return
		}
		for at, r := range word {
			h := hashString(hashString(hashStart, word[:at]), word[at+utf8.RuneLen(r):])
			if !yield(h) {
				return
			}
		}
	}
}

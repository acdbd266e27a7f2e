package match

import (
	"unicode"
	"unicode/utf8"
)

// A feature is known by a hash of what it is: a stemmed word, two of them next
// to one another, or 2 to 4 neighbouring letters of a word with its edges.
const (
	hashStart = 14695981039346656037 // FNV-1a
	hashPrime = 1099511628211

	shortestGram = 2
	longestGram  = 4
)

// Seeds keep the kinds of features apart.
const (
	wordSeed = hashStart ^ 0x57
	pairSeed = hashStart ^ 0x50
	gramSeed = hashStart ^ 0x47
)

func hashString(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h
}

func hashWord(stem string) uint64 { return hashString(wordSeed, stem) }

func hashPair(first, second uint64) uint64 {
	h := (pairSeed ^ first) * hashPrime
	h ^= h >> 29
	return (h ^ second) * hashPrime
}

// appendRun appends the first of words with its edges marked by spaces, and
// says how many words that took: all neighbours of a script without spaces,
// whose characters are words of their own, are one run of letters.
func appendRun(to []byte, words []string) ([]byte, int) {
	to = append(append(to, ' '), words[0]...)
	n := 1
	if character(words[0]) {
		for n < len(words) && character(words[n]) {
			to = append(to, words[n]...)
			n++
		}
	}
	return append(to, ' '), n
}

// character reports whether a word is one of a script without spaces.
func character(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	return r >= firstUnspaced && size == len(word) && unicode.In(r, unspaced...)
}

// grams calls feature with every n-gram of a run of letters.
func grams(run []byte, feature func(hash uint64)) {
	for from := 0; from < len(run); {
		h, n := uint64(gramSeed), 0
		first := 0
		for at := from; at < len(run) && n < longestGram; {
			size := runeLength(run[at])
			for _, b := range run[at:min(at+size, len(run))] {
				h = (h ^ uint64(b)) * hashPrime
			}
			at += size
			if n++; n >= shortestGram {
				feature(h)
			} else {
				first = size
			}
		}
		from += first
	}
}

// runeLength is how many bytes a character has by its first byte, in valid text.
func runeLength(b byte) int {
	switch {
	case b < 0xC0:
		return 1
	case b < 0xE0:
		return 2
	case b < 0xF0:
		return 3
	}
	return 4
}

package match

import "unicode/utf8"

// A feature is known by a hash of what it is: a stemmed word, two of them next
// to one another, or 2 to 5 neighbouring letters of a word with its edges.
const (
	hashStart = 14695981039346656037 // FNV-1a
	hashPrime = 1099511628211

	shortestGram = 2
	longestGram  = 5
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

// grams calls feature with every n-gram of letters of a word whose edges are
// marked by spaces, as in " word ".
func grams(padded []byte, feature func(hash uint64)) {
	for from := 0; from < len(padded); {
		_, first := utf8.DecodeRune(padded[from:])
		h, n, at := uint64(gramSeed), 0, from
		for at < len(padded) && n < longestGram {
			_, size := utf8.DecodeRune(padded[at:])
			for _, b := range padded[at : at+size] {
				h = (h ^ uint64(b)) * hashPrime
			}
			at += size
			if n++; n >= shortestGram {
				feature(h)
			}
		}
		from += first
	}
}

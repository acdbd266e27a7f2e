package match

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generated makes lessons as a large business has them: things that customers
// have, what they want of them, and many ways to ask. The same each time.
func generated(lessons, examples int) []Lesson {
	things := strings.Fields("card account parcel invoice refund password phone subscription transfer cheque voucher loan address contract delivery meter deposit licence ticket passport")
	wants := [][]string{
		{"lost", "I lost my %s", "my %s is gone", "somebody stole my %s", "I cannot find the %s any more", "what do I do when the %s is missing", "%s lost"},
		{"change", "how do I change my %s", "I want another %s", "can the %s be changed", "please update the %s", "change of %s", "replace the %s by a new one"},
		{"cost", "how much is a %s", "what does the %s cost", "price of a %s", "are there fees for the %s", "is the %s free of charge", "why was I charged for the %s"},
		{"when", "when will my %s arrive", "how long does the %s take", "is the %s on its way", "I am still waiting for the %s", "%s not here yet", "arrival of the %s"},
	}
	around := []string{"%s", "%s please", "good morning, %s", "%s today", "quick question: %s", "%s and thank you", "could you tell me: %s", "%s, it is urgent", "sorry, %s", "%s for my wife"}
	chance := rand.New(rand.NewPCG(3, 4))
	all := make([]Lesson, 0, lessons)
	for i := range lessons {
		thing, want := things[i%len(things)], wants[i/len(things)%len(wants)]
		l := Lesson{Name: want[0] + "_" + thing}
		for n := range examples {
			said := fmt.Sprintf(want[1+n%(len(want)-1)], thing)
			l.Examples = append(l.Examples, fmt.Sprintf(around[chance.IntN(len(around))], said))
		}
		all = append(all, l)
	}
	return all
}

// byMeaning is an encoder that knows a few words that mean the same; each
// meaning is a direction of its own, and everything else is the last one.
type byMeaning struct{}

func (byMeaning) Encode(dst []float32, text string) {
	clear(dst)
	for i, group := range []string{"open close hours shut noon", "refund return back reimburse", "parcel order delivery package", "repair broken fix mend", "pay card cash money"} {
		for word := range strings.FieldsSeq(Normalise(text)) {
			if strings.Contains(" "+group+" ", " "+word+" ") {
				dst[i] = 1
			}
		}
	}
	dst[7] = 0.3
	var sum float64
	for _, x := range dst {
		sum += float64(x * x)
	}
	for i := range dst {
		dst[i] /= float32(sqrt(sum))
	}
}

func (byMeaning) Size() int              { return 8 }
func (byMeaning) Knows(word string) bool { return word == "reimburse" }
func (byMeaning) Version() string        { return "test" }

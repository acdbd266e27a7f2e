package match

// Lesson is what a business wrote of one answer.
type Lesson struct {
	Name     string   // as in the file: opening_hours. Its words are one more example
	Examples []string // phrasings, as written
}

// Encoder turns a sentence into a point; near points mean the same. It may be
// asked by many goroutines at once.
type Encoder interface {
	Encode(dst []float32, text string) // dst has Size places; of unit length afterwards
	Size() int
	Knows(word string) bool // a whole word of its vocabulary: not to be mended
	Version() string        // changes when the points do
}

// Options are what a model is trained with besides the lessons.
type Options struct {
	Languages []string // tags of the flow file ("en", "pt-BR"), the fallback first
	Encoder   Encoder  // nil: none, the letters and words alone decide
	// Points gives the point of an example: from a cache, or by calling encode
	// with a place for it. Nil: every example is encoded. Learn calls it from
	// several goroutines.
	Points func(text string, encode func(dst []float32)) []float32
}

// Sureness is how sure a model is that a message asks for its first guess.
type Sureness int

// None: nothing the business wrote an answer for. Unsure: one of the guesses,
// and only the customer can say which. Sure: the first guess.
const (
	None Sureness = iota
	Unsure
	Sure
)

// Reply is what a model makes of a message.
type Reply struct {
	Sureness Sureness
	Guesses  []Guess // at most three, the likeliest first; none when nothing was learned or said
	Score    float64 // of "one of ours at all": larger is surer. Comparable within one model only
	Heard    string  // the message as it was understood: normalised, mended, without greetings and thanks
}

// Guess is one answer that a message may ask for.
type Guess struct {
	Lesson int     // index of the lesson
	Share  float64 // its probability among the lessons, 0 to 1
}

// Expectation is what the examples say of messages to come: each was asked of a
// model that had not seen it.
type Expectation struct {
	Examples int     // how many were asked
	Answered float64 // share of them that was answered at once
	Right    float64 // share of the answered that was answered rightly
	Offered  float64 // share that was shown two or three answers to choose from
	Within   float64 // share whose answer was among the first three guesses
	Enough   bool    // false: too few examples to say anything, and the shares are worth nothing
}

// Fight is an example that another answer contests: customers who write so may
// get the other one.
type Fight struct {
	Lesson, Example         int     // Example is an index of Lesson.Examples; -1: the lesson's name
	Against, AgainstExample int     // the other answer, and its example that is nearest
	Share                   float64 // how much of the example the other answer gets, 0 to 1; 1: they are the same words
}

package value

// Number is the one number in a text, in digits ("about 12 please", "-3",
// "1 234,50", full-width and Arabic ones too) or as a word up to twelve. What a
// single point or comma with three digits behind it means is told by the
// language: "1.500" is 1500 in German and 1.5 in English. ok is false without a
// number, with two different ones, and where words or signs beside it change it
// ("2 million", "1/2", "10:30").
func Number(text, lang string) (number float64, ok bool) { return 0, false }

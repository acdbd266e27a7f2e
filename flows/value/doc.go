// Package value reads what a customer's words answer to a typed question: a
// number, an e-mail address, a phone number, a date.
//
// It is pure: no I/O, no clock, no state. What "tomorrow" means comes with the
// call. It finds the answer in a sentence, and where the words leave a choice
// (two different numbers, two dates) it finds none: asking once more costs a
// customer less than a wrong booking. It knows nothing of questions, limits or
// flows.
//
// Languages are tags of which the language counts ("de-AT" is German). Known
// are en, de, fr, es, it, pt, nl, pl and tr; "" is English. In other languages
// digits are read and words are not.
package value

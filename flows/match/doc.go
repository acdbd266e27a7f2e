// Package match compares what customers write with what a business expects:
// normalised words, whole-word phrases, nearly the same title, and questions
// that are like the examples of an answer (Learn, Model.Ask).
//
// It is pure: no I/O, no clock, no state. It knows nothing of flows; the order
// in which things are compared is the caller's.
package match

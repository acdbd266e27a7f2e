// Package match compares what customers write with what a business expects:
// normalised words, whole-word phrases, and nearly the same title.
//
// It is pure: no I/O, no clock, no state. It knows nothing of flows; the order
// in which things are compared is the caller's.
package match

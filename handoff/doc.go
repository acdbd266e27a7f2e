// Package handoff decides what happens among people: who owns a conversation,
// who may claim, answer and resolve it, and in which order waiting customers
// are served.
//
// It is pure: no I/O, no clock, no platform. Every transition takes the moment
// it happens at and returns a new value or an error; nothing is changed in place.
package handoff

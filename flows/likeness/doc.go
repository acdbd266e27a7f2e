// Package likeness sorts short texts into groups that say nearly the same, by the
// words and letters that they share. It knows no language and no meaning: it is for
// people who look through what customers wrote, not for answering them.
package likeness

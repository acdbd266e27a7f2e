package source

import (
	"cmp"
	"slices"
)

// Severity says whether a finding stops the file from being used.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Diagnostic is one finding in a file: what is wrong, where, and what to write
// instead. It carries no text of the file except names and what it quotes.
type Diagnostic struct {
	Code     string   // stable, e.g. "F203"; the caller's
	Severity Severity //
	Summary  string   // one line, without a full stop
	Hint     string   // what to do about it; may be empty
	File     string   // as it was given to Parse
	Line     int      // from 1
	Column   int      // from 1, in characters
	Width    int      // characters to underline, at least 1
}

// Sort orders findings by file and place, and drops those that say the same
// thing twice.
func Sort(diags []Diagnostic) []Diagnostic {
	slices.SortStableFunc(diags, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Summary, b.Summary),
		)
	})
	return slices.Compact(diags)
}

// Failed reports whether any of the findings is an error.
func Failed(diags []Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d Diagnostic) bool { return d.Severity == SeverityError })
}

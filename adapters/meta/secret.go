package meta

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "<secret>"

// Secret is a token or a key. It prints as <secret> under every verb of fmt, in
// slog, and in JSON and YAML except as a map key; string(s) is the way to the value.
//
// fmt cannot call methods on unexported struct fields and prints their bytes, or
// those behind a pointer under a verb that does not fit: keep a Secret there as a
// function, see Hide.
type Secret string

// Format prints <secret>, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String gives <secret>.
func (Secret) String() string { return redacted }

// LogValue gives <secret>.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText gives <secret>; JSON and YAML use it.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Hide gives s as a function, which prints as an address wherever it is kept.
func (s Secret) Hide() func() Secret { return func() Secret { return s } }

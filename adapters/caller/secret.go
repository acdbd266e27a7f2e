package caller

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
)

const redacted = "<secret>"

// Secret is what a header carries to prove who calls. It prints as <secret>
// under every verb of fmt, in slog, and in JSON and YAML except as a map key;
// string(s) is the way to the value.
//
// fmt cannot call methods on unexported struct fields and prints their bytes.
type Secret string

// Format prints <secret>, whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String gives <secret>.
func (Secret) String() string { return redacted }

// LogValue gives <secret>.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText gives <secret>; JSON and YAML use it.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

var (
	namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	// hole is more than a secret's, so that nothing a flow means goes out as it is written.
	hole = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)
)

// CheckName reports that s cannot be the name of a secret, as flows write it:
// {{ secret.shop_token }}.
func CheckName(s string) error {
	if !namePattern.MatchString(s) {
		return fmt.Errorf("%q cannot be the name of a secret; write small letters, digits and _, beginning with a letter, at most 40", s)
	}
	return nil
}

// CheckSecret reports that a secret of this name cannot be one. The error does
// not hold it.
func CheckSecret(name string, s Secret) error {
	value := string(s)
	switch {
	case value == "":
		return fmt.Errorf("%s: missing", name)
	case strings.TrimSpace(value) != value, strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }):
		return fmt.Errorf("%s: holds a line break, a space at an end or a letter that no header can carry; paste it again", name)
	default:
		return nil
	}
}

// keyring holds the secrets as a function, which prints as an address.
type keyring func(name string) (string, bool)

func newKeyring(secrets map[string]Secret) keyring {
	return func(name string) (string, bool) {
		s, ok := secrets[name]
		return string(s), ok
	}
}

// fill puts the secrets into a header's value and gives those it put in. unknown
// names what is no secret; the value must not be sent then. It is empty for what
// does not even name one.
func (k keyring) fill(value string) (filled string, used, unknown []string) {
	filled = hole.ReplaceAllStringFunc(value, func(written string) string {
		name, named := strings.CutPrefix(hole.FindStringSubmatch(written)[1], "secret.")
		if !named || CheckName(name) != nil {
			unknown = append(unknown, "")
			return ""
		}
		secret, ok := k(name)
		if !ok {
			unknown = append(unknown, name)
			return ""
		}
		used = append(used, secret)
		return secret
	})
	return filled, used, unknown
}

// shortest is the length from which a secret is looked for in answers: a shorter
// one may be a part of any word.
const shortest = 8

// hider takes secrets out of what a system answers: some repeat the headers of
// the request, and the answer is kept with the conversation.
func hider(secrets []string) func(string) string {
	longest := func(a, b string) int { return len(b) - len(a) } // first, as one may begin with another
	var pairs []string
	for _, s := range slices.SortedFunc(slices.Values(secrets), longest) {
		if len(s) >= shortest {
			pairs = append(pairs, s, redacted)
		}
	}
	return strings.NewReplacer(pairs...).Replace
}

package trace

import (
	"fmt"
	"net/url"
	"os"
	"strings"
)

// headerVariables hold headers for the collector, as NAME=VALUE with commas
// between them. The exporter reads them by itself.
var headerVariables = []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"}

// checkHeaders refuses headers that the exporter cannot read: it would print
// them, and they are secrets as a rule.
func checkHeaders() error {
	for _, name := range headerVariables {
		for i, entry := range strings.Split(os.Getenv(name), ",") {
			if os.Getenv(name) != "" && !isHeader(entry) {
				return fmt.Errorf("%s: entry %d is no header; write NAME=VALUE, with commas between them and %%2C for a comma inside", name, i+1)
			}
		}
	}
	return nil
}

// isHeader reports whether entry is NAME=VALUE, the value escaped as in an address.
func isHeader(entry string) bool {
	name, value, ok := strings.Cut(entry, "=")
	name = strings.TrimSpace(name)
	value, err := url.PathUnescape(value)
	return ok && err == nil && name != "" && !strings.ContainsFunc(name, notInName) && !strings.ContainsFunc(value, notInValue)
}

// Besides letters and digits (RFC 9110, 5.6.2).
const inName = "!#$%&'*+-.^_`|~"

func notInName(r rune) bool {
	letter := 'a' <= r|0x20 && r|0x20 <= 'z'
	return !letter && (r < '0' || r > '9') && !strings.ContainsRune(inName, r)
}

func notInValue(r rune) bool { return r < ' ' || r == 0x7f }

package channeltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// noSecrets prints v in every way that a log or an answer might, and looks for
// the harness's secrets.
func noSecrets(t *testing.T, h Harness, v any) {
	t.Helper()
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		fmt.Fprintf(&out, verb+"\n", v)
	}
	for _, handler := range []slog.Handler{
		slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}),
		slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}),
	} {
		slog.New(handler).Debug("a line", "value", v)
	}
	_ = json.NewEncoder(&out).Encode(v)
	for _, s := range h.Secrets {
		if s == "" {
			t.Fatal("the harness has an empty secret")
		}
		for _, form := range []string{s, fmt.Sprintf("%x", s)} {
			if strings.Contains(out.String(), form) {
				t.Errorf("%T shows the secret %q:\n%s", v, s, out.String())
			}
		}
	}
}

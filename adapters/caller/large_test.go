package caller_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/caller"
	"frontdesk/flows"
)

// packed serves a body of n letters x, packed.
func packed(n int64) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, `"`)
		_, _ = io.CopyN(z, letters{}, n)
		_, _ = io.WriteString(z, `"`)
		_ = z.Close()
	}
}

type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestAnAnswerIsReadUpToItsBound(t *testing.T) {
	t.Parallel()
	tooLarge := outcome{Result: flows.Called{Error: caller.CodeTooLarge}}
	cutText := outcome{Result: flows.Called{Status: 200, Body: strings.Repeat("x", 1000)}}
	for _, tt := range []struct {
		name  string
		serve http.HandlerFunc
		limit int64
		want  outcome
	}{
		{"packed", packed(5000), 0, cutText},
		{"as long as may be", packed(998), 1000, outcome{Result: flows.Called{Status: 200, Body: strings.Repeat("x", 998)}}},
		{"one byte more", packed(999), 1000, tooLarge},
		{"1 MiB", packed(1<<20 - 2), 0, cutText},
		{"a little that unpacks to very much", packed(1 << 28), 0, tooLarge},
		{"very much of it", answers(200, "application/json", "["+strings.Repeat("1,", 1<<20)+"1]"), 0, tooLarge},
		{"more than is kept", answers(200, "application/json", "["+strings.Repeat("1,", 1<<16)+"1]"), 0, tooLarge},
		{"a text of any length", answers(200, "text/plain", strings.Repeat("x", 1<<19)), 0, cutText},
		{"a page of any length is not read", answers(200, "text/html", strings.Repeat("x", 1<<22)), 0, outcome{Result: flows.Called{Status: 200}}},
		{"too much of a refusal", answers(404, "application/json", strings.Repeat(" ", 1<<22)), 0, outcome{Result: flows.Called{Status: 404}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := shop(t, tt.serve)
			got := call(t.Context(), newCaller(t, caller.Config{MaxBody: tt.limit}), get(s.URL))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

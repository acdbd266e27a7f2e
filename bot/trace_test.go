package bot

import (
	"log/slog"
	"testing"
)

func TestWithoutATracerASpanCostsNothing(t *testing.T) { // not parallel: AllocsPerRun
	ctx, id := t.Context(), "c01f"
	if n := testing.AllocsPerRun(100, func() {
		inner, end := StartSpan(ctx, nil, "load", slog.String("conversation", id), slog.Int("messages", len(id)))
		end(inner.Err())
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

package bot

import (
	"context"
	"log/slog"
)

// Tracer records how long the parts of the walk take. It is called from many
// goroutines and must not wait for the network.
type Tracer interface {
	// Start begins a span below the one in ctx, with ids and names of the
	// configuration only: never what a customer wrote, nor a name or a number of
	// theirs. The function ends it, with what went wrong.
	Start(ctx context.Context, name string, ids ...slog.Attr) (context.Context, func(error))
}

// StartSpan is t.Start, and nothing at all where t is nil: it allocates nothing then.
func StartSpan(ctx context.Context, t Tracer, name string, ids ...slog.Attr) (context.Context, func(error)) {
	if t == nil {
		return ctx, untraced
	}
	return t.Start(ctx, name, append([]slog.Attr(nil), ids...)...) // a copy, so that the caller's stays on its stack
}

func untraced(error) {}

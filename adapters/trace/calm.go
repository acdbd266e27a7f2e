package trace

import (
	"context"
	"log/slog"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// again is after how long it is said once more that the collector takes nothing.
const again = 10 * time.Minute

// calm speaks of a collector that takes nothing, and not with every batch. The
// batches come one after the other, so that it needs no lock.
type calm struct {
	sdktrace.SpanExporter
	log   *slog.Logger
	lost  int
	next  time.Time
	cut   context.Context // over when nothing may be sent any more
	ended chan struct{}   // closed behind the last batch
}

// ExportSpans implements sdktrace.SpanExporter. It never fails: what the
// collector does not take is lost, and nobody else could do something about it.
func (c *calm) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if c.cut.Err() != nil {
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(c.cut, stop)()
	err := c.SpanExporter.ExportSpans(ctx, spans)
	switch now := time.Now(); {
	case c.cut.Err() != nil: // Close tells
	case err == nil:
		c.lost, c.next = 0, time.Time{}
	case now.Before(c.next):
		c.lost += len(spans)
	default:
		c.lost += len(spans)
		c.log.WarnContext(ctx, "the collector takes no spans; they are lost, and nothing else is", "lost", c.lost, "error", err)
		c.lost, c.next = 0, now.Add(again)
	}
	return nil
}

// Shutdown implements sdktrace.SpanExporter. It is called once, behind the last batch.
func (c *calm) Shutdown(ctx context.Context) error {
	defer close(c.ended)
	return c.SpanExporter.Shutdown(ctx)
}

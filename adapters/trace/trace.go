package trace

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"frontdesk/bot"
)

var _ bot.Tracer = (*Tracer)(nil)

const (
	queued       = 4096            // spans that wait for the collector
	batch        = 512             // spans of one request
	every        = 2 * time.Second // a request at the latest
	exportWithin = 5 * time.Second // one request
)

// Config is where spans go to.
type Config struct {
	Endpoint string  // http or https address of the collector, without /v1/traces
	Sample   float64 // the share of walks that is recorded, 0 to 1
	Version  string  // of the program
	Log      *slog.Logger
}

// Tracer records spans. Its methods may be called from many goroutines.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   oteltrace.Tracer
	client   *http.Client
	cut      context.CancelFunc
	ended    <-chan struct{} // the provider's goroutine
}

// New makes a Tracer; the collector need not be there. The caller must Close it.
// Headers for the collector come from OTEL_EXPORTER_OTLP_HEADERS, as they hold
// secrets as a rule; they are in no error and no log.
func New(c Config) (*Tracer, error) {
	if err := checkHeaders(); err != nil {
		return nil, err
	}
	to, err := url.Parse(c.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("the address of the collector: %w", err)
	}
	// A client of our own: its connections end with Close, and no proxy of the
	// environment gets to see spans.
	client := &http.Client{Timeout: exportWithin, Transport: &http.Transport{ForceAttemptHTTP2: true, MaxIdleConns: 2, IdleConnTimeout: time.Minute}}
	exporter := otlptrace.NewUnstarted(otlptracehttp.NewClient(
		otlptracehttp.WithEndpointURL(to.JoinPath("v1", "traces").String()),
		otlptracehttp.WithHTTPClient(client),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{}), // what is behind would be lost instead
	))
	if err := exporter.Start(context.Background()); err != nil {
		return nil, fmt.Errorf("the exporter of traces: %w", err)
	}
	life, cut := context.WithCancel(context.Background())
	out := &calm{SpanExporter: exporter, log: c.Log, cut: life, ended: make(chan struct{})}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(c.Sample))),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "frontdesk"), attribute.String("service.version", c.Version),
		)),
		sdktrace.WithSpanProcessor(sdktrace.NewBatchSpanProcessor(out,
			sdktrace.WithMaxQueueSize(queued), sdktrace.WithMaxExportBatchSize(batch),
			sdktrace.WithBatchTimeout(every), sdktrace.WithExportTimeout(exportWithin),
		)),
	)
	return &Tracer{provider: provider, tracer: provider.Tracer("frontdesk"), client: client, cut: cut, ended: out.ended}, nil
}

// Start implements bot.Tracer.
func (t *Tracer) Start(ctx context.Context, name string, ids ...slog.Attr) (context.Context, func(error)) {
	ctx, span := t.tracer.Start(ctx, name)
	if !span.IsRecording() {
		return ctx, unrecorded // a child of it is not recorded either
	}
	span.SetAttributes(attributes(ids)...)
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, word(err))
		}
		span.End()
	}
}

func unrecorded(error) {}

// Close sends what waits until ctx ends, cuts what is being sent then, and ends
// the connections. Nothing of it goes on afterwards. Spans that are started later
// are lost.
func (t *Tracer) Close(ctx context.Context) error {
	defer t.client.CloseIdleConnections()
	err := t.provider.Shutdown(ctx)
	t.cut() // the provider goes on when ctx ends
	<-t.ended
	if err != nil {
		return fmt.Errorf("sending the last spans: %w", err)
	}
	return nil
}

// Package trace sends spans to a collector, as OTLP over HTTP. It exports ids
// and names of the configuration, and of what went wrong one of a few words:
// never the text of an error, which may repeat what a customer wrote.
//
// Nothing here waits for the collector. Spans for which there is no room, or
// that the collector does not take, are lost.
package trace

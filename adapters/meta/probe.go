package meta

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// probeTimeout bounds a probe when the caller's context does not.
const probeTimeout = 10 * time.Second

// Probe asks for the account's own id, which changes nothing and reaches nobody.
// It returns nil when a server answered, be it with a refusal: only silence and
// faults of the server say that it is no use to send. Its error holds no secret.
func (g *Graph) Probe(ctx context.Context, account string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	req, err := g.newRequest(ctx, http.MethodGet, account+"?fields=id", nil)
	if err != nil {
		return fmt.Errorf("asking the platform whether it answers: the account's id is no part of an address")
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return fmt.Errorf("asking the platform whether it answers: %w", lost(ctx, false))
	}
	// Read to its end, so that the connection can be used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, answerLimit))
	_ = resp.Body.Close()
	if resp.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("asking the platform whether it answers: it has a fault, HTTP status %d", resp.StatusCode)
	}
	return nil
}

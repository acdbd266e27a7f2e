package load

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Sample is what the program told of itself at one moment, on /metrics.
type Sample struct {
	At         time.Duration `json:"-"`
	CPU        float64       `json:"cpu_seconds"`    // since its start
	Resident   float64       `json:"resident_bytes"` // with those pages of the store's file that are in memory
	Memory     float64       `json:"memory_bytes"`   // without: what the Go runtime holds of the system
	Goroutines float64       `json:"goroutines"`
}

// sampler asks the program for samples.
type sampler struct {
	url    string
	client http.Client
}

func newSampler(ops string) *sampler {
	return &sampler{
		url:    strings.TrimSuffix(ops, "/") + "/metrics",
		client: http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{}},
	}
}

func (s *sampler) close() { s.client.CloseIdleConnections() }

func (s *sampler) sample(ctx context.Context) (Sample, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, http.NoBody)
	if err != nil {
		return Sample{}, err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return Sample{}, fmt.Errorf("asking for the program's metrics: %w", err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if resp.StatusCode != http.StatusOK {
		return Sample{}, fmt.Errorf("asking for the program's metrics: %s", resp.Status)
	}
	values := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok && !strings.Contains(name, "{") {
			values[name], _ = strconv.ParseFloat(value, 64) // a comment is no number, and nobody asks for it
		}
	}
	return Sample{
		CPU: values["process_cpu_seconds_total"], Resident: values["process_resident_memory_bytes"],
		Memory:     values["go_memstats_sys_bytes"] - values["go_memstats_heap_released_bytes"],
		Goroutines: values["go_goroutines"],
	}, lines.Err()
}

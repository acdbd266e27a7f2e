package trace_test

import (
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// collector takes OTLP over HTTP and reads the spans out of it.
type collector struct {
	*httptest.Server
	mu       sync.Mutex
	spans    []span
	requests int
	raw      []byte // all bodies, as they were before gzip
	paths    map[string]int
}

type span struct {
	id, parent, name, status string
	failed                   bool
	ids                      map[string]any
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{paths: map[string]int{}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := gzip.NewReader(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests++
	c.paths[r.Method+" "+r.URL.Path]++
	c.raw = append(c.raw, raw...)
	for _, resource := range fields(raw)[1] {
		for _, scope := range fields(resource)[2] {
			for _, s := range fields(scope)[2] {
				c.spans = append(c.spans, readSpan(s))
			}
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// readSpan reads opentelemetry.proto.trace.v1.Span.
func readSpan(raw []byte) span {
	f := fields(raw)
	s := span{id: hex.EncodeToString(one(f[2])), parent: hex.EncodeToString(one(f[4])), name: string(one(f[5])), ids: map[string]any{}}
	for _, a := range f[9] {
		kv := fields(a)
		value := one(kv[2])
		if number, _, n := protowire.ConsumeTag(value); n > 0 && number == 3 {
			v, _ := protowire.ConsumeVarint(value[n:])
			s.ids[string(one(kv[1]))] = int(v)
			continue
		}
		s.ids[string(one(kv[1]))] = string(one(fields(value)[1]))
	}
	if status := one(f[15]); status != nil {
		s.failed, s.status = true, string(one(fields(status)[2]))
	}
	return s
}

// fields gives what a message holds, by field; numbers are left out.
func fields(raw []byte) map[protowire.Number][][]byte {
	all := map[protowire.Number][][]byte{}
	for len(raw) > 0 {
		number, kind, n := protowire.ConsumeTag(raw)
		if n < 0 {
			return nil
		}
		raw = raw[n:]
		if kind != protowire.BytesType {
			n = protowire.ConsumeFieldValue(number, kind, raw)
			if n < 0 {
				return nil
			}
			raw = raw[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(raw)
		if n < 0 {
			return nil
		}
		all[number] = append(all[number], value)
		raw = raw[n:]
	}
	return all
}

func one(values [][]byte) []byte {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

func (c *collector) got() []span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.spans
}

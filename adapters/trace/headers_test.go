package trace_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/trace"
)

// Not parallel, as these set the environment.

func TestHeadersComeFromTheEnvironmentAndAreInNoLog(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hunter2, x-team=shop")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1") // the operator's file decides
	got := make(chan http.Header, 1)
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header
		http.Error(w, "unknown token", http.StatusUnauthorized)
	}))
	defer refuses.Close()
	var log bytes.Buffer
	tr := tracer(t, refuses.URL, 1, slog.New(slog.NewTextHandler(&log, nil)))
	_, end := tr.Start(t.Context(), "handle")
	end(nil)
	if _, err := finish(t, tr, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	header := <-got
	if header.Get("Authorization") != "Bearer hunter2" || header.Get("X-Team") != "shop" {
		t.Errorf("the collector was given %v", header)
	}
	if !strings.Contains(log.String(), "the collector takes no spans") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log: %s", log.String())
	}
}

func TestHeadersThatAreNoneAreRefusedWithoutRepeatingThem(t *testing.T) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		for value, entry := range map[string]string{
			"Bearer hunter2":                   "entry 1 ",
			"x-team=shop,hunter2":              "entry 2 ",
			"x-team=shop,":                     "entry 2 ",
			"=hunter2":                         "entry 1 ",
			"my token=hunter2":                 "entry 1 ",
			"größe=hunter2":                    "entry 1 ",
			"authorization=hunter2%":           "entry 1 ",
			"authorization=hunter2%0d%0aX:%20": "entry 1 ",
		} {
			t.Setenv(name, value)
			_, err := trace.New(trace.Config{Endpoint: "http://127.0.0.1:1", Log: quiet()})
			if err == nil || !strings.Contains(err.Error(), name+": "+entry) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s=%q gives %v", name, value, err)
			}
		}
		t.Setenv(name, "")
	}
}

package load

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sampleReport is of a minute with a hang of ten seconds in it.
func sampleReport() *Report {
	r := &Report{
		Begun: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Seconds: 60,
		Played:   Played{Rate: 1000, Concurrency: 512, Senders: 10_000, Channels: 25, Batch: 1, CPUs: 2},
		Messages: 60_000, Taken: 60_000, Answered: 59_998, Waiting: 2,
		Late:     Spread{Count: 60_000, P50: 0.05, P90: 0.11, P99: 0.9, P999: 2.2, Max: 3.3},
		Webhook:  Spread{Count: 60_000, P50: 1.234, P90: 4.5, P99: 12.34, P999: 101.4, Max: 1500},
		Answer:   Spread{Count: 59_998, P50: 3.1, P90: 9.87, P99: 9876, P999: 10_010, Max: 123_456},
		Disk:     Spread{Count: 1200, P50: 0.43, P90: 0.6, P99: 129, P999: 203, Max: 210},
		Statuses: map[string]int{"200": 74_000, "503": 12, "no answer in time": 3},
		Graph:    GraphCounts{Requests: 60_700, Accepted: 60_001, Failed: 600, Held: 99},
		Told:     StatusCounts{Told: 180_000, Webhooks: 14_000, Again: 1},
		Verdict:  Verdict{Lost: 2, Unsure: 3},
		ToolCPU:  6,
		Program: &Program{
			CPU: 30, Before: Sample{Memory: 12e6, Resident: 30e6, Goroutines: 15}, After: Sample{Memory: 40e6, Resident: 90e6, Goroutines: 17},
			Most: Sample{Memory: 55e6, Resident: 95e6, Goroutines: 700}, Growth: 3e6, Unsteady: []string{"memory: rose by 40.0 MB over the second half"},
		},
	}
	for i := range 60 {
		x := float64(i)
		w := Window{
			At: time.Duration(i+1) * time.Second, Took: time.Second, Sent: 1000, Answered: 1000,
			Webhook: Spread{Count: 1000, P50: 1.2 + math.Mod(x, 3)/10, P99: 9 + math.Mod(x*7, 5)},
			Answer:  Spread{Count: 1000, P50: 3 + math.Mod(x, 4)/10, P99: 20 + math.Mod(x*5, 9)},
			Sample:  &Sample{Memory: 30e6 + 20e6*x/60 + 4e6*math.Mod(x, 5)},
		}
		switch {
		case i >= 30 && i < 40:
			w.Answered, w.Answer = 0, Spread{}
		case i == 40:
			w.Answered, w.Answer = 11_000, Spread{Count: 11_000, P50: 5000, P99: 9900}
		case i == 50:
			w.Sample = nil
		}
		r.Timeline = append(r.Timeline, w)
	}
	return r
}

// golden holds what is printed against a file.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got), written anew with -update:\n%s", path, d)
	}
}

func TestTableGolden(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	r := sampleReport()
	if err := r.Table(&b, r.Missed(Bounds{WebhookP99: 10 * time.Millisecond, Steady: true})); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/table.txt", b.Bytes())
}

func TestPlotGolden(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sampleReport().Plot(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/plot.svg", b.Bytes())
}

func TestAPlotIsDrawnOfAnything(t *testing.T) {
	t.Parallel()
	long := sampleReport()
	for range 5 { // half an hour
		long.Timeline = append(long.Timeline, long.Timeline...)
	}
	for i := range long.Timeline {
		long.Timeline[i].At = time.Duration(i+1) * time.Second
	}
	nothing := *sampleReport()
	nothing.Timeline, nothing.Program = nil, nil
	short := *sampleReport()
	short.Timeline = short.Timeline[:1]
	for name, r := range map[string]*Report{"nothing": &nothing, "one second": &short, "half an hour": long} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := r.Plot(&b); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") || strings.Contains(b.String(), "<script") || b.Len() > 60_000 {
				t.Errorf("not to be shown, %d bytes:\n%.3000s", b.Len(), b.String())
			}
			for d := xml.NewDecoder(&b); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestThinnedKeepsTheWorstAndTheSums(t *testing.T) {
	t.Parallel()
	all := sampleReport().Timeline
	thin := thinned(all, 20)
	if len(thin) != 20 {
		t.Fatalf("%d windows", len(thin))
	}
	var sent int
	var worst float64
	for _, w := range thin {
		sent, worst = sent+w.Sent, max(worst, w.Answer.P99)
	}
	if sent != 60_000 || worst != 9900 || thin[0].Took != 3*time.Second {
		t.Errorf("%d sent, worst %g ms, the first of %s", sent, worst, thin[0].Took)
	}
}

func TestMissed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(r *Report)
		bounds Bounds
		want   []string
	}{
		{"nothing", func(*Report) {}, Bounds{WebhookP99: 20 * time.Millisecond, AnswerP99: 10 * time.Second, MemoryGrowth: 4e6}, nil},
		{"a bound of webhooks", func(*Report) {}, Bounds{WebhookP99: 12 * time.Millisecond}, []string{"the 99th percentile of webhooks is 12.3 ms, above 12ms"}},
		{"a bound of answers", func(*Report) {}, Bounds{AnswerP99: time.Second}, []string{"the 99th percentile of answers is 9.88 s, above 1s"}},
		{"a bound of memory", func(*Report) {}, Bounds{MemoryGrowth: 1e6}, []string{"memory grew by 3.0 MB, more than 1.0 MB"}},
		{"a program that is not flat", func(*Report) {}, Bounds{Steady: true}, []string{"not steady: memory: rose by 40.0 MB over the second half"}},
		{
			"a program that tells nothing", func(r *Report) { r.Program = nil },
			Bounds{Steady: true},
			[]string{"the program told nothing of its memory; is its ops_listen right?"},
		},
		{"answers doubled after an unknown result", func(r *Report) { r.Verdict.Unsure = 5 }, Bounds{}, nil},
		{"statuses that nobody took", func(r *Report) { r.Told.Untold = 1 }, Bounds{}, []string{"statuses that never got a 200: 1"}},
		{
			"everything",
			func(r *Report) {
				r.Answered, r.Graph.Wrong = 0, 1
				r.Verdict = Verdict{Lost: 1, Doubled: 2, Reordered: 1, Strayed: 1, Refused: 1000, Unheard: 1}
			},
			Bounds{},
			[]string{
				"no message was answered", "1 message got a 200 and no answer", "2 answers came twice",
				"1 answer came in another order than the messages", "1 answer came to another customer",
				"1,000 messages never got a 200", "1 answer to nothing that was sent", "1 request to the Graph API that it does not understand",
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := sampleReport()
			r.Verdict = Verdict{}
			c.change(r)
			if got := r.Missed(c.bounds); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		terminal bool
		want     string
	}{
		{"a line every ten seconds", false, "   10s   1,000 sent/s   1,000 answered/s  p99 webhook 13.0 ms, answer 28.0 ms  0 waiting\n" +
			"   20s   1,000 sent/s   1,000 answered/s  p99 webhook 13.0 ms, answer 28.0 ms  0 waiting\n"},
		{"one line that is written over", true, "\r\x1b[K    1s   1,000 sent/s   1,000 answered/s  p99 webhook 9.00 ms, answer 20.0 ms  0 waiting"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			p := NewProgress(&b, c.terminal)
			for _, w := range sampleReport().Timeline[:25] {
				p.Show(w)
			}
			if got := b.String(); !strings.HasPrefix(got, c.want) || c.terminal && strings.Contains(got, "\n") || !c.terminal && got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		ms(0.123): "0.12 ms", ms(12.34): "12.3 ms", ms(123.4): "123 ms", ms(1234): "1.23 s", ms(123_456): "123 s",
		thousands(0): "0", thousands(999): "999", thousands(1000): "1,000", thousands(-1_234_567): "-1,234,567",
		clock(90): "1m30s", clock(120): "2m", clock(3600): "1h", clock(0.4): "400ms", clock(0): "0s",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"frontdesk/adapters/load"
)

// loadReport is what load prints with -o json.
type loadReport struct {
	load.Report
	Missed []string `json:"missed"`
}

// underLoad runs load --self with the real program and gives its report and exit code.
func underLoad(t *testing.T, args ...string) (r loadReport, code int) {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, append([]string{"load", "--self", "-o", "json"}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("exit code %d, no report: %v\n%s", code, err, stderr.String())
	}
	return r, code
}

// TestLoad is the whole of it: load starts the program as it is released, plays
// both sides of WhatsApp, and finds that nothing is lost, doubled or out of order.
func TestLoad(t *testing.T) {
	t.Parallel()
	plot := filepath.Join(t.TempDir(), "load.svg")
	r, code := underLoad(t, "--rate", "50", "--senders", "20", "--duration", "2s", "--batch", "2", "--graph-delay", "5ms", "--plot", plot)
	if code != exitOK || len(r.Missed) > 0 {
		t.Errorf("exit code %d, missed %q", code, r.Missed)
	}
	if r.Messages != 100 || r.Taken != 100 || r.Answered != 100 || r.Answer.Count != 100 || r.Webhook.Count != 50 {
		t.Errorf("%d messages in %d webhooks, %d taken, %d answered", r.Messages, r.Webhook.Count, r.Taken, r.Answered)
	}
	diff(t, "verdict", load.Verdict{}, r.Verdict)
	diff(t, "statuses told", 300, r.Told.Told)
	if r.Disk.Count < 5 || r.Disk.P50 <= 0 {
		t.Errorf("flushes of the disk: %+v", r.Disk)
	}
	if r.Program == nil || r.Program.CPU <= 0 || r.Program.After.Memory <= 0 || r.Program.After.Goroutines <= 0 || r.ToolCPU <= 0 {
		t.Errorf("the program told %+v, the tool took %g s", r.Program, r.ToolCPU)
	}
	drawn, err := os.ReadFile(plot)
	if err != nil || !strings.HasPrefix(string(drawn), "<svg") {
		t.Errorf("the plot: %v, %.40s", err, drawn)
	}
}

// TestLoadInTrouble plays refusals and a hang: everything is answered all the same.
func TestLoadInTrouble(t *testing.T) {
	t.Parallel()
	r, code := underLoad(t, "--rate", "40", "--senders", "200", "--duration", "2s", "--graph-fail", "5%", "--graph-hang", "500ms@1s", "--retry")
	if code != exitOK || r.Answered != 80 || r.Graph.Failed == 0 || r.Graph.Held == 0 {
		t.Errorf("exit code %d, missed %q, %d of 80 answered, %+v", code, r.Missed, r.Answered, r.Graph)
	}
	diff(t, "verdict", load.Verdict{Unsure: r.Verdict.Unsure}, r.Verdict)
}

func TestLoadAsFastAsItGoes(t *testing.T) {
	t.Parallel()
	r, code := underLoad(t, "--rate", "0", "--concurrency", "4", "--duration", "500ms", "--channels", "3", "--statuses", "", "--max-answer-p99", "1us")
	if r.Messages < 4 || r.Answered != r.Messages || r.Told.Told != 0 || r.Played.Channels != 3 {
		t.Errorf("%d messages, %d answered, %d statuses, %d numbers", r.Messages, r.Answered, r.Told.Told, r.Played.Channels)
	}
	if code != exitFindings || len(r.Missed) != 1 || !strings.HasPrefix(r.Missed[0], "the 99th percentile of answers is") {
		t.Errorf("exit code %d, missed %q; want the bound that nobody keeps", code, r.Missed)
	}
}

func TestLoadEndsEarly(t *testing.T) {
	t.Parallel()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "load", "--self", "--rate", "50", "--duration", "1h")
	var out bytes.Buffer
	cmd.Stdout = &out
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stderr).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "under load: ") {
		t.Fatalf("%q, %v", line, err)
	}
	p := &program{t: t, client: http.DefaultClient, ops: firstMatch(t, line, `metrics: (http://.*)/metrics`)}
	p.eventually("an answer", func() bool {
		return regexp.MustCompile(`(?m)^frontdesk_messages_sent_total.* [1-9]`).MatchString(p.metrics())
	})
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if s := out.String(); !strings.Contains(s, "; stopped early\n") || !strings.HasSuffix(s, "\nok\n") {
		t.Errorf("it printed\n%s", s)
	}
}

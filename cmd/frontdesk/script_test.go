package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary the program itself when it is called frontdesk,
// so that the transcripts run the real main; it removes what the tests built.
func TestMain(m *testing.M) {
	testscript.Main(cleaning{m}, map[string]func(){"frontdesk": main})
}

type cleaning struct{ *testing.M }

func (c cleaning) Run() int {
	code := c.M.Run()
	if dir, err := buildFolder(); err == nil {
		_ = os.RemoveAll(dir) // a folder left in the temporary ones does no harm
	}
	return code
}

// TestScripts runs the transcripts in testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			// Under the race detector a program waits a second before it ends, for reports of others.
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "await": await, "signal": signalAll, "fetch": fetch,
			"seed": seed, "missed": missed, "spoil": spoil, "holds": holdsText,
		},
	})
}

// exits CODE PROGRAM ARG... runs a program that must end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// patience is far longer than anything here takes.
const patience = 30 * time.Second

// await FILE REGEXP [NAME] waits until the file holds what matches, and sets
// NAME to the first group. It is for what a program in the background prints.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: await FILE REGEXP [NAME]")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for {
		text, err := os.ReadFile(ts.MkAbs(args[0])) // not there yet: nothing printed yet
		if m := pattern.FindStringSubmatch(string(text)); m != nil {
			if len(args) == 3 {
				ts.Setenv(args[2], m[1])
			}
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			ts.Fatalf("%s never held %s: %v\n%s", args[0], args[1], err, text)
		}
	}
}

// signalAll NAME sends a signal to the programs in the background.
func signalAll(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "HUP": syscall.SIGHUP}
	if neg || len(args) != 1 || signals[args[0]] == nil {
		ts.Fatalf("usage: signal TERM|INT|HUP")
	}
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(signals[args[0]]))
	}
}

// fetch METHOD URL STATUS asks for a page, which is then stdout.
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fetch METHOD URL STATUS")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, args[0], args[1], nil)
	ts.Check(err)
	res, err := http.DefaultTransport.RoundTrip(req) // no redirect is followed
	ts.Check(err)
	defer res.Body.Close()
	if strconv.Itoa(res.StatusCode) != args[2] {
		ts.Fatalf("%s %s: %s, want %s", args[0], args[1], res.Status, args[2])
	}
	_, err = io.Copy(ts.Stdout(), res.Body)
	ts.Check(err)
}

func TestVersion(t *testing.T) {
	t.Parallel()
	setting := func(key, value string) debug.BuildSetting { return debug.BuildSetting{Key: key, Value: value} }
	for _, tt := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"a release", &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v0.1.0"}}, "frontdesk v0.1.0, go1.26"},
		{
			"a build of a changed tree",
			&debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
				setting("vcs.revision", "0123456789abcdef0123"), setting("vcs.modified", "true"),
			}},
			"frontdesk (devel), commit 0123456789ab with changes, go1.26",
		},
		{
			"a build of a clean tree", &debug.BuildInfo{GoVersion: "go1.26", Settings: []debug.BuildSetting{
				setting("vcs.revision", "0123"), setting("vcs.modified", "false"),
			}}, "frontdesk (devel), commit 0123, go1.26",
		},
		{"a build that tells nothing", nil, "frontdesk (unknown build)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := version(tt.info); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheDemosWhatsApp(t *testing.T) {
	t.Parallel()
	all := map[string]string{
		"WHATSAPP_PHONE_NUMBER_ID": "12", "WHATSAPP_ACCESS_TOKEN": " EAAG ", "WHATSAPP_APP_SECRET": "app", "WHATSAPP_VERIFY_TOKEN": "verify",
	}
	for _, tt := range []struct {
		name    string
		env     map[string]string
		printed bool
		says    string
		silent  string
	}{
		{"nothing in the environment", nil, true, "its replies are printed here", "missing"},
		{"everything in the environment", all, false, "through the WhatsApp number of the environment", "EAAG"},
		{"some of it", map[string]string{"WHATSAPP_ACCESS_TOKEN": "EAAG"}, true, "WHATSAPP_PHONE_NUMBER_ID, WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN", "EAAG"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ch, about := demoWhatsApp(func(name string) string { return tt.env[name] })
			if ch.printed != tt.printed || !strings.Contains(about, tt.says) || strings.Contains(about, tt.silent) {
				t.Errorf("printed %t: %s", ch.printed, about)
			}
			if _, _, err := newPlatforms([]channelConfig{ch}, io.Discard); err != nil {
				t.Error(err)
			}
			if !tt.printed && fmt.Sprint(string(ch.accessToken), ch.account) != "EAAG12" {
				t.Errorf("the values of the environment are not used: %s", ch.account)
			}
		})
	}
}

package load

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Child is a frontdesk in a process of its own.
type Child struct {
	Public string // where its webhooks are, "http://127.0.0.1:41234"
	Ops    string
	cmd    *exec.Cmd
	ended  chan error
	log    *os.File
}

const (
	startWithin = 30 * time.Second
	stopWithin  = 15 * time.Second // the program itself takes ten at most
)

// Start serves the kit with the program at path, on free ports, and returns when
// it listens. What it logs is in serve.log of the kit's folder. The caller stops it.
func (k *Kit) Start(ctx context.Context, path string) (*Child, error) {
	log, err := os.Create(filepath.Join(k.Dir, "serve.log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "serve", filepath.Join(k.Dir, FlowsFile), //nolint:gosec,noctx // this very program; it is stopped by Stop, after its last answers
		"--config", filepath.Join(k.Dir, ConfigFile), "--listen", "127.0.0.1:0", "--ops-listen", "127.0.0.1:0",
		"--data", filepath.Join(k.Dir, dataFolder), "--log-level", "warn")
	apart(cmd)
	cmd.Stderr = log
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting %s: %w", path, err), log.Close())
	}
	c := &Child{cmd: cmd, ended: make(chan error, 1), log: log}
	ready := make(chan struct{})
	go func() { // ends with the child, which Stop waits for
		c.listen(stdout, ready)
		c.ended <- cmd.Wait()
	}()
	select {
	case <-ready:
		return c, nil
	case err = <-c.ended:
		c.ended <- err
		err = fmt.Errorf("the program ended at once: %w\n%s", err, c.lastWords())
	case <-time.After(startWithin):
		err = fmt.Errorf("the program did not say within %s where it listens\n%s", startWithin, c.lastWords())
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, errors.Join(err, c.Stop())
}

// listen reads where everything is, and then on until the child ends.
func (c *Child) listen(stdout io.Reader, ready chan<- struct{}) {
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		what, where, _ := strings.Cut(lines.Text(), " ")
		switch where = strings.TrimSpace(where); what {
		case "inbox":
			c.Public = strings.TrimSuffix(where, "/inbox")
		case "ops": // the last that it says
			c.Ops = where
			close(ready)
		}
	}
}

// Stop asks the child to end and waits for it. It fails when the child did not
// end by itself, or not with 0. It is called once.
func (c *Child) Stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
	var err error
	select {
	case err = <-c.ended:
	case <-time.After(stopWithin):
		_ = c.cmd.Process.Kill()
		err = fmt.Errorf("it did not end within %s: %w", stopWithin, <-c.ended)
	}
	if err != nil {
		err = fmt.Errorf("stopping the program: %w\n%s", err, c.lastWords())
	}
	return errors.Join(err, c.log.Close())
}

// lastWords is the end of the child's log.
func (c *Child) lastWords() string {
	const most = 2000
	text, err := os.ReadFile(c.log.Name())
	if err != nil {
		return ""
	}
	return string(text[max(0, len(text)-most):])
}

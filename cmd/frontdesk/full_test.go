//go:build linux

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"frontdesk/adapters/meta/metatest"
)

// TestFull lets the disk fill up under load, and makes room again. Seen from
// outside: what got its 200 is not lost, what was refused is taken when it is sent
// again, and every answer comes once and in order, without a restart.
//
// The disk is full because the system allows the program no longer files, which
// needs no privileges and is told as a disk without room is.
func TestFull(t *testing.T) {
	t.Parallel()
	p := newProgram(t, echo(t), metatest.Options{Statuses: []string{"sent", "delivered"}})
	p.start()
	hook := p.public + "/webhooks/whatsapp"
	p.graph.SetCallback(hook)

	all := newCrowd(p, hook)
	p.eventually("some talk", func() bool { return all.taken.Load() >= 2*customers })
	p.allow(p.written() + 64<<10)
	p.eventually("a storm of refusals", func() bool { return all.refused.Load() >= 5*customers })
	all.gate.Lock() // nobody writes any more: the program must know of the full disk by itself, and when it is over
	for range 20 {
		if status, text := p.ready(); status != http.StatusServiceUnavailable || !strings.Contains(text, "the disk is full") {
			t.Errorf("on a full disk /readyz says %d %s", status, text)
		}
	}
	if words, _ := all.words.Load().(string); words != "the disk is full; send it again later\n" {
		t.Errorf("a refusal says %q", words)
	}
	if page := p.get("/inbox"); !strings.Contains(page, "Sign in") {
		t.Errorf("the inbox is not shown while the disk is full: %s", page)
	}

	p.allow(unix.RLIM_INFINITY)
	if status, text := p.ready(); status != http.StatusOK {
		t.Errorf("with room again /readyz says %d %s", status, text)
	}
	all.gate.Unlock()
	all.group.Wait()
	want := []string{"Say something."}
	for line := 1; line < lines; line++ {
		want = append(want, fmt.Sprintf("You said line %d", line), "Say something.")
	}
	for i := range customers {
		diff(t, fmt.Sprintf("customer %d", i), want, texts(p.sent("+"+customer(i).Phone, len(want))))
	}
	p.stop()
}

// TestBroken breaks the data file under the running program. It ends, so that
// whoever supervises it starts it again, and says what is wrong.
func TestBroken(t *testing.T) {
	t.Parallel()
	p := newProgram(t, echo(t), metatest.Options{})
	p.start()
	p.accept("whatsapp", metatest.WhatsApp(number).Text(customer(0), "wamid.1", time.Now(), "hello").Body())
	p.sent("+"+customer(0).Phone, 1)
	file, err := os.OpenFile(p.file(), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	garbage := []byte(strings.Repeat("garbage ", 512))
	for offset, end := int64(2*len(garbage)), int64(p.written()); offset < end; offset += int64(len(garbage)) {
		if _, err := file.WriteAt(garbage, offset); err != nil {
			t.Fatal(err)
		}
	}
	_, _, _ = p.ask(http.MethodPost, p.ops+"/-/reload") // which writes; it may end before it answers
	select {
	case err := <-p.exited:
		if err == nil {
			t.Error("the program ended as if all was well")
		}
	case <-time.After(30 * time.Second):
		t.Error("the program goes on and can write nothing")
	}
}

func (p *program) file() string { return filepath.Join(p.data(), "frontdesk.db") }

// written is how much of the data file was written so far, in bytes. The file
// itself is longer.
func (p *program) written() uint64 {
	p.t.Helper()
	var stat syscall.Stat_t
	if err := syscall.Stat(p.file(), &stat); err != nil {
		p.t.Fatal(err)
	}
	return uint64(stat.Blocks) * 512
}

// allow bounds how long the running program's files may become, in bytes.
func (p *program) allow(size uint64) {
	p.t.Helper()
	limit := unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}
	if err := unix.Prlimit(p.cmd.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		p.t.Fatalf("limiting the program's files: %v", err)
	}
}

// ready is what /readyz answers.
func (p *program) ready() (status int, text string) {
	p.t.Helper()
	status, text, err := p.ask(http.MethodGet, p.ops+"/readyz")
	if err != nil {
		p.t.Fatal(err)
	}
	return status, text
}

// ask sends a request without a body.
func (p *program) ask(method, url string) (status int, text string, err error) {
	req, err := http.NewRequestWithContext(p.t.Context(), method, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// The crowd says enough to fill a disk, and each so little that the answers need
// not be slowed down for the platform's sake.
const customers, lines = 12, 15

// crowd is customers who write one line after the other, each sent again and again
// until it gets its 200, as their platform does.
type crowd struct {
	group          sync.WaitGroup
	gate           sync.RWMutex // locked: nothing is delivered
	taken, refused atomic.Int64
	words          atomic.Value // string: the newest refusal
}

func newCrowd(p *program, hook string) *crowd {
	c := &crowd{}
	for i := range customers {
		c.group.Go(func() {
			for n := range lines {
				id := fmt.Sprintf("wamid.%d.%d", i, n)
				body := metatest.WhatsApp(number).Text(customer(i), id, time.Now(), fmt.Sprintf("line %d", n)).Body()
				for !c.deliver(p, hook, body) && p.t.Context().Err() == nil {
					select { // a platform waits for longer
					case <-time.After(10 * time.Millisecond):
					case <-p.t.Context().Done():
					}
				}
			}
		})
	}
	return c
}

// deliver sends a line once and reports whether it was taken.
func (c *crowd) deliver(p *program, hook string, body []byte) bool {
	c.gate.RLock()
	defer c.gate.RUnlock()
	switch status, words, err := metatest.SignedPost(p.t.Context(), http.DefaultClient, hook, secret, body); {
	case err != nil && p.t.Context().Err() == nil:
		p.t.Errorf("posting a webhook: %v", err)
	case status == http.StatusOK:
		c.taken.Add(1)
		return true
	case status == http.StatusServiceUnavailable:
		c.words.Store(words)
		c.refused.Add(1)
	default:
		p.t.Errorf("a webhook was answered with %d %s", status, words)
	}
	return false
}

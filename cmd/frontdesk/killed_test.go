package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

// kills is how often the program is killed: 30 times, or what `make crash` says.
func kills(t *testing.T) int {
	v := os.Getenv("FRONTDESK_TEST_KILLS")
	if v == "" {
		return 30
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatalf("FRONTDESK_TEST_KILLS: %v", err)
	}
	return n
}

// TestKilled kills the program with SIGKILL at random moments under load. Seen
// from outside: every message that got its 200 is answered after a restart,
// none twice, each customer's in order.
//
// The Graph server does as Meta does: it tells the statuses of what it took,
// again and again until it gets a 200. So the program can learn what became of
// the sends that a kill cut short.
func TestKilled(t *testing.T) {
	t.Parallel()
	const customers = 16
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	p := newProgram(t, echo(t), metatest.Options{
		Statuses: []string{"sent", "delivered"},
		Fail: func(n int, _ metatest.Request) *metatest.Fault {
			if n%3 == 0 { // slow at times, so that kills meet sends under way
				return &metatest.Fault{Delay: time.Duration(n%7) * time.Millisecond}
			}
			return nil
		},
	})
	p.start()
	hook := p.public + "/webhooks/whatsapp"
	p.graph.SetCallback(hook)

	// Each customer writes one line after the other, and its platform delivers
	// each until it gets a 200.
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var (
		group sync.WaitGroup
		lines [customers]int // that got their 200
	)
	for i := range lines {
		group.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id, text := fmt.Sprintf("wamid.%d.%d", i, n), fmt.Sprintf("line %d", n)
				body := metatest.WhatsApp(number).Text(customer(i), id, time.Now(), text).Body()
				for !delivered(t.Context(), hook, body) {
					wait(t, 5*time.Millisecond)
				}
				lines[i] = n + 1
			}
		})
	}
	for range kills(t) {
		wait(t, time.Duration(5+random.IntN(150))*time.Millisecond)
		p.kill()
		p.start()
	}
	wait(t, 200*time.Millisecond)
	stop()
	group.Wait()

	total := 0
	for i, n := range lines {
		want := []string{"Say something."}
		for line := 1; line < n; line++ {
			want = append(want, fmt.Sprintf("You said line %d", line), "Say something.")
		}
		diff(t, fmt.Sprintf("customer %d", i), want, texts(p.sent("+"+customer(i).Phone, len(want))))
		total += n
	}
	t.Logf("%d messages, %d kills", total, kills(t))
	p.stop()
	for i := range lines {
		for _, line := range p.transcript(phone(customer(i).Phone)) {
			if strings.HasPrefix(line, "bot queued") || strings.HasPrefix(line, "bot failed") {
				t.Errorf("customer %d: %q, though everything was answered", i, line)
			}
		}
	}
}

func customer(i int) metatest.Person { return person(fmt.Sprintf("44770090%04d", i)) }

// delivered posts a webhook once and reports whether it got its 200.
func delivered(ctx context.Context, hook string, body []byte) bool {
	status, _, err := metatest.SignedPost(ctx, http.DefaultClient, hook, secret, body)
	return err == nil && status == http.StatusOK || ctx.Err() != nil
}

// wait lets the load run for a while; there is nothing to wait for but time.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.Context().Done():
	}
}

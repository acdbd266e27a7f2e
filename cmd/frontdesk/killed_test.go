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
// the sends that a kill cut short. And nobody writes so much that the platform's
// bound on what one customer may be sent (45 at once) would slow the answers.
func TestKilled(t *testing.T) {
	t.Parallel()
	const (
		writers = 16 // at a time
		most    = 20 // lines of a customer; then the next one writes
	)
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
		lines [writers][]int // of each customer: lines that got their 200
	)
	for w := range lines {
		group.Go(func() {
			for ctx.Err() == nil {
				who, n := customer(w+writers*len(lines[w])), 0
				for n < most && ctx.Err() == nil {
					body := metatest.WhatsApp(number).Text(who, fmt.Sprintf("wamid.%s.%d", who.Phone, n), time.Now(), fmt.Sprintf("line %d", n)).Body()
					for !delivered(t.Context(), hook, body) {
						wait(t, 5*time.Millisecond)
					}
					n++
				}
				lines[w] = append(lines[w], n)
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

	total, customers := 0, 0
	for w, all := range lines {
		for i, n := range all {
			want := []string{"Say something."}
			for line := 1; line < n; line++ {
				want = append(want, fmt.Sprintf("You said line %d", line), "Say something.")
			}
			who := customer(w + writers*i)
			diff(t, "customer "+who.Phone, want, texts(p.sent("+"+who.Phone, len(want))))
			total += n
			customers++
		}
	}
	t.Logf("%d messages of %d customers, %d kills", total, customers, kills(t))
	p.stop()
	for w, all := range lines {
		who := customer(w + writers*(len(all)-1)) // the last one, who was cut short
		for _, line := range p.transcript(phone(who.Phone)) {
			if strings.HasPrefix(line, "bot queued") || strings.HasPrefix(line, "bot failed") {
				t.Errorf("customer %s: %q, though everything was answered", who.Phone, line)
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

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

// edition5 is a flow file whose every text tells its number: three questions,
// then the end. Odd ones have other states than even ones.
func edition5(n int) string {
	second := [2]string{"even", "odd"}[n%2]
	return fmt.Sprintf(`
version: 1
business: Versions
handoff: {words: [person please]}
flows:
  main:
    start: one
    states:
      one: {ask: a, say: "e%[1]d first?", go: %[2]s}
      %[2]s: {ask: b, say: "e%[1]d second?", go: three}
      three: {ask: c, say: "e%[1]d third?", go: bye}
      bye: {say: "e%[1]d bye {{ a }} {{ b }} {{ c }}", end: true}
`, n, second)
}

// TestReloadUnderLoad has customers talk while the flow file is swapped again and
// again, and the program is stopped and started in between. Whoever begins on a
// version is answered by it to the end, every message once, in order.
func TestReloadUnderLoad(t *testing.T) {
	t.Parallel()
	const customers, reloads, talks = 12, 12, 6
	path := filepath.Join(t.TempDir(), "flows.yaml")
	swap := func(n int) {
		t.Helper()
		if err := os.WriteFile(path, []byte(edition5(n)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	swap(0)
	p := newProgram(t, path, metatest.Options{})
	p.start()
	hook := p.public + "/webhooks/whatsapp"

	var group sync.WaitGroup
	var over atomic.Int32
	for i := range customers {
		group.Go(func() {
			defer over.Add(1)
			for n := range talks * 4 { // hi, three answers
				body := metatest.WhatsApp(number).Text(customer(i), fmt.Sprintf("wamid.v.%d.%d", i, n), time.Now(), fmt.Sprintf("c%d-%d", i, n)).Body()
				for !delivered(t.Context(), hook, body) { // while it restarts
					wait(t, 5*time.Millisecond)
				}
				wait(t, 15*time.Millisecond)
			}
		})
	}
	for n := 1; n <= reloads || over.Load() < customers; n++ {
		swap(n)
		p.reload(http.StatusOK)
		if n == reloads/2 { // a file with a fault changes nothing
			if err := os.WriteFile(path, []byte("version: 1\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.reload(http.StatusUnprocessableEntity)
			swap(n)
			p.stop()
			p.start()
		}
		wait(t, 40*time.Millisecond)
	}
	group.Wait()

	for i := range customers {
		got := texts(p.sent("+"+customer(i).Phone, talks*4))
		for talk := range talks {
			lines := got[talk*4 : talk*4+4]
			var edition int
			if _, err := fmt.Sscanf(lines[0], "e%d first?", &edition); err != nil {
				t.Fatalf("customer %d: talk %d begins with %q: %q", i, talk, lines[0], got)
			}
			n := talk * 4
			diff(t, fmt.Sprintf("customer %d, talk %d", i, talk), []string{
				fmt.Sprintf("e%d first?", edition), fmt.Sprintf("e%d second?", edition), fmt.Sprintf("e%d third?", edition),
				fmt.Sprintf("e%d bye c%d-%d c%d-%d c%d-%d", edition, i, n+1, i, n+2, i, n+3),
			}, lines)
		}
	}
	p.stop()
	diff(t, "messages in all", customers*talks*4, len(p.graph.Sent()))
}

// reload asks for the flows to be loaded again.
func (p *program) reload(want int) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.ops+"/-/reload", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		p.t.Fatal(err)
	}
	if resp.StatusCode != want {
		p.t.Fatalf("reload: %s, want %d", resp.Status, want)
	}
}

// TestPlanAndMoved walks what an owner does who renames a state: plan, load, and
// the customers who stood in it go on in the new one.
func TestPlanAndMoved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "flows.yaml")
	write := func(name, src string) string {
		t.Helper()
		at := filepath.Join(filepath.Dir(path), name)
		if err := os.WriteFile(at, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		return at
	}
	write("flows.yaml", edition5(0))
	p := newProgram(t, path, metatest.Options{})
	p.start()
	say := func(i, n int, text string) {
		t.Helper()
		p.accept("whatsapp", metatest.WhatsApp(number).Text(customer(i), fmt.Sprintf("wamid.p.%d.%d", i, n), time.Now(), text).Body())
	}
	for i := range 3 {
		say(i, 0, "hi")
	}
	say(2, 1, "answer") // stands in main.even
	p.sent("+"+customer(2).Phone, 2)

	moved := strings.Replace(edition5(1), "flows:", "moved: {main.even: main.odd}\nflows:", 1)
	next := write("next.yaml", moved)
	plan := p.run("plan", next, "--ops", strings.TrimPrefix(p.ops, "http://"))
	for _, want := range []string{
		"states: 1 new, 1 gone, 3 changed", "+ main.odd", "- main.even, moved to main.odd",
		"3 conversations running: 0 in unchanged states, 2 in changed, 1 in removed", "move to main.odd", "finish on version ",
	} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan does not say %q:\n%s", want, plan)
		}
	}
	var asJSON struct {
		Running []struct {
			State         string
			Conversations int
			Fate          string
		}
	}
	if err := json.Unmarshal([]byte(p.run("plan", next, "--ops", p.ops, "-o", "json")), &asJSON); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(asJSON.Running); got != "[{main.even 1 move} {main.one 2 finish}]" {
		t.Errorf("groups: %s", got)
	}

	write("flows.yaml", moved)
	p.reload(http.StatusOK)
	say(2, 2, "more")
	say(0, 1, "x")
	diff(t, "who was moved goes on in the new version", []string{"e0 first?", "e0 second?", "e1 third?"}, texts(p.sent("+"+customer(2).Phone, 3)))
	diff(t, "who was not finishes on the old", []string{"e0 first?", "e0 second?"}, texts(p.sent("+"+customer(0).Phone, 2)))
	if plan := p.run("plan", path, "--ops", p.ops); !strings.Contains(plan, "is running already") {
		t.Errorf("the plan of what is running:\n%s", plan)
	}
	p.stop()
}

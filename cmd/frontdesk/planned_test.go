package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

// One person answers three of five in a day, as each takes seven hours.
func TestTheProgramPlansItsLineAndForecasts(t *testing.T) {
	t.Parallel()
	file := t.TempDir() + "/slow.yaml"
	err := os.WriteFile(file, []byte(`
version: 1
business: Slow
queues:
  support: {handling: 7h, staff: 1}
handoff: {words: [person please]}
flows:
  main:
    start: wait
    states:
      wait: {say: Say something., ask: line, go: wait}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, file, metatest.Options{})
	p.signIn("ana")
	for i := range 5 {
		who := person(fmt.Sprintf("44770090012%d", i))
		p.accept("whatsapp", metatest.WhatsApp(number).Text(who, fmt.Sprint("wamid.", i), time.Now(), "person please").Body())
	}
	p.eventually("two who are put behind", func() bool {
		return strings.Count(p.get("/inbox"), ">Put behind, as not all can be answered in time") == 2
	})
	missed := regexp.MustCompile(`(?m)^frontdesk_windows_missed_forecast\{queue="support",staff="planned",within="24h"\} [12](\.|$)`)
	p.eventually("a forecast of those who will be missed", func() bool { return missed.MatchString(p.metrics()) })
}

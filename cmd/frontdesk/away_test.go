package main

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

// The platform is away while customers write. It is asked whether it is back, and
// nothing is sent to it meanwhile; then each gets the one answer.
func TestThePlatformIsAwayAndComesBack(t *testing.T) {
	t.Parallel()
	var back atomic.Bool
	away := func() *metatest.Fault {
		if back.Load() {
			return nil
		}
		return &metatest.Fault{Status: 503}
	}
	p := newProgram(t, echo(t), metatest.Options{Away: away, Fail: func(int, metatest.Request) *metatest.Fault { return away() }})
	p.start()
	phoneOf := func(i int) string { return fmt.Sprintf("44770090%04d", i) }
	write := func(i int) {
		p.accept("whatsapp", metatest.WhatsApp(number).Text(person(phoneOf(i)), fmt.Sprintf("wamid.%d", i), time.Now(), "hi").Body())
	}
	const early, late = 8, 6
	for i := range early {
		write(i)
	}
	p.eventually("a probe", func() bool { return p.graph.Probes() > 0 })
	tried := p.graph.Requests()
	for i := range late {
		write(early + i)
	}
	p.eventually("another probe", func() bool { return p.graph.Probes() > 1 })
	diff(t, "sent to a platform that is away", tried, p.graph.Requests())
	back.Store(true)
	for i := range early + late {
		diff(t, "what a customer got", []string{"Say something."}, texts(p.sent("+"+phoneOf(i), 1)))
	}
	p.stop()
	diff(t, "messages in all", early+late, len(p.graph.Sent()))
	diff(t, "tries in all", tried+early+late, p.graph.Requests())
}

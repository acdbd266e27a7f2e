package bot

import (
	"testing"
	"time"
)

func TestAHostIsShutAfterThreeInARow(t *testing.T) {
	t.Parallel()
	h := newHost()
	for range 100 { // now and then a send is lost: that is no hang
		h.failed(noon, noon)
		h.failed(noon, noon)
		h.answered(noon)
	}
	differ(t, "shut", false, h.shut)
	differ(t, "the first", false, h.failed(noon, noon))
	differ(t, "the second", false, h.failed(noon, noon))
	differ(t, "the third", true, h.failed(noon, noon))
	differ(t, "those that were under way shut nothing again", false, h.failed(noon, noon))
	n, again := h.free()
	differ(t, "free", 0, n)
	differ(t, "the first probe", noon.Add(time.Second), again)
}

func TestProbesComeLessAndLessOften(t *testing.T) {
	t.Parallel()
	h := newHost()
	for range shutAfter {
		h.failed(noon, noon)
	}
	var waits []time.Duration
	for range 7 {
		waits = append(waits, h.probeAt.Sub(noon))
		h.later(noon)
	}
	s := time.Second
	differ(t, "waits", []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 30 * s, 30 * s}, waits)
}

func TestAHostThatIsBackIsNotHitByAllAtOnce(t *testing.T) {
	t.Parallel()
	h := newHost()
	for range shutAfter {
		h.failed(noon, noon)
	}
	h.open(noon.Add(time.Second))
	var most []int
	for range 10 { // as many answers as there were sends at once
		most = append(most, h.most)
		for range h.most {
			h.answered(noon)
		}
	}
	differ(t, "sends at once", []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 256}, most)
}

func TestOneFaultShutsWhatWasOpenedForATry(t *testing.T) {
	t.Parallel()
	h := newHost()
	for range shutAfter {
		h.failed(noon, noon)
	}
	opened := noon.Add(time.Minute)
	h.open(opened)
	differ(t, "a send of before it says nothing new", false, h.failed(noon, opened))
	differ(t, "one of afterwards does", true, h.failed(opened, opened))
	differ(t, "and the waits go on growing", opened.Add(2*time.Second), h.probeAt)
	differ(t, "a late answer opens it", true, h.answered(opened))
	differ(t, "faults", 0, h.faults)
	h.failed(opened, opened)
	differ(t, "then it takes three again", false, h.shut)
}

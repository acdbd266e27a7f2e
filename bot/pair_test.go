package bot

import (
	"fmt"
	"testing"
	"time"
)

func TestACustomerIsSparedAndTheOthersAreNot(t *testing.T) {
	t.Parallel()
	p := newPairs(Pace{Pair: 6 * time.Second, PairBurst: 45})
	for range 45 {
		if next := p.next("a", noon); next.After(noon) {
			t.Fatalf("within the burst the next may go at %v", next)
		}
		p.take("a", noon)
	}
	differ(t, "after the burst", noon.Add(6*time.Second), p.next("a", noon))
	if next := p.next("b", noon); next.After(noon) {
		t.Errorf("another customer is held until %v", next)
	}
	p.empty("b", noon)
	differ(t, "after the platform called it too many", noon.Add(6*time.Second), p.next("b", noon))
}

func TestWithoutAPairRateNobodyIsRemembered(t *testing.T) {
	t.Parallel()
	p := newPairs(Pace{})
	p.take("a", noon)
	p.empty("a", noon)
	differ(t, "next", noon, p.next("a", noon))
	differ(t, "remembered", 0, len(p.full))
}

// A hundred thousand messages, one customer after the other: who was written to once is forgotten
// after six seconds, and who got all of a burst after 270.
func TestOnlyWhoWasWrittenToAMomentAgoIsRemembered(t *testing.T) {
	t.Parallel()
	const rate = 80
	for burst, most := range map[int]int{1: 2*6*rate + 1, 45: (270+6)*rate/45 + 2} {
		p := newPairs(Pace{Pair: 6 * time.Second, PairBurst: 45})
		worst := 0
		for i := range 100_000 / burst {
			now := noon.Add(time.Duration(i*burst) * time.Second / rate)
			for range burst {
				p.take(fmt.Sprint(i), now)
			}
			worst = max(worst, len(p.full))
		}
		if worst > most {
			t.Errorf("with %d messages each, %d customers are remembered, want at most %d", burst, worst, most)
		}
	}
}

func TestAClockThatGoesBackIsForgotten(t *testing.T) {
	t.Parallel()
	p := newPairs(Pace{Pair: 6 * time.Second, PairBurst: 45})
	p.empty("a", noon)
	back := noon.Add(-3 * time.Hour)
	differ(t, "next", back.Add(6*time.Second), p.next("a", back))
	p.take("a", back)
	differ(t, "after the next", back.Add(6*time.Second), p.next("a", back))
}

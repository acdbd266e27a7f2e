package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
)

// TestManyWindowsThatCloseTogetherAreSpread: what is said because windows close goes
// out as fast as the platform takes it and no faster, behind whoever waits for an
// answer, once to each, and all of it while it is allowed.
func TestManyWindowsThatCloseTogetherAreSpread(t *testing.T) {
	t.Parallel()
	const customers, rate = 300, 5
	set, findings := flows.Parse("office.yaml", []byte(officeFlows))
	if set == nil {
		t.Fatal(findings)
	}
	synctest.Test(t, func(t *testing.T) {
		limits := metaLike()
		limits.Pace = bot.Pace{Rate: rate, Burst: rate}
		d := &desk{t: t, path: t.TempDir() + "/frontdesk.db", set: set, far: &far{name: "phone", limits: limits}, shop: &shopSystem{}}
		var sent []bot.Outgoing
		var at []time.Time
		d.far.answer = func(_ int, o bot.Outgoing) error {
			sent, at = append(sent, o), append(at, time.Now())
			return nil
		}
		d.start()
		defer func() { d.stop() }()
		time.Sleep(12 * time.Hour) // it is Saturday noon, and nobody comes before Monday
		opened := time.Now()
		for i := range customers {
			in := d.message(fmt.Sprint(4917000+i), "hi")
			d.handle(in)
		}
		time.Sleep(5 * time.Hour) // people go home, and the bot with what it has not finished
		synctest.Wait()
		sent, at = nil, nil
		begun := opened.Add(18 * time.Hour) // six hours before the close
		time.Sleep(time.Until(begun.Add(5 * time.Second)))
		d.says("4916999", "stop") // somebody else writes meanwhile
		asked := time.Now()
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		rungs, answered := 0, time.Time{}
		to := map[string]int{}
		for i, o := range sent {
			switch {
			case strings.HasPrefix(o.Message.Text, "Rung"):
				rungs++
				to[o.To[0].Value]++
			case o.To[0].Value == "4916999" && answered.IsZero():
				answered = at[i]
			}
			if at[i].After(opened.Add(24 * time.Hour)) {
				t.Errorf("%q went out %v after the window had closed", o.Message.Text, at[i].Sub(opened)-24*time.Hour)
			}
		}
		if rungs != customers || len(to) != customers {
			t.Errorf("%d rungs were sent to %d customers, want one to each of %d", rungs, len(to), customers)
		}
		const most = 10*rate + rate // in ten seconds, with those that may go at once
		for i := most; i < len(at); i++ {
			if gap := at[i].Sub(at[i-most]); gap < 9900*time.Millisecond {
				t.Fatalf("%d messages went out within %v", most+1, gap)
			}
		}
		if last := at[len(at)-1].Sub(begun); last < (customers/rate-5)*time.Second {
			t.Errorf("all went out within %v", last)
		}
		if wait := answered.Sub(asked); answered.IsZero() || wait > 2*time.Second {
			t.Errorf("who wrote meanwhile was answered after %v", wait)
		}
	})
}

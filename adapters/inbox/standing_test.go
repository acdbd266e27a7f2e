package inbox

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/handoff"
)

func TestAConversationSaysWhyItStandsWhereItDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(14*time.Hour + 5*time.Minute)
		d := newDesk(t, nil)
		now := time.Now().UTC()
		d.putSamples(now)
		soon := waiting("cjo")
		soon.channel, soon.ticket.PromisedBy = "whatsapp", time.Time{}
		soon.ticket.AnswerBy, soon.ticket.Handling = now.Add(2*time.Hour), 6*time.Minute
		d.put(soon)
		b := d.signedIn("ana")
		b.cookies["frontdesk_zone"] = "Europe%2FBerlin"

		const says = "Answer by 17:05, takes about 6 min: 114 min left"
		list, talk, _ := strings.Cut(text(t, b.get("/inbox/c/cjo")), "<main")
		wantText(t, talk, `Its place in line: </span>`+says, `People there until 17:05 <span class="chip hour" title="People of support are there in time to answer until`)
		_, row, _ := strings.Cut(list, `id="row-cjo"`)
		row, _, _ = strings.Cut(row, "</li>")
		wantText(t, row, `<span class="standing" title="`+says+`">`+says+`</span>`, `data-past="nobody">2 h</span>`)

		time.Sleep(2 * time.Hour)
		_, talk, _ = strings.Cut(text(t, b.get("/inbox/c/cjo")), "<main")
		wantText(t, talk, "Answer by 17:05, takes about 6 min: overdue, window until Sun 15:05")
		notText(t, talk, `id="staffed"`)
	})
}

func TestPeopleWhoStayUntilTheWindowClosesAreNotMentioned(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	v := viewer{now: now, zone: time.UTC}
	for _, c := range []struct {
		name       string
		by, closes time.Time
		want       bool
	}{
		{"they leave before", now.Add(time.Hour), now.Add(2 * time.Hour), true},
		{"they leave, and there is no window", now.Add(time.Hour), time.Time{}, true},
		{"they stay", now.Add(2 * time.Hour), now.Add(2 * time.Hour), false},
		{"they have left", now, now.Add(2 * time.Hour), false},
		{"nothing is known of them", time.Time{}, now.Add(2 * time.Hour), false},
	} {
		if got := v.staffed(handoff.Ticket{AnswerBy: c.by}, c.closes) != nil; got != c.want {
			t.Errorf("%s: mentioned %t", c.name, got)
		}
	}
}

func TestAMomentIsAsShortAsItIsClear(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	for at, want := range map[time.Time]string{
		now.Add(time.Hour):          "16:00",
		now.Add(10 * time.Hour):     "Tue 01:00",
		now.Add(-24 * time.Hour):    "Sun 15:00",
		now.Add(7 * 24 * time.Hour): "30 Nov 15:00",
	} {
		if got := (viewer{now: now, zone: time.FixedZone("here", 3600)}).moment(at); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
	if got := (viewer{now: now, zone: time.UTC}).moment(now); got != "14:00 UTC" {
		t.Errorf("in no known zone: %q", got)
	}
}

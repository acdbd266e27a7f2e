package inbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// On a page that was granted the feature a person answers for seven days. The
// inbox says until when, and from the second day on how the answer is marked.
func TestAPersonAnswersForAWeekAndSeesThatItIsMarked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		channel string
		age     time.Duration
		chip    string
		marked  bool
		shut    bool
	}{
		{"within a day it is not", "page", 23 * time.Hour, "6 d", false, false},
		{"after a day it is", "page", 24 * time.Hour, "6 d", true, false},
		{"to the end of the week", "page", 7*24*time.Hour - 90*time.Second, "1 min", true, false},
		{"after that there is no answer", "page", 7 * 24 * time.Hour, "closed", false, true},
		{"a page without the feature has a day", "messenger", 24 * time.Hour, "closed", false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, nil)
				now := time.Now().UTC()
				d.put(sample{
					"c1", "Mara Test", tt.channel, handoff.Assigned,
					handoff.Ticket{Queue: "support", Reason: string(flows.ReasonAsked), OpenedAt: now.Add(-tt.age), Agent: "ana", ClaimedAt: now, FirstReplyAt: now},
					[]bot.Message{said(now.Add(-tt.age), "Where is my parcel?")},
				})
				b := d.signedIn("ana")
				page := text(t, b.get("/inbox/c/c1"))
				_, head, _ := strings.Cut(page, `id="window"`)
				wantText(t, head, ">"+tt.chip)
				if got := strings.Contains(page, `id="marked"`); got != tt.marked {
					t.Errorf("marked %t, want %t", got, tt.marked)
				}
				answer := b.post("/inbox/c/c1/reply", url.Values{"text": {"It is on its way."}, "nonce": {"n"}})
				if want := map[bool]int{false: http.StatusSeeOther, true: http.StatusUnprocessableEntity}[tt.shut]; answer.StatusCode != want {
					t.Errorf("the answer gives %d, want %d", answer.StatusCode, want)
				}
				if tt.shut {
					return
				}
				lines, err := d.store.Transcript(t.Context(), "c1", 1, 10)
				if err != nil || len(lines) != 1 || lines[0].Hand.By() != "ana" {
					t.Errorf("stored %+v, %v", lines, err)
				}
			})
		})
	}
}

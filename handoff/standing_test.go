package handoff

import (
	"testing"
	"time"
)

func TestStanding(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 3600))
	in := func(d time.Duration) time.Time { return noon.Add(d).UTC() }
	for _, tt := range []struct {
		name   string
		ticket Ticket
		want   string
	}{
		{"a window", Ticket{WindowCloses: in(140 * time.Minute), Handling: 6 * time.Minute}, "answer by 14:20, takes about 6 min: 2 h left"},
		{"a window that is near", Ticket{WindowCloses: in(18 * time.Minute), Handling: 6 * time.Minute}, "answer by 12:18, takes about 6 min: 12 min left"},
		{"a window of tomorrow", Ticket{WindowCloses: in(20 * time.Hour)}, "answer by Tue 08:00: 20 h left"},
		{"a window of next week", Ticket{WindowCloses: in(8 * 24 * time.Hour)}, "answer by 1 Dec 12:00: 8 days left"},
		{"the effective deadline", Ticket{WindowCloses: in(20 * time.Hour), AnswerBy: in(time.Hour)}, "answer by 13:00: 60 min left"},
		{"the effective deadline has passed", Ticket{WindowCloses: in(2 * time.Hour), AnswerBy: in(-time.Hour), Handling: time.Minute}, "answer by 11:00, takes about 1 min: overdue, window until 14:00"},
		{"it costs as much as any", Ticket{WindowCloses: in(20 * time.Hour), Weight: 1}, "answer by Tue 08:00: 20 h left"},
		{"it costs more", Ticket{WindowCloses: in(20 * time.Hour), Weight: 2}, "answer by Tue 08:00: 20 h left; missing it costs more than most"},
		{"a promise", Ticket{OpenedAt: noon, PromisedBy: in(15 * time.Minute)}, "promised for 12:15"},
		{"a promise and a far window", Ticket{PromisedBy: in(15 * time.Minute), WindowCloses: in(20 * time.Hour)}, "promised for 12:15, window until Tue 08:00"},
		{"a broken promise", Ticket{PromisedBy: in(-15 * time.Minute), OpenedAt: in(-30 * time.Minute)}, "has waited 30 min"},
		{"neither", Ticket{OpenedAt: in(-4 * time.Hour)}, "has waited 4 h"},
		{"it has just come", Ticket{OpenedAt: in(-time.Second)}, "has waited less than a minute"},
		{"its window closed", Ticket{WindowCloses: in(-time.Hour)}, "its window closed at 11:00"},
		{"its window closed long ago", Ticket{WindowCloses: in(-50 * time.Hour), OpenedAt: in(-74 * time.Hour)}, "its window closed at Sat 10:00; has waited 3 days"},
		{"its window closes too soon", Ticket{WindowCloses: in(5 * time.Minute), Handling: 6 * time.Minute}, "its window closes at 12:05, too soon for about 6 min"},
		{
			"put behind",
			Ticket{WindowCloses: in(2 * time.Hour), Handling: 20 * time.Minute, Place: Place{Class: Behind}},
			"put behind, as not all can be answered in time; answer by 14:00, takes about 20 min: 100 min left",
		},
		{"put behind without a window", Ticket{OpenedAt: in(-time.Hour), Place: Place{Class: Behind}}, "put behind, as not all can be answered in time; has waited 60 min"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.ticket.Standing(noon); got != tt.want {
				t.Errorf("Standing = %q, want %q", got, tt.want)
			}
		})
	}
}

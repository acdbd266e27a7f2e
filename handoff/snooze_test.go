package handoff

import (
	"errors"
	"testing"
	"time"
)

func TestSnooze(t *testing.T) {
	t.Parallel()
	due := waiting()
	due.WindowCloses, due.AnswerBy, due.Handling = at(60), at(40), 5*time.Minute
	late := due
	late.WindowCloses, late.AnswerBy = at(4), at(3)
	for _, tt := range []struct {
		name     string
		ticket   Ticket
		until    time.Time
		answered bool
		sure     bool
		err      error
	}{
		{"a moment", waiting(), at(20), false, false, nil},
		{"until the customer writes, where no window closes", waiting(), time.Time{}, false, false, nil},
		{"one's own", claimed("ana"), at(20), false, false, nil},
		{"a colleague's", claimed("ben"), at(20), false, false, &TakenError{"ben"}},
		{"a closed one", closed(), at(20), false, false, ErrResolved},
		{"now", waiting(), at(5), false, true, ErrPast},
		{"as late as can be", due, at(40), false, false, nil},
		{"too late", due, at(41), false, false, &DeadlineError{}},
		{"too late, although it was answered", due, at(41), true, false, &DeadlineError{}},
		{"too late, and meant so", due, at(41), false, true, nil},
		{"until the customer writes, who waits for an answer", due, time.Time{}, false, false, &DeadlineError{}},
		{"until the customer writes, who has one", due, time.Time{}, true, false, nil},
		{"when it is too late already", late, at(41), false, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.ticket.Snooze("ana", tt.until, at(5), tt.answered, tt.sure)
			if by, ok := errors.AsType[*DeadlineError](err); ok {
				if _, wanted := errors.AsType[*DeadlineError](tt.err); !wanted || !by.By.Equal(at(40)) {
					t.Errorf("error %v, want %v", err, tt.err)
				}
			} else {
				sameError(t, err, tt.err)
			}
			if got.Asleep != (tt.err == nil) || !got.WakeAt.Equal(tt.until) && tt.err == nil {
				t.Errorf("asleep %t until %v", got.Asleep, got.WakeAt)
			}
		})
	}
}

func TestASnoozedTicketIsJudgedAgainWhenItWakes(t *testing.T) {
	t.Parallel()
	ticket := waiting()
	ticket.WindowCloses, ticket.Asleep, ticket.WakeAt = at(600), true, at(20)
	if got := ticket.Stand(noon); !got.Next.Equal(at(20)) {
		t.Errorf("judged again at %v", got.Next)
	}
	if ticket.Rises(at(19)) || !ticket.Rises(at(20)) {
		t.Error("it does not rise at its moment")
	}
	awake := ticket.Wake()
	ticket.WakeAt = at(900)
	if got, want := ticket.Stand(noon), awake.Stand(noon); got != want {
		t.Errorf("its place is %+v, want %+v", got, want)
	}
	if ticket.WakeAt = (time.Time{}); ticket.Rises(at(9000)) {
		t.Error("what waits for the customer rises by itself")
	}
	if got, want := ticket.Standing(noon), "snoozed until the customer writes"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

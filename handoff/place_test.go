package handoff

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestStand(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return at(60 * n) }
	six := func(t Ticket) Ticket { t.Handling = 6 * time.Minute; return t }
	for _, tt := range []struct {
		name   string
		ticket Ticket
		now    time.Time
		want   Place
	}{
		{"a window that is far goes by the last moment to begin", six(Ticket{WindowCloses: hour(24)}), hour(1), Place{Later, at(1434), at(1194)}},
		{"the effective deadline counts before the window", six(Ticket{WindowCloses: hour(24), AnswerBy: hour(9)}), hour(1), Place{Later, at(534), at(294)}},
		{"a promise that can be kept moves a far window forward", six(Ticket{WindowCloses: hour(24), PromisedBy: at(75)}), hour(1), Place{Later, at(74), at(74)}},
		{"a promise that was kept does not", six(Ticket{WindowCloses: hour(24), PromisedBy: at(75), FirstReplyAt: at(61)}), hour(1), Place{Later, at(1434), at(1194)}},
		{"a promise that cannot be kept any more does not", six(Ticket{WindowCloses: hour(24), PromisedBy: at(75)}), at(74), Place{Later, at(1434), at(1194)}},
		{"a window that is near goes before every promise", six(Ticket{WindowCloses: hour(4), PromisedBy: at(75)}), hour(1), Place{Soon, at(234), at(234)}},
		{"the effective deadline has passed and the window has not", six(Ticket{WindowCloses: hour(4), AnswerBy: hour(3)}), hour(3), Place{Soon, at(174), at(234)}},
		{"one nanosecond before it is too late", six(Ticket{WindowCloses: hour(4)}), at(234).Add(-1), Place{Soon, at(234), at(234)}},
		{"too late goes behind, as it came", six(Ticket{OpenedAt: at(5), WindowCloses: hour(4)}), at(234), Place{Lost, at(5), hour(52)}},
		{"who has waited two days since it was missed comes first", six(Ticket{OpenedAt: at(5), WindowCloses: hour(4)}), hour(52), Place{Soon, hour(52), time.Time{}}},
		{"without a window the promise counts", six(Ticket{OpenedAt: hour(1), PromisedBy: at(75)}), hour(1), Place{Soon, at(74), at(74)}},
		{"without a window a promise that is far has time", six(Ticket{OpenedAt: hour(1), PromisedBy: hour(8)}), hour(1), Place{Later, at(479), at(239)}},
		{"without a window or a promise the floor counts", six(Ticket{OpenedAt: hour(1)}), hour(1), Place{Later, at(2934), at(2694)}},
		{"whoever waited till the floor comes first", six(Ticket{OpenedAt: hour(1)}), hour(60), Place{Soon, at(2934), time.Time{}}},
		{"weight moves forward by five minutes a step", Ticket{WindowCloses: hour(4), Weight: 2}, hour(1), Place{Soon, at(230), hour(4)}},
		{"more weight than three is three", Ticket{WindowCloses: hour(4), Weight: 99}, hour(1), Place{Soon, at(225), hour(4)}},
		{"what was put behind stays there", six(Ticket{WindowCloses: hour(4), Place: Place{Class: Behind}}), hour(1), Place{Behind, at(234), at(234)}},
		{"what was put behind is lost as any other", six(Ticket{WindowCloses: hour(4), Place: Place{Class: Behind}}), at(234), Place{Lost, time.Time{}, hour(52)}},
		{"what was put behind without a window stays there until the floor", six(Ticket{OpenedAt: hour(1), Place: Place{Class: Behind}}), hour(60), Place{Soon, at(2934), time.Time{}}},
		{"what was put behind and claimed is behind no more", six(Ticket{WindowCloses: hour(4), Agent: "ana", Place: Place{Class: Behind}}), hour(1), Place{Soon, at(234), at(234)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.ticket.Stand(tt.now); !samePlace(got, tt.want) {
				t.Errorf("Stand = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestAPlannerPutsBehindAndCallsBack(t *testing.T) {
	t.Parallel()
	ticket := Ticket{WindowCloses: at(600)}
	ticket.Place = ticket.PutBehind(at(0))
	if ticket.Place.Class != Behind || ticket.Stand(at(100)).Class != Behind {
		t.Errorf("put behind, it stands at %+v", ticket.Place)
	}
	if got := ticket.CallBack(at(0)); got.Class != Later {
		t.Errorf("called back, it stands at %+v", got)
	}
}

func TestAPlaceHoldsUntilItsNextMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ticket, now := drawTicket(t, "x"), at(rapid.IntRange(0, 4000).Draw(t, "now"))
		p := ticket.Stand(now)
		end := now.Add(30 * 24 * time.Hour)
		if !p.Next.IsZero() {
			if end = p.Next; !now.Before(end) {
				t.Fatalf("Next is not to come: %+v at %v", p, now)
			}
			if samePlace(ticket.Stand(end), p) {
				t.Fatalf("nothing changed at Next: %+v", p)
			}
		}
		between := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "later")))
		if got := ticket.Stand(between); !samePlace(got, p) {
			t.Fatalf("at %v it stands at %+v, and at %v at %+v", now, p, between, got)
		}
	})
}

func TestALineHasOneOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := at(rapid.IntRange(0, 4000).Draw(t, "now"))
		var three []Ticket
		for _, id := range []string{"a", "b", "c"} {
			ticket := drawTicket(t, id)
			ticket.Place = ticket.Stand(now)
			three = append(three, ticket)
		}
		for _, x := range three {
			for _, y := range three {
				if c := Compare(x, y); c != -Compare(y, x) || (c == 0) != (x.ID == y.ID) {
					t.Fatalf("%+v and %+v: %d", x, y, c)
				}
			}
		}
		slices.SortFunc(three, Compare)
		if Compare(three[0], three[2]) >= 0 {
			t.Fatalf("sorted, the first is not before the last: %+v", three)
		}
	})
}

func TestWhatIsLostDoesNotGoBeforeWhatCanBeMet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := at(rapid.IntRange(0, 4000).Draw(t, "now"))
		a, b := drawTicket(t, "a"), drawTicket(t, "b")
		a.Place, b.Place = a.Stand(now), b.Stand(now)
		hopeless := b.hasWindow() && b.lostAt(now) && now.Before(b.limit().Add(Floor))
		if hopeless && !a.lostAt(now) && Compare(a, b) > 0 {
			t.Fatalf("%+v stands behind %+v", a, b)
		}
	})
}

// However long the line is, it gets no longer in front of a ticket that has come
// to the floor: whoever is handed over from then on, with time to be answered,
// stands behind it.
func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		old, young := drawTicket(t, "old"), drawTicket(t, "young")
		floor := old.OpenedAt.Add(Floor)
		if old.hasWindow() {
			floor = old.limit().Add(Floor)
		}
		now := floor.Add(steps*step + time.Duration(rapid.IntRange(0, 5000).Draw(t, "minutes after"))*time.Minute)
		shift := now.Sub(young.OpenedAt)
		young.OpenedAt = now
		for _, moment := range []*time.Time{&young.WindowCloses, &young.AnswerBy, &young.PromisedBy} {
			if !moment.IsZero() {
				*moment = moment.Add(shift + young.Handling + firstWords)
			}
		}
		old.Place, young.Place = old.Stand(now), young.Stand(now)
		if Compare(old, young) > 0 {
			t.Fatalf("at %v\n%+v stands behind\n%+v", now, old, young)
		}
	})
}

// drawTicket draws one whose times are not before its opening.
func drawTicket(t *rapid.T, id string) Ticket {
	opened := rapid.IntRange(0, 1000).Draw(t, "opened")
	later := func(what string, most int) time.Time {
		if !rapid.Bool().Draw(t, "has "+what) {
			return time.Time{}
		}
		return at(opened + rapid.IntRange(0, most).Draw(t, what))
	}
	ticket := Ticket{
		ID: id, OpenedAt: at(opened), PromisedBy: later("promise", 600), WindowCloses: later("window", 2000), AnswerBy: later("deadline", 2000),
		Handling: time.Duration(rapid.IntRange(0, 60).Draw(t, "handling")) * time.Minute, Weight: rapid.IntRange(-1, 5).Draw(t, "weight"),
	}
	if rapid.IntRange(0, 4).Draw(t, "put behind") == 0 {
		ticket.Place.Class = Behind
	}
	return ticket
}

func samePlace(a, b Place) bool {
	return a.Class == b.Class && a.At.Equal(b.At) && a.Next.Equal(b.Next)
}

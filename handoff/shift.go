package handoff

import "time"

// Shift is a time in which people are on duty.
type Shift struct {
	From, To time.Time
	People   int
}

// Package hours knows when a business is open: a week of spans of the wall
// clock in the business's time zone, with days that are closed or different.
//
// It is pure: no I/O, no clock, no state. The moment is always an argument, and
// the time zone comes from the caller, who also brings the zone data. It reads
// the small pieces that a shop owner writes ("mon-fri", "09:00-12:30",
// "12-25"), not the file they stand in; its errors are sentences with a mend,
// made to be shown to that owner.
package hours

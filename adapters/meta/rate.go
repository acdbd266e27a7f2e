package meta

import "fmt"

// MostRate is in messages a second, above every throughput that Meta grants.
const MostRate = 5000

// CheckRate reports that a channel cannot send at this many messages a second;
// usual is what it does when nothing is said.
func CheckRate(rate, usual int) error {
	if rate < 1 || rate > MostRate {
		return fmt.Errorf("rate: %d is not 1 to %d messages a second; leave it out for %d", rate, MostRate, usual)
	}
	return nil
}

// Burst is how many messages may go at once at a rate: a tenth of a second's, as
// what goes at once counts within the second like the others.
func Burst(rate int) int { return max(rate/10, 1) }

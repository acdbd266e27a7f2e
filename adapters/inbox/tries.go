package inbox

import (
	"time"

	"frontdesk/adapters/page"
)

const (
	// Ten tries at once for one name from one place, then one every six seconds:
	// nothing to somebody who mistyped.
	pairTries, pairEvery = 10, 6 * time.Second
	// Whoever tries many names from one place is slowed down, an office of people
	// behind one address is not.
	addressTries, addressEvery = 60, time.Second
	// Whoever tries one name from many places is slowed down, to 86,400 guesses a
	// day against 100 bits. It takes many places to keep its owner out with it.
	nameTries, nameEvery = 300, time.Second
	// keysMax bounds the memory of each limiter to a few megabytes.
	keysMax = 10_000
)

// tries limits how often somebody may try to sign in.
type tries struct{ byPair, byAddress, byName *page.Limiter }

func newTries() tries {
	return tries{
		byPair:    page.NewLimiter(pairEvery, pairTries, keysMax),
		byAddress: page.NewLimiter(addressEvery, addressTries, keysMax),
		byName:    page.NewLimiter(nameEvery, nameTries, keysMax),
	}
}

// take counts a try. The order matters: the address first, so that nobody can
// push the others' pairs out of memory with made-up names; the name last, so
// that one place uses up no more of a name's tries than the pair has.
func (t tries) take(address, name string, now time.Time) (wait time.Duration, ok bool) {
	name = name[:min(len(name), nameMax)]
	if wait, ok = t.byAddress.Take(address, now); !ok {
		return wait, false
	}
	if wait, ok = t.byPair.Take(address+"\x00"+name, now); !ok {
		return wait, false
	}
	return t.byName.Take(name, now)
}

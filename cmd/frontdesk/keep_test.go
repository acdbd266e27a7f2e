package main

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"time"

	"frontdesk/bot"
)

// describeKeep says for how long things are kept where that is not the default.
func describeKeep(b *bytes.Buffer, r bot.Retention) {
	days := func(d time.Duration) string {
		if d == 0 {
			return forever
		}
		return inDays(d)
	}
	one := func(of string, k bot.Keep) {
		fmt.Fprintf(b, "keep %s: messages %s, conversations %s, events %s, misses %s\n", of, days(k.Messages), days(k.Conversations), days(k.Events), days(k.Misses))
	}
	if r.Keep != defaultRetention().Keep {
		one("everything", r.Keep)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Channels)) {
		one(name, r.Channels[name])
	}
	if r.Costs != costsKept {
		fmt.Fprintf(b, "keep costs: %s\n", days(r.Costs))
	}
	if r.Audit != 0 {
		fmt.Fprintf(b, "keep audit: %s\n", days(r.Audit))
	}
}

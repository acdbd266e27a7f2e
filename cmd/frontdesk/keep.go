package main

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"frontdesk/bot"
	"frontdesk/flows/source"
)

const (
	day = 24 * time.Hour
	// leastKept, in days, is longer than any window, and than what is sent again
	// is sent.
	leastKept = 2
	// mostKept, in days, is less than a time.Duration can hold.
	mostKept = 200 * 365
	// eventsKept is how long events of the platform are kept unless the operator
	// says otherwise: they are for finding out what went wrong.
	eventsKept = 30 * day
	// costsKept is how long it is kept what messages cost: two years can be compared.
	costsKept = 800 * day
	// missesKept is how long it is kept what was not understood: long enough to learn from it.
	missesKept = 90 * day

	forever  = "forever"
	keepHint = "write for example 90d, 26w or 2y, or forever"
)

var kept = regexp.MustCompile(`^([1-9][0-9]{0,3})([dwy])$`)

func defaultRetention() bot.Retention {
	return bot.Retention{Keep: bot.Keep{Events: eventsKept, Misses: missesKept}, Channels: map[string]bot.Keep{}, Costs: costsKept}
}

// keep reads for how long everything is kept. Audit and costs are of all channels,
// so only a mapping can name them.
func (r *configReader) keep(n source.Node, to *bot.Retention) {
	to.Keep = r.keeps(n, to.Keep, to)
}

// channelKeep reads what a channel says instead, be it on or off: its
// conversations are in the store.
func (r *configReader) channelKeep(e source.Entry, to *bot.Retention) {
	for _, f := range e.Value.Entries() {
		if f.Name == "keep" {
			to.Channels[e.Name] = r.keeps(f.Value, to.Keep, nil)
		}
	}
}

// keeps reads one time for everything, or one by kind; what is not named is as
// in k. whole is nil where only one channel is meant.
func (r *configReader) keeps(n source.Node, k bot.Keep, whole *bot.Retention) bot.Keep {
	if !n.Exists() {
		return k
	}
	if n.Scalar() && !n.IsNothing() {
		if d, ok := r.kept(n); ok {
			return bot.Keep{Messages: d, Conversations: d, Events: d, Misses: d}
		}
		return k
	}
	known := []string{"messages", "conversations", "events", "misses"}
	times := []*time.Duration{&k.Messages, &k.Conversations, &k.Events, &k.Misses}
	if whole != nil {
		known, times = append(known, "audit", "costs"), append(times, &whole.Audit, &whole.Costs)
	}
	f := n.Fields(source.Keys{Known: known})
	for i, key := range known {
		if d, ok := r.kept(f.Get(key)); ok {
			*times[i] = d
		}
	}
	r.checkKeep(f, n, k)
	return k
}

// checkKeep refuses what contradicts itself: a conversation goes with its messages.
func (r *configReader) checkKeep(f source.Fields, n source.Node, k bot.Keep) {
	if k.Messages == 0 || k.Conversations == 0 || k.Messages <= k.Conversations {
		return
	}
	at := f.Get("conversations")
	if !at.Exists() {
		at = f.Get("messages")
	}
	if !at.Exists() {
		at = n
	}
	at.Report(configCodes.Value, "conversations are kept for a shorter time than the messages in them",
		fmt.Sprintf("keep conversations for %s or longer, or messages for %s or shorter", inDays(k.Messages), inDays(k.Conversations)))
}

// kept reads for how long something is kept; zero is for ever.
func (r *configReader) kept(n source.Node) (time.Duration, bool) {
	switch {
	case !n.Exists():
		return 0, false
	case n.Raw() == forever:
		return 0, true
	case n.IsNumber():
		n.Report(configCodes.Type, "a number where a time is meant", fmt.Sprintf("write the unit: %sd, %[1]sw or %[1]sy", n.Raw()))
		return 0, false
	}
	s, ok := n.Text()
	if !ok {
		return 0, false
	}
	m := kept.FindStringSubmatch(s)
	if m == nil {
		n.Report(configCodes.Value, fmt.Sprintf("%q is no time for which something is kept", s), keepHint)
		return 0, false
	}
	count, _ := strconv.Atoi(m[1]) // the pattern lets nothing else through
	days := count * map[string]int{"d": 1, "w": 7, "y": 365}[m[2]]
	switch {
	case days < leastKept:
		n.Report(configCodes.Value, s+" is too short: a conversation must outlive its window and what is sent again", "write 2d or more")
		return 0, false
	case days > mostKept:
		n.Report(configCodes.Value, s+" is longer than can be reckoned", "write "+forever)
		return 0, false
	}
	return time.Duration(days) * day, true
}

func inDays(d time.Duration) string { return strconv.Itoa(int(d/day)) + "d" }

package bot

import (
	"hash/maphash"
	"math"
	"sync/atomic"
	"time"
)

// Stats counts what happened since the program started, for the metrics. The
// channels are fixed when it is made, so the label sets stay closed.
type Stats struct {
	Escalations   atomic.Int64 // tickets opened
	Conflicts     atomic.Int64 // decisions made again because the conversation had changed
	Duplicates    atomic.Int64 // messages that had been handled before
	Calls         CallStats
	Steps         StepStats
	Heard         HeardStats
	Swept         SweptStats
	Handle        Histogram // batches that became durable, from being decoded
	HandleFailed  Histogram // batches that did not
	Decide        Histogram // one decision, without loading and committing
	CommitSeconds Histogram // one transaction of the store
	CommitWrites  Histogram // writes that shared one
	asked         asked
	priced        pricedBefore
	channels      map[string]*ChannelStats
	nowhere       *ChannelStats // for names that are no channel's
}

// ChannelStats counts for one channel.
type ChannelStats struct {
	Inbound     atomic.Int64 // messages from customers
	Receipts    atomic.Int64 // statuses from the platform
	Events      atomic.Int64 // other things kept
	Sent        atomic.Int64 // accepted by the platform
	Cancelled   atomic.Int64 // stale when their turn came
	Closed      atomic.Int64 // not sent because the window had closed
	OptedOut    atomic.Int64 // left alone at the last look: the customer asked for that
	Capped      atomic.Int64 // kept back at the last look: the number has spent what it may
	Retry       atomic.Int64 // sends that failed, by Class
	Wait        atomic.Int64
	Fail        atomic.Int64
	Alarm       atomic.Int64
	Unknown     atomic.Int64
	Prices      PriceStats
	Costs       CostStats
	Answer      Histogram // from the customer's message to the platform's taking the first answer
	sends       [len(sendClasses)]Histogram
	pausedUntil atomic.Int64  // Unix nanoseconds
	rate        atomic.Uint64 // math.Float64bits
	hostShut    atomic.Bool
	thrift      atomic.Int32 // of Thrift
}

// CallStats counts calls to systems of the business.
type CallStats struct {
	Begun     atomic.Int64 // attempts
	Succeeded atomic.Int64 // calls that were answered
	Failed    atomic.Int64 // calls that were not, or whose last answer asked to come again
	Retried   atomic.Int64 // attempts that another one followed
}

func (s *CallStats) add(t callTally) {
	s.Begun.Add(t.begun)
	s.Succeeded.Add(t.succeeded)
	s.Failed.Add(t.failed)
	s.Retried.Add(t.retried)
}

// NewStats makes the counters for these channels.
func NewStats(channels map[string]Channel) *Stats {
	s := &Stats{
		channels: make(map[string]*ChannelStats, len(channels)), nowhere: newChannelStats(),
		priced: pricedBefore{seed: maphash.MakeSeed()},
	}
	for name := range channels {
		s.channels[name] = newChannelStats()
	}
	s.Handle.durations(slow...)
	s.HandleFailed.durations(slow...)
	s.Decide.durations(quick...)
	s.CommitSeconds.durations(slow...)
	s.CommitWrites.numbers(1, 2, 5, 10, 20, 50, 100, 200, 500)
	return s
}

// Channel gives the counters of a channel; those of a name it was not made
// with are shown nowhere.
func (s *Stats) Channel(name string) *ChannelStats {
	if c, ok := s.channels[name]; ok {
		return c
	}
	return s.nowhere
}

// Paused gives the channels on which nothing is sent at now, and until when.
func (s *Stats) Paused(now time.Time) map[string]time.Time {
	var paused map[string]time.Time
	for name, c := range s.channels {
		if until := c.PausedUntil(); until.After(now) {
			if paused == nil {
				paused = make(map[string]time.Time)
			}
			paused[name] = until
		}
	}
	return paused
}

// PausedUntil is until when nothing is sent on the channel because the platform
// asked us to wait or refused the account; a moment in the past means it is sending.
func (c *ChannelStats) PausedUntil() time.Time { return time.Unix(0, c.pausedUntil.Load()) }

// Rate is how many messages a second may be sent on the channel now; 0: without
// bound. It falls when the platform says that it is too fast, and grows again.
func (c *ChannelStats) Rate() float64 { return math.Float64frombits(c.rate.Load()) }

func (c *ChannelStats) setRate(rate float64) { c.rate.Store(math.Float64bits(rate)) }

// HostShut reports that nothing is sent on the channel because the platform's
// server is away or silent. It is asked again and again whether it is back.
func (c *ChannelStats) HostShut() bool { return c.hostShut.Load() }

// dropped counts what is not sent, by why.
func (c *ChannelStats) dropped(o Outcome) {
	switch {
	case o.State == StateUnknown:
		c.Unknown.Add(1)
	case o.Code == codeOptedOut:
		c.OptedOut.Add(1)
	case o.Code == codeSpend:
		c.Capped.Add(1)
	case o.Code == codeClosed:
		c.Closed.Add(1)
	default:
		c.Cancelled.Add(1)
	}
}

// failed counts a failed send by its class.
func (c *ChannelStats) failed(class Class) {
	switch class {
	case ClassRetry:
		c.Retry.Add(1)
	case ClassWait:
		c.Wait.Add(1)
	case ClassFail:
		c.Fail.Add(1)
	case ClassAlarm:
		c.Alarm.Add(1)
	case ClassUnknown:
		c.Unknown.Add(1)
	}
}

package bot

import "time"

// Bounds of histograms.
var (
	quick = []time.Duration{ // what only computes
		time.Microsecond, 5 * time.Microsecond, 10 * time.Microsecond, 25 * time.Microsecond, 50 * time.Microsecond,
		100 * time.Microsecond, 250 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond, time.Second,
	}
	slow = []time.Duration{ // what waits for a disk
		250 * time.Microsecond, 500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
		10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
		500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second,
	}
	remote = []time.Duration{ // what waits for a platform
		5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond,
		250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second,
		10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute,
	}
)

// ClassOK stands among the classes of sends for those that the platform took.
const ClassOK = "ok"

// sendClasses are what a send may come to, for its histograms.
var sendClasses = [...]string{
	ClassOK, string(ClassRetry), string(ClassWait), string(ClassFail), string(ClassAlarm), string(ClassUnknown),
}

func newChannelStats() *ChannelStats {
	c := &ChannelStats{}
	c.Answer.durations(remote...)
	for i := range c.sends {
		c.sends[i].durations(remote...)
	}
	return c
}

// Sent measures one call of Channel.Send, from its start to its return: class is
// empty when the platform took the message, and the SendError's otherwise. It
// counts no messages; ChannelStats.Sent and the counts of failures do.
func (s *Stats) Sent(channel string, class Class, took time.Duration) {
	s.Channel(channel).send(string(class)).Took(took)
}

// handled measures a batch.
func (s *Stats) handled(took time.Duration, err error) {
	if err != nil {
		s.HandleFailed.Took(took)
		return
	}
	s.Handle.Took(took)
}

// Answered tells that the platform took one of the bot's messages (AuthorBot) in
// the conversation at now: the first after the customer's message ends its wait.
func (s *Stats) Answered(channel, conversation string, now time.Time) {
	if wait, ok := s.asked.answered(conversation, now); ok {
		s.Channel(channel).Answer.Took(wait)
	}
}

// send is the histogram of a class; an empty one is ClassOK.
func (c *ChannelStats) send(class string) *Histogram {
	for i, name := range sendClasses {
		if name == class {
			return &c.sends[i]
		}
	}
	if class == "" {
		return &c.sends[0]
	}
	return &c.sends[len(sendClasses)-1]
}

// Sends gives, by class, how long sends took.
func (c *ChannelStats) Sends() map[string]HistogramSnapshot {
	all := make(map[string]HistogramSnapshot, len(sendClasses))
	for i, class := range sendClasses {
		all[class] = c.sends[i].Snapshot()
	}
	return all
}

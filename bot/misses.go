package bot

import (
	"sync/atomic"
	"time"

	"frontdesk/flows"
)

// Miss is a text of a customer that the examples of the common answers did not
// surely understand, or what the customer chose of what was offered for it.
type Miss struct {
	At           time.Time     // when it was decided
	Conversation string        // Conversation.ID
	Seq          uint64        // of the newest message then, as a rule the one with the words
	Channel      string        // Channel.Name
	Language     string        // that the flow spoke, a tag of the file
	Words        string        // the customer's own, bounded by the flow
	Outcome      flows.Outcome // offered, picked, refused or none
	Answer       string        // that was chosen; with picked
	Guesses      []flows.Guess // at most three, the likeliest first
	Version      string        // flows.Set.Version that heard it
}

// MissFilter says which misses are listed.
type MissFilter struct {
	From, Until time.Time // from the first on, until before the second; zero: without bound
	Channel     string    // Channel.Name; empty: all
	Limit       int       // at most so many; 0: none
}

// Takes reports whether a miss is one of those that f asks for.
func (f MissFilter) Takes(m Miss) bool {
	return (f.Channel == "" || m.Channel == f.Channel) && !m.At.Before(f.From) && (f.Until.IsZero() || m.At.Before(f.Until))
}

// heard keeps what the examples made of a text: all but what was surely understood
// is for a person to look at.
func (d *draft) heard(set edition, h flows.Heard) {
	if h.Outcome == "" {
		return
	}
	d.Heard = append(d.Heard, h.Outcome)
	if h.Outcome == flows.OutcomeAnswered || h.Words == "" { // an earlier offer's: its words are not known any more
		return
	}
	c := &d.Conversation
	d.Misses = append(d.Misses, Miss{
		At: d.now, Conversation: c.ID, Seq: c.LastSeq, Channel: c.Channel, Language: c.Flow.Language,
		Words: h.Words, Outcome: h.Outcome, Answer: h.Answer, Guesses: h.Guesses, Version: set.version,
	})
}

// HeardStats counts what the examples of the common answers made of texts.
type HeardStats struct {
	Answered, Offered, Picked, Refused, None atomic.Int64
}

func (s *HeardStats) add(c Change) {
	for _, outcome := range c.Heard {
		switch outcome {
		case flows.OutcomeAnswered:
			s.Answered.Add(1)
		case flows.OutcomeOffered:
			s.Offered.Add(1)
		case flows.OutcomePicked:
			s.Picked.Add(1)
		case flows.OutcomeRefused:
			s.Refused.Add(1)
		case flows.OutcomeNone:
			s.None.Add(1)
		}
	}
}

package load

import "time"

// schedule says which messages a webhook carries and when it is due. Webhooks
// are numbered from 0 and go to the channels in turn; the customers of a
// channel write in turn.
type schedule struct {
	channels   int
	perChannel int     // customers of each channel
	batch      int     // messages of a webhook
	rate       float64 // messages a second; 0: a webhook is due when somebody can send it
}

// slot is one message: the n-th, from 1, of a customer.
type slot struct{ sender, number int }

func newSchedule(o *Options) schedule {
	n := len(o.Channels)
	return schedule{channels: n, perChannel: (o.Senders + n - 1) / n, batch: o.Batch, rate: o.Rate}
}

// senders is how many customers there are.
func (s schedule) senders() int { return s.channels * s.perChannel }

// due is when webhook j should go out, since the beginning. It depends on
// nothing that happens, so that a slow program cannot slow its own measuring.
func (s schedule) due(j int) time.Duration {
	return time.Duration(float64(j) * float64(s.batch) / s.rate * float64(time.Second))
}

// slots appends the messages of webhook j, all of customers of the same channel.
func (s schedule) slots(to []slot, j int) (channel int, slots []slot) {
	channel = j % s.channels
	for k := range s.batch {
		m := j/s.channels*s.batch + k
		to = append(to, slot{sender: m%s.perChannel*s.channels + channel, number: m/s.perChannel + 1})
	}
	return channel, to
}

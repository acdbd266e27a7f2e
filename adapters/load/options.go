package load

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"frontdesk/adapters/meta"
)

// Channel is a WhatsApp number of the program.
type Channel struct {
	Name   string // the end of its webhook's path
	Number string // phone_number_id
	Secret meta.Secret
}

// Options say what is played, and how hard.
type Options struct {
	Target      string // where the program takes webhooks, "http://127.0.0.1:8080"
	Ops         string // its operator's address, for memory and CPU; empty: they are not asked for
	Folder      string // on the disk of the program's data: a flush is measured there; empty: none is
	Channels    []Channel
	Rate        float64       // messages a second; 0: as many as Concurrency webhooks at a time make
	Concurrency int           // webhooks under way at most
	Senders     int           // customers, in turn; rounded up to the same number on each channel
	Batch       int           // messages in one webhook
	Duration    time.Duration // how long webhooks are sent
	Grace       time.Duration // how long answers are waited for after that
	Statuses    []string      // told of each accepted answer, in this order
	Retry       bool          // send a webhook again until it gets its 200
	Trouble     Trouble
	Anywhere    bool // the target need not be this machine
}

// mostPlayed bounds what a run notes in memory, some 40 bytes each.
const mostPlayed = 200_000_000

// Check reports every fault of the options.
func (o *Options) Check() error {
	faults := []error{checkTarget(o.Target, o.Anywhere)}
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	fault(len(o.Channels) == 0, "there is no WhatsApp channel to write to")
	fault(o.Rate < 0 || o.Rate*o.Duration.Seconds() > mostPlayed, "--rate: %g messages a second cannot be played; write 0 for as many as possible", o.Rate)
	fault(o.Senders < 1 || o.Senders > mostSenders, "--senders: %d is not between 1 and %d", o.Senders, mostSenders)
	fault(o.Batch < 1 || o.Batch > 1000, "--batch: %d is not between 1 and 1000, the most that Meta puts into a webhook", o.Batch)
	fault(o.Concurrency < 1 || o.Concurrency > 10_000, "--concurrency: %d is not between 1 and 10000", o.Concurrency)
	fault(o.Duration <= 0, "--duration: %s is no time", o.Duration)
	fault(o.Grace < 0, "--grace: %s is no time", o.Grace)
	for _, s := range o.Statuses {
		fault(!strings.Contains(" sent delivered read ", " "+s+" "), "--statuses: %q is none of sent, delivered, read", s)
	}
	return errors.Join(faults...)
}

// checkTarget reports that load is not to be played there: a typing error must
// not flood somebody else's server.
func checkTarget(target string, anywhere bool) error {
	u, err := url.Parse(target)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return fmt.Errorf("--target: %q is no address like http://127.0.0.1:8080", target)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		return fmt.Errorf("--target: %q has a path; write http://HOST:PORT, the webhooks are below it", target)
	case !anywhere && !Loopback(u.Hostname()):
		return fmt.Errorf("--target: %s is not this machine; load for another one needs --anywhere, and its owner's consent", u.Host)
	}
	return nil
}

// Loopback reports whether host can only be this machine.
func Loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

package messenger

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows/carry"
)

const (
	defaultUnknownWait = 2 * time.Minute
	// defaultRate is what a page may send for long: 300 a second are allowed, but
	// Meta slows down pages that send more than 40 for long.
	defaultRate = 40
)

var pageID = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)

// Config is one page.
type Config struct {
	Name         string        // Channel.Name, e.g. "messenger"
	PageID       string        // the page's id in the Graph API
	AccessToken  meta.Secret   // of the page
	AppSecret    meta.Secret   // signs webhooks
	VerifyToken  meta.Secret   // ours, typed into Meta's dashboard with the callback URL
	GraphURL     string        // empty: meta.DefaultURL
	GraphVersion string        // empty: meta.DefaultVersion
	UnknownWait  time.Duration // see bot.Limits; 0: two minutes
	Rate         int           // messages a second, at most 5000; 0: 40
	// Window is what Meta lets who send until when, with the tags that the page was
	// granted; no rules: as shipped, with none.
	Window window.Terms
}

// Channel is one page. Its methods may be called from many goroutines.
type Channel struct {
	config Config // without the secrets
	secret func() meta.Secret
	verify func() meta.Secret
	graph  *meta.Graph
}

var _ bot.Prober = (*Channel)(nil)

// New checks c and gives its channel, or every fault of c in one error. It
// connects to nothing.
func New(c Config) (*Channel, error) {
	var faults []error
	if c.Name == "" {
		faults = append(faults, errors.New("name: missing"))
	}
	if !pageID.MatchString(c.PageID) {
		faults = append(faults, fmt.Errorf("page_id: %q is not the id of a page: digits only, from the page's settings", c.PageID))
	}
	if c.VerifyToken == "" {
		faults = append(faults, errors.New("verify_token: missing"))
	}
	faults = append(faults, meta.CheckSecret("app_secret", c.AppSecret))
	if c.UnknownWait == 0 {
		c.UnknownWait = defaultUnknownWait
	}
	if c.UnknownWait < 0 {
		faults = append(faults, fmt.Errorf("unknown_wait: %v is negative; leave it out for %v", c.UnknownWait, defaultUnknownWait))
	}
	if c.Rate == 0 {
		c.Rate = defaultRate
	}
	faults = append(faults, meta.CheckRate(c.Rate, defaultRate))
	if c.Window.Rules == nil {
		c.Window = window.Shipped().For(carry.Messenger)
	}
	graph, err := meta.NewGraph(meta.Messenger, c.GraphURL, c.GraphVersion, c.AccessToken)
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, fmt.Errorf("messenger channel %q: %w", c.Name, err)
	}
	ch := &Channel{secret: c.AppSecret.Hide(), verify: c.VerifyToken.Hide(), graph: graph}
	c.AccessToken, c.AppSecret, c.VerifyToken = "", "", ""
	ch.config = c
	return ch, nil
}

// Name is the channel's name in the operator's file.
func (c *Channel) Name() string { return c.config.Name }

// PageID is the page's id: the key of Decode's accounts.
func (c *Channel) PageID() string { return c.config.PageID }

// Close closes idle connections to the platform.
func (c *Channel) Close() { c.graph.Close() }

// Challenge answers Meta's check of the callback URL, see meta.Challenge.
func (c *Channel) Challenge(q url.Values) (string, bool) {
	return meta.Challenge(c.verify(), q)
}

// Limits are those of carry, which tells where each is from. Messenger has no
// lists; its quick replies stand under a text of full length.
func (c *Channel) Limits() bot.Limits {
	limits, _ := carry.Of(carry.Messenger)
	return bot.Limits{
		Limits: limits, Kind: carry.Messenger, Window: c.config.Window, UnknownWait: c.config.UnknownWait, Pace: c.pace(),
	}
}

func (c *Channel) pace() bot.Pace {
	return bot.Pace{Rate: float64(c.config.Rate), Burst: meta.Burst(c.config.Rate), Host: c.graph.Host()}
}

// Probe implements bot.Prober.
func (c *Channel) Probe(ctx context.Context) error { return c.graph.Probe(ctx, c.config.PageID) }

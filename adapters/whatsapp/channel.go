package whatsapp

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
	defaultListButton  = "Choose"
	// defaultRate is a number's throughput, until Meta raises it (Meta, WhatsApp
	// throughput, 2025-11-21).
	defaultRate = 80
	// One message in 6 s to one customer, of which 45 may go at once, borrowed
	// from the time to come (Meta, about-the-platform, 2025-12-05).
	pair      = 6 * time.Second
	pairBurst = 45
	// listButtonLimit is for the button that opens a list (Meta, OpenAPI document, 2025-11-21).
	listButtonLimit = 20
)

var numberID = regexp.MustCompile(`^[0-9]{1,32}$`)

// Config is one business number.
type Config struct {
	Name          string        // Channel.Name, e.g. "whatsapp"
	PhoneNumberID string        // the number's id in the Graph API: digits, not the number itself
	AccessToken   meta.Secret   // of a system user
	AppSecret     meta.Secret   // signs webhooks
	VerifyToken   meta.Secret   // ours, typed into Meta's dashboard with the callback URL
	GraphURL      string        // empty: meta.DefaultURL
	GraphVersion  string        // empty: meta.DefaultVersion
	ListButton    string        // what opens a list, at most 20 characters; empty: "Choose"
	UnknownWait   time.Duration // see bot.Limits; 0: two minutes
	Rate          int           // messages a second, at most 5000; 0: 80
	Cap           bot.Cap       // what the number may spend in a month; zero: no bound
	Window        window.Terms  // what Meta lets who send until when, and its prices; no rules: as shipped
}

// Channel is one business number. Its methods may be called from many goroutines.
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
	if !numberID.MatchString(c.PhoneNumberID) {
		faults = append(faults, fmt.Errorf("phone_number_id: %q is not the id of a number: digits only, from the app's dashboard", c.PhoneNumberID))
	}
	if c.VerifyToken == "" {
		faults = append(faults, errors.New("verify_token: missing"))
	}
	faults = append(faults, meta.CheckSecret("app_secret", c.AppSecret))
	if c.ListButton == "" {
		c.ListButton = defaultListButton
	}
	if meta.Length(c.ListButton) > listButtonLimit {
		faults = append(faults, fmt.Errorf("list_button: longer than %d characters", listButtonLimit))
	}
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
		c.Window = window.Shipped().For(carry.WhatsApp)
	}
	graph, err := meta.NewGraph(meta.WhatsApp, c.GraphURL, c.GraphVersion, c.AccessToken)
	if err := errors.Join(append(faults, err)...); err != nil {
		return nil, fmt.Errorf("whatsapp channel %q: %w", c.Name, err)
	}
	ch := &Channel{secret: c.AppSecret.Hide(), verify: c.VerifyToken.Hide(), graph: graph}
	c.AccessToken, c.AppSecret, c.VerifyToken = "", "", ""
	ch.config = c
	return ch, nil
}

// Name is the channel's name in the operator's file.
func (c *Channel) Name() string { return c.config.Name }

// PhoneNumberID is the number's id: the key of Decode's accounts.
func (c *Channel) PhoneNumberID() string { return c.config.PhoneNumberID }

// Close closes idle connections to the platform.
func (c *Channel) Close() { c.graph.Close() }

// Challenge answers Meta's check of the callback URL, see meta.Challenge.
func (c *Channel) Challenge(q url.Values) (string, bool) {
	return meta.Challenge(c.verify(), q)
}

// Limits are those of carry, which tells where each is from.
func (c *Channel) Limits() bot.Limits {
	limits, _ := carry.Of(carry.WhatsApp)
	return bot.Limits{
		Limits: limits, Kind: carry.WhatsApp, Window: c.config.Window, UnknownWait: c.config.UnknownWait, Pace: c.pace(), Cap: c.config.Cap,
	}
}

func (c *Channel) pace() bot.Pace {
	return bot.Pace{
		Rate: float64(c.config.Rate), Burst: meta.Burst(c.config.Rate), Pair: pair, PairBurst: pairBurst, Host: c.graph.Host(),
	}
}

// Probe implements bot.Prober.
func (c *Channel) Probe(ctx context.Context) error { return c.graph.Probe(ctx, c.config.PhoneNumberID) }

// Package webchat is the channel whose platform is our own page: for customers
// without WhatsApp or Messenger.
//
// It is both sides of a channel. As bot.Channel it has nothing to deliver: the
// page reads the store, so a message has arrived when it is stored. As pages it
// takes what the customer writes and hands it to the engine. A visitor is known
// by a random token in a cookie, of which only the hash is stored. The page
// works without JavaScript; one module makes it live.
package webchat

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"frontdesk/adapters/page"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows/carry"
	"frontdesk/handoff"
)

// Store is what the page reads.
type Store interface {
	Load(ctx context.Context, l bot.Lookup) (bot.Snapshot, error)
	Transcript(ctx context.Context, conversation string, after uint64, limit int) ([]bot.Message, error)
}

// Agents knows how agents are called. An unknown name is bot.ErrNotFound.
type Agents interface {
	Agent(ctx context.Context, name string) (handoff.Agent, error)
}

// Hints tells what changed. *bot.Hub does it.
type Hints interface {
	Subscribe(conversation string) (<-chan bot.Hint, func())
}

// Config is what a Channel is made of. Only Client, Done, Secure and Window may be left out.
type Config struct {
	Name     string                                 // Channel.Name
	Business func() string                          // the name on the page; may change on reload
	Handle   func(context.Context, bot.Batch) error // bot.Engine.Handle
	Store    Store
	Agents   Agents
	Hub      Hints
	Log      *slog.Logger
	// Client names the client's address for the limit of messages. Nil takes the
	// other end of the connection; behind a proxy give one that reads what the
	// proxy, and only the proxy, says.
	Client func(*http.Request) string
	Done   <-chan struct{} // ends the streams when the server stops
	Secure bool            // the page is served over HTTPS: the cookie demands it
	Window window.Terms    // until when we may answer; no rules: always, as shipped
}

// Channel is the web chat. It starts no goroutine; its methods may be called
// from many.
type Channel struct {
	Config
	assets    *page.Assets
	page      *template.Template
	byVisitor *page.Limiter
	byAddress *page.Limiter
	streams   *page.Places // by address
}

var _ bot.Channel = (*Channel)(nil)

//go:embed static
var static embed.FS

//go:embed chat.html
var chatHTML string

const (
	textMax   = 4000 // UTF-16 code units, as the browser counts
	bodyLimit = 64 << 10
	keysMax   = 20_000 // bounds the memory of each limiter to a few megabytes
	// A person who types quickly never meets the first limit; a household or an
	// office behind one address does not meet the second.
	visitorBurst, visitorEvery = 10, 2 * time.Second
	addressBurst, addressEvery = 60, 500 * time.Millisecond
	// A browser has one stream however many pages it shows. Whoever finds no place
	// asks every few seconds instead.
	addressStreams, streamsMax = 30, 2000
)

// New makes the channel. The error says that its own files are broken.
func New(c Config) (*Channel, error) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, fmt.Errorf("opening the static files: %w", err)
	}
	assets, err := page.NewAssets("/chat/static/", page.Base, files)
	if err != nil {
		return nil, err
	}
	t, err := template.New("chat").Funcs(template.FuncMap{"asset": assets.URL}).Parse(chatHTML)
	if err != nil {
		return nil, fmt.Errorf("parsing the template: %w", err)
	}
	if c.Window.Rules == nil {
		c.Window = window.Shipped().For(carry.WebChat)
	}
	if c.Client == nil {
		c.Client = page.Peer
	}
	return &Channel{
		Config: c, assets: assets, page: t,
		byVisitor: page.NewLimiter(visitorEvery, visitorBurst, keysMax),
		byAddress: page.NewLimiter(addressEvery, addressBurst, keysMax),
		streams:   page.NewPlaces(addressStreams, streamsMax),
	}, nil
}

// Name is the channel's name in the operator's file.
func (ch *Channel) Name() string { return ch.Config.Name }

// Limits is what our page shows. Sending twice does no harm: the page shows
// each stored message once.
func (ch *Channel) Limits() bot.Limits {
	limits, _ := carry.Of(carry.WebChat)
	return bot.Limits{Limits: limits, Kind: carry.WebChat, Window: ch.Window}
}

// Send accepts the message: it is stored, so the page shows it.
func (ch *Channel) Send(ctx context.Context, o bot.Outgoing) (bot.Sent, error) {
	if err := ctx.Err(); err != nil {
		return bot.Sent{}, &bot.SendError{Class: bot.ClassRetry, Code: "stopped", Reason: "the server was stopping"}
	}
	ours := func(a bot.Alias) bool { return a.Channel == ch.Config.Name && a.Kind == aliasKind && a.Value != "" }
	if !slices.ContainsFunc(o.To, ours) {
		return bot.Sent{}, &bot.SendError{Class: bot.ClassFail, Code: "no_visitor", Reason: "the contact is no visitor of the web chat"}
	}
	return bot.Sent{ExternalID: o.Message.ID()}, nil
}

// Handler serves the page under /chat.
func (ch *Channel) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /chat", ch.show)
	mux.HandleFunc("POST /chat/messages", ch.post)
	mux.HandleFunc("GET /chat/messages", ch.messages)
	mux.HandleFunc("GET /chat/events", ch.events)
	pages := http.NewCrossOriginProtection().Handler(mux)
	all := http.NewServeMux()
	all.Handle("GET /chat/static/", ch.assets)
	all.Handle("/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protect(w.Header())
		pages.ServeHTTP(w, r)
	}))
	return all
}

// protect is page.Protect, and lets pictures come from anywhere: a flow sends
// them by their address, and the page learns of the next one when it is there.
func protect(h http.Header) {
	const policy = "Content-Security-Policy"
	page.Protect(h, "'self'")
	h.Set(policy, strings.Replace(h.Get(policy), "img-src ", "img-src https: ", 1))
}

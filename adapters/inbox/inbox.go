// Package inbox is the agents' pages: who waits, what was said, and the answer.
//
// Every page is HTML that works without JavaScript; one module improves it, and
// hints over server-sent events keep it fresh. The package decides nothing about
// tickets: each form calls one act of the engine and shows what came of it.
//
// Threats it answers: stolen databases (passwords are argon2id, session tokens
// are stored as hashes), guessing (attempts are limited, see tries; unknown names
// cost the same work), other sites (SameSite cookies, cross-origin requests
// refused, no frames), hostile customers (html/template and a policy that runs no
// inline code). It does not hide one conversation from any agent.
package inbox

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/adapters/page"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// Acts is what an agent can do. *bot.Engine does it. The errors that an agent
// is told about are listed at explain.
type Acts interface {
	Claim(ctx context.Context, conversation, agent string) error
	// Reply sends text to the customer. The same nonce twice is one reply.
	Reply(ctx context.Context, conversation, agent, text, nonce string) error
	Release(ctx context.Context, conversation, agent string) error
	HandBack(ctx context.Context, conversation, agent string) error
	Resolve(ctx context.Context, conversation, agent string) error
	// Transfer puts a conversation into another of the Queues, Assign gives it to a
	// colleague.
	Transfer(ctx context.Context, conversation, agent, queue, note string) error
	Assign(ctx context.Context, conversation, agent, colleague, note string) error
	Queues() []string
	// Snooze puts a conversation aside until a moment, the zero one for until the
	// customer writes; sure allows that to be past its deadline.
	Snooze(ctx context.Context, conversation, agent string, until time.Time, sure bool) error
	Unsnooze(ctx context.Context, conversation, agent string) error
	Prefer(ctx context.Context, conversation, agent string, p handoff.Priority) error
	// Label puts a label on a conversation, or takes it off.
	Label(ctx context.Context, conversation, agent, label string, on bool) error
	// Opens is when people of a queue are there first from a moment on.
	Opens(queue string, from time.Time) time.Time
	// Next claims the first of the line and gives its conversation, or bot.ErrNobody.
	Next(ctx context.Context, line bot.Reader, agent string) (conversation string, err error)
	// ReplyAndResolve sends an answer and resolves, both or neither.
	ReplyAndResolve(ctx context.Context, conversation, agent string, a bot.Answer) error
	// Quote tells what a text would cost.
	Quote(ctx context.Context, a bot.Asked) (bot.Quote, error)
	Drafts
}

// Drafts is what an agent can do with words that may not go as they are.
type Drafts interface {
	// ReplyInstead sends text in place of a draft, named by its bot.MessageID.
	ReplyInstead(ctx context.Context, conversation, agent, text, draft, nonce string) error
	Settle(ctx context.Context, conversation, agent string, seq uint64, way bot.Way) error
	// Note keeps text for colleagues. The same nonce twice is one note.
	Note(ctx context.Context, conversation, agent, text, nonce string) error
	// Reopen sends the template that asks the customer to write again, if Reopens.
	// The same nonce twice is one.
	Reopen(ctx context.Context, conversation, agent, nonce string) error
	Reopens(c bot.Conversation) bool
}

// Agents knows who may sign in. An unknown name is bot.ErrNotFound.
type Agents interface {
	Agent(ctx context.Context, name string) (handoff.Agent, error)
	Agents(ctx context.Context) ([]handoff.Agent, error)
}

// Sessions keeps sign-ins. An unknown hash is bot.ErrNotFound; deleting one is
// no error.
type Sessions interface {
	Session(ctx context.Context, tokenHash string) (handoff.Session, error)
	SaveSession(ctx context.Context, s handoff.Session) error
	DeleteSession(ctx context.Context, tokenHash string) error
}

// Hints tells what changed. *bot.Hub does it.
type Hints interface {
	Subscribe(conversation string) (<-chan bot.Hint, func())
}

// Config is what an Inbox is made of. Only Paused, Forecasts, Teaching, Client, Done and Secure may be
// left out.
type Config struct {
	Acts     Acts
	Reader   bot.Reader
	Agents   Agents
	Sessions Sessions
	Hub      Hints
	// Limits gives what a channel can carry, by its Channel.Name, and whether it is
	// served. Its rules may change on reload; it may be called from many goroutines.
	Limits   func(channel string) (l bot.Limits, served bool)
	Business func() string // the name shown on every page; may change on reload
	Log      *slog.Logger
	// Paused gives the channels on which nothing is sent now, by name, and until
	// when. It is asked for each list and may be called from many goroutines.
	Paused func() map[string]time.Time
	// Forecasts tells which windows will be missed, by queue. It is asked for each
	// page and may be called from many goroutines; what it gives is not changed.
	Forecasts func() map[string]bot.Forecast
	// Teaching tells how the flow file that answers now learns. It may be called from
	// many goroutines.
	Teaching func() Teaching
	// Client names the client's address for the limit of attempts. Nil takes the
	// other end of the connection; behind a proxy give one that reads what the
	// proxy, and only the proxy, says.
	Client func(*http.Request) string
	Done   <-chan struct{} // ends the streams when the server stops
	Secure bool            // the pages are served over HTTPS: cookies demand it
}

// Inbox serves the pages. It starts no goroutine of its own.
type Inbox struct {
	Config
	assets    *page.Assets
	templates templates
	guard     *http.CrossOriginProtection
	hashing   chan struct{} // see password.go
	tries     tries
	streams   *page.Places // by agent
}

//go:embed static
var static embed.FS

const (
	// bodyLimit is far above the longest text of any channel.
	bodyLimit = 64 << 10
	// Streams are bounded by agent, not by address: who asks is known, and an
	// office has one address. A browser has one stream however many pages it shows.
	agentStreams, streamsMax = 30, 2000
)

// New makes an inbox of c. The error says that its own files are broken.
func New(c Config) (*Inbox, error) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		return nil, fmt.Errorf("opening the static files: %w", err)
	}
	assets, err := page.NewAssets("/inbox/static/", page.Base, files)
	if err != nil {
		return nil, err
	}
	t, err := parseTemplates(assets)
	if err != nil {
		return nil, err
	}
	if c.Client == nil {
		c.Client = page.Peer
	}
	return &Inbox{
		Config: c, assets: assets, templates: t,
		guard:   http.NewCrossOriginProtection(),
		hashing: make(chan struct{}, hashesAtOnce),
		tries:   newTries(),
		streams: page.NewPlaces(agentStreams, streamsMax),
	}, nil
}

// Register mounts the pages under /inbox.
func (in *Inbox) Register(r gin.IRouter) {
	r.GET("/inbox/static/*file", gin.WrapH(in.assets))
	g := r.Group("/inbox", in.protect)
	g.GET("/sign-in", in.signInPage)
	g.POST("/sign-in", in.signIn)
	g.POST("/sign-out", in.signOut)
	g.GET("", in.as(in.list))
	g.GET("/c/:id", in.as(in.conversation))
	g.GET("/forecast", in.as(in.forecast))
	g.GET("/answers", in.as(in.answers))
	g.POST("/answers", in.as(in.lines))
	g.GET("/events", in.as(in.events))
	g.POST("/next", in.as(in.next))
	g.POST("/c/:id/reply", in.as(in.sending(in.reply)))
	g.POST("/c/:id/reply-and-resolve", in.as(in.sending(in.replyAndResolve)))
	g.POST("/c/:id/quote", in.as(in.quoted))
	g.POST("/c/:id/compose", in.as(in.compose))
	g.POST("/c/:id/note", in.as(in.note))
	g.POST("/c/:id/reopen", in.as(in.typing(in.reopen)))
	g.POST("/c/:id/draft/:seq/note", in.as(in.typing(in.settle(bot.WayNote))))
	g.POST("/c/:id/draft/:seq/drop", in.as(in.typing(in.settle(bot.WayDrop))))
	g.POST("/c/:id/claim", in.as(in.act(in.Acts.Claim)))
	g.POST("/c/:id/pass", in.as(in.pass))
	g.POST("/c/:id/snooze", in.as(in.snooze))
	g.POST("/c/:id/label", in.as(in.label))
	g.POST("/c/:id/priority", in.as(in.prefer))
	g.POST("/c/:id/unsnooze", in.as(in.act(in.Acts.Unsnooze)))
	g.POST("/c/:id/release", in.as(in.act(in.Acts.Release)))
	g.POST("/c/:id/hand-back", in.as(in.act(in.Acts.HandBack)))
	g.POST("/c/:id/resolve", in.as(in.act(in.Acts.Resolve)))
	g.POST("/c/:id/resolve-and-next", in.as(in.resolveAndNext))
}

// protect guards every page: headers, no request from another site, no endless body.
func (in *Inbox) protect(c *gin.Context) {
	page.Protect(c.Writer.Header(), "'none'")
	if err := in.guard.Check(c.Request); err != nil {
		in.fail(c, http.StatusForbidden, "This came from another site, so it was not done.")
		c.Abort()
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bodyLimit)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/caller"
	"frontdesk/adapters/inbox"
	"frontdesk/adapters/web"
	"frontdesk/adapters/webchat"
	"frontdesk/bot"
)

// Stopping takes at most requestGrace, sendGrace and spanGrace together, and a little.
const (
	requestGrace = 4 * time.Second // for requests under way
	sendGrace    = 4 * time.Second // for sends under way
	readyWithin  = 5 * time.Second // for the store to answer, behind the writes that wait
)

// app is the whole program, wired. newApp opens everything and binds the
// listeners; run serves until its context ends and stops in reverse order.
type app struct {
	flowsPath  string
	log        *slog.Logger
	store      *boltstore.Store
	hub        *bot.Hub
	tracer     bot.Tracer // nil: nothing is traced
	engine     *bot.Engine
	dispatcher *bot.Dispatcher
	timers     *bot.Timers
	keeper     *bot.Keeper
	planner    *bot.Planner
	metrics    *web.Metrics
	public     *http.Server
	ops        *http.Server
	publicAt   net.Listener
	opsAt      net.Listener // nil: no operator's face
	hooks      []string     // names of webhooks
	chat       bool
	secrets    map[string]bool // that flows may use in calls
	trial      bool            // without them calls fail, rather than the start
	done       chan struct{}   // closed when stopping: ends event streams
	stopping   atomic.Bool
	teacher    teacher
	reloading  sync.Mutex
	policies   policies // its channels are those of newApp
	close      []func() // in the order of opening
}

// options are what newApp needs besides the operator's config.
type options struct {
	config  config
	flows   string // path
	log     *slog.Logger
	trial   bool      // secrets of calls may be missing
	printTo io.Writer // where channels without an access token print; nil: there are none
}

// newApp opens the store, makes the channels and binds the listeners, and
// undoes all that when one of them fails.
func newApp(o options) (_ *app, err error) {
	a := &app{flowsPath: o.flows, log: o.log, hub: &bot.Hub{}, done: make(chan struct{}), secrets: map[string]bool{}, trial: o.trial}
	defer func() {
		if err != nil {
			a.cleanUp()
		}
	}()
	for name := range o.config.calls.Secrets {
		a.secrets[name] = true
	}
	if a.teacher, err = newTeacher(o.config); err != nil {
		o.log.Error("answers are told from words and letters alone", "error", err)
	}
	l, err := a.load()
	if err != nil {
		return nil, err
	}
	platforms, hooks, err := newPlatforms(o.config.channels, o.printTo)
	if err != nil {
		return nil, err
	}
	if err := a.bind(o.config); err != nil {
		return nil, err
	}
	var stats *bot.Stats // made before anything is written
	a.store, err = boltstore.Open(filepath.Join(o.config.data, "frontdesk.db"), boltstore.Options{
		Observe: func(writes int, took time.Duration) {
			stats.CommitWrites.Observe(int64(writes))
			stats.CommitSeconds.Took(took)
		},
	})
	if err != nil {
		return nil, err
	}
	a.close = append(a.close, func() {
		if err := a.store.Close(); err != nil {
			a.log.Error("closing the store", "error", err)
		}
	})

	channels := make(map[string]bot.Channel)
	for _, c := range platforms {
		channels[c.Name()] = c
	}
	chat, err := a.webchat(o.config)
	if err != nil {
		return nil, err
	}
	if chat != nil {
		channels[chat.Name()] = chat
	}
	if a.tracer, err = a.tracing(o.config.traces); err != nil {
		return nil, err
	}
	a.policies.path = o.config.policyPath
	for name, c := range channels {
		channels[name] = a.policies.rule(c, o.config.channels)
	}
	stats = bot.NewStats(channels)
	if err := a.decider(o, l, channels, stats); err != nil {
		return nil, err
	}
	return a, a.faces(o, channels, stats, hooks, chat)
}

// decider makes the engine and the owners of goroutines beside it.
func (a *app) decider(o options, l loaded, channels map[string]bot.Channel, stats *bot.Stats) error {
	calls := o.config.calls
	calls.Log = o.log.With("component", "caller")
	info, _ := debug.ReadBuildInfo()
	calls.Version = version(info)
	outgoing, err := caller.New(calls)
	if err != nil {
		return err
	}
	// Stored before any conversation can begin on it: a version must not be lost
	// while somebody stands in it.
	if err := a.store.KeepFlows(context.Background(), l.set.Version, l.files); err != nil {
		return fmt.Errorf("storing the flows: %w", err)
	}
	a.dispatcher = bot.NewDispatcher(bot.DispatcherConfig{
		Outbox: a.store, Channels: channels, Hub: a.hub, Stats: stats, Tracer: a.tracer,
		Unsent: func(ctx context.Context, o bot.Outcome) error { return a.engine.Unsent(ctx, o) },
		Log:    o.log.With("component", "dispatcher"), Grace: sendGrace,
	})
	a.engine = bot.NewEngine(bot.EngineConfig{
		Ledger: a.store, Channels: channels, Set: l.set, Library: a.store, Parse: a.teacher.parse, Caller: outgoing,
		Hub: a.hub, Wake: a.wake, Hold: a.dispatcher.Hold, Stats: stats, Tracer: a.tracer, Log: o.log.With("component", "engine"),
	})
	a.timers = bot.NewTimers(bot.TimersConfig{
		Agenda: a.store, Engine: a.engine, Log: o.log.With("component", "timers"), Grace: sendGrace,
	})
	a.keeper = bot.NewKeeper(bot.KeeperConfig{
		Sweeper: a.store, Retention: o.config.keep, Stats: &stats.Swept, Log: o.log.With("component", "keeper"),
	})
	a.planner = bot.NewPlanner(bot.PlannerConfig{Reader: a.store, Engine: a.engine, Log: o.log.With("component", "planner")})
	return nil
}

// wake tells those who send, wait and plan that something may be due.
func (a *app) wake() {
	a.dispatcher.Wake()
	a.timers.Wake()
	a.planner.Wake()
}

func (a *app) bind(c config) (err error) {
	if a.publicAt, err = listen(c.listen, "--listen"); err != nil {
		return err
	}
	a.close = append(a.close, func() { _ = a.publicAt.Close() }) // closed by its server before, as a rule
	if c.opsListen == "" {
		return nil
	}
	if a.opsAt, err = listen(c.opsListen, "--ops-listen"); err != nil {
		return err
	}
	a.close = append(a.close, func() { _ = a.opsAt.Close() })
	return nil
}

func listen(address, flag string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w (choose another address with %s HOST:PORT)", address, err, flag)
	}
	return l, nil
}

// webchat makes the channel of our own page, if the operator wants it.
func (a *app) webchat(c config) (*webchat.Channel, error) {
	for _, ch := range c.channels {
		if ch.kind == "webchat" {
			return webchat.New(webchat.Config{
				Name: ch.name, Business: a.business, Store: a.store, Agents: a.store, Hub: a.hub, Done: a.done,
				Handle: func(ctx context.Context, b bot.Batch) error { return a.engine.Handle(ctx, b) },
				Log:    a.log.With("component", "webchat"), Secure: c.secure(), Window: ch.window,
			})
		}
	}
	return nil, nil // no web chat is no fault
}

func (c config) secure() bool { return strings.HasPrefix(c.publicURL, "https://") }

func (a *app) business() string { return a.engine.Flows().Business }

// faces mounts everything that speaks HTTP.
func (a *app) faces(o options, channels map[string]bot.Channel, stats *bot.Stats, hooks []web.Webhook, chat *webchat.Channel) error {
	limits := func(channel string) (l bot.Limits, served bool) {
		c, served := channels[channel]
		if served {
			l = c.Limits()
		}
		return l, served
	}
	names := slices.Sorted(maps.Keys(channels))
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	a.metrics = web.NewMetrics(reg, web.MetricsConfig{
		Stats: stats, Channels: names, Build: thisBuild(), Flows: a.flowsInUse, Ready: a.ready, Gauges: a.gauges(channels),
		Forecasts: a.planner.Forecasts,
	})

	router, err := web.NewRouter(o.config.proxies, o.log.With("component", "web"))
	if err != nil {
		return err
	}
	web.Mount(router, hooks, web.MountConfig{
		Handle: a.engine.Handle, Metrics: a.metrics, Tracer: a.tracer, Log: o.log.With("component", "webhook"),
	})
	for _, h := range hooks {
		a.hooks = append(a.hooks, h.Name)
	}
	if chat != nil {
		a.chat = true
		handler := gin.WrapH(chat.Handler())
		router.Any("/chat", handler)
		router.Any("/chat/*path", handler)
	}
	agents, err := inbox.New(inbox.Config{
		Acts: a.engine, Reader: a.store, Agents: a.store, Sessions: a.store, Hub: a.hub,
		Limits: limits, Business: a.business, Log: o.log.With("component", "inbox"), Done: a.done, Secure: o.config.secure(),
		Paused:    func() map[string]time.Time { return stats.Paused(time.Now()) },
		Forecasts: a.planner.Forecasts,
		Teaching:  a.teaching,
	})
	if err != nil {
		return err
	}
	agents.Register(router)
	router.GET("/", func(c *gin.Context) { c.Redirect(http.StatusFound, "/inbox") })

	a.public = server(router, o.log)
	a.ops = server(web.NewOps(web.OpsConfig{
		Gatherer: reg, Ready: a.ready, Reload: a.reload, Flows: a.runningFlows, Quote: a.quote, Log: o.log.With("component", "ops"),
		Care: a.care(o.config),
	}), o.log)
	return nil
}

// server bounds how long a client may take. There is no write timeout, as event
// streams stay open; their handlers end when done is closed.
func server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// run serves until ctx ends, then stops within ten seconds: first no new
// requests, then no new sends, then the store.
func (a *app) run(ctx context.Context) error {
	defer a.cleanUp()
	faults := make(chan error, 2)
	var servers, sender sync.WaitGroup
	serve := func(s *http.Server, l net.Listener) {
		servers.Go(func() {
			if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				faults <- fmt.Errorf("serving on %s: %w", l.Addr(), err)
			}
		})
	}
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	sender.Go(func() { a.dispatcher.Run(sending) })
	sender.Go(func() { a.timers.Run(sending) })
	sender.Go(func() { a.keeper.Run(sending) })
	sender.Go(func() { a.planner.Run(sending) })
	serve(a.public, a.publicAt)
	if a.opsAt != nil {
		serve(a.ops, a.opsAt)
	}

	var fault error
	select {
	case <-ctx.Done():
	case fault = <-faults:
	case <-a.store.Failed():
		fault = a.store.Check(context.Background()) // says why; whoever started the program starts it again
	}
	a.stopping.Store(true)
	a.log.Info("stopping")
	close(a.done)
	var closing sync.WaitGroup
	closing.Go(func() { a.shutdown(a.public, "requests") })
	if a.opsAt != nil {
		closing.Go(func() { a.shutdown(a.ops, "the operator's requests") })
	}
	closing.Wait()
	servers.Wait()
	stopSending()
	sender.Wait()
	return fault
}

func (a *app) shutdown(s *http.Server, what string) {
	ctx, cancel := context.WithTimeout(context.Background(), requestGrace)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		a.log.Warn("cut what did not end in time", "what", what, "error", err)
		_ = s.Close() // what hangs is cut; there is nothing else to do about an error
	}
}

func (a *app) cleanUp() {
	a.hub.Close()
	for _, undo := range slices.Backward(a.close) {
		undo()
	}
	a.close = nil
}

func (a *app) ready(ctx context.Context) error {
	if a.stopping.Load() {
		return errors.New("stopping")
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := a.store.Check(ctx); err != nil {
		return fmt.Errorf("the store: %w", err)
	}
	return nil
}

// load reads the flow file and checks it against what the operator gives.
func (a *app) load() (loaded, error) {
	l, err := readFlows(a.flowsPath)
	if err != nil {
		return l, err
	}
	if err := l.err(); err != nil {
		return l, err
	}
	var missing []string
	for _, name := range l.set.Secrets() {
		if !a.secrets[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 && !a.trial {
		return l, fmt.Errorf("the flows need secrets that the operator's file does not give: %s (write them under calls: secrets:)", strings.Join(missing, ", "))
	}
	if err := a.teacher.teach(l.set); err != nil {
		a.log.Error("the next start takes longer", "error", err)
	}
	return l, nil
}

// reload reads the flow file and the policy file again and swaps them in whole, or
// keeps both as they were and says why. Conversations that have begun go on with the
// version of the flows they began on.
func (a *app) reload(ctx context.Context) error {
	a.reloading.Lock()
	defer a.reloading.Unlock()
	l, err := a.load()
	policy, bad := a.policies.read()
	flowsAreGood := err == nil
	if err = errors.Join(err, bad); err == nil {
		// Those that are swapped out are kept for a while: a message that is being
		// decided now may still begin on one of them.
		if err = a.store.KeepFlows(ctx, l.set.Version, l.files, a.engine.Versions()...); err != nil {
			err = fmt.Errorf("storing the flows: %w", err)
		}
	}
	a.metrics.Reloaded(err == nil)
	switch {
	case err == nil:
	case flowsAreGood && bad != nil:
		a.log.ErrorContext(ctx, "the policy file was refused; the old one stays, and so do the flows", "error", err)
		return err
	default:
		a.log.ErrorContext(ctx, "the flow file was refused; the old one stays", "error", err)
		return err
	}
	a.policies.swap(policy)
	a.engine.SetFlows(l.set)
	a.log.InfoContext(ctx, "the flows were loaded again", "version", l.set.Version)
	return nil
}

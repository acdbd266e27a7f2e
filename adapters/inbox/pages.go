package inbox

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/handoff"
)

// pageView is what the page of the inbox shows.
type pageView struct {
	Business, Title string
	Me              string
	Here            string // the page's address, also when a form was answered in place
	Now             int64  // the server's clock, Unix milliseconds
	Queue           queueView
	Talk            *talkView
	Notice          string // why an act was refused
}

// shown is what a request asks to be shown after it was handled.
type shown struct {
	conversation string
	status       int
	notice       string
	text         string // typed and not sent
	draft        string // bot.MessageID of the draft that it began with
	noNext       bool   // say why there was nobody to take
}

func (in *Inbox) list(c *gin.Context, me handoff.Agent) {
	in.show(c, me, shown{status: http.StatusOK, noNext: c.Query("next") == "none"})
}

func (in *Inbox) conversation(c *gin.Context, me handoff.Agent) {
	in.show(c, me, shown{status: http.StatusOK, conversation: c.Param("id"), draft: c.Query("draft")})
}

// show renders the page, or with part=queue or part=conversation the part of it
// that the page's module puts in place.
func (in *Inbox) show(c *gin.Context, me handoff.Agent, s shown) {
	ctx := c.Request.Context()
	v, err := in.viewer(ctx, c.Request, me)
	if err != nil {
		in.fault(c, err)
		return
	}
	p := pageView{Business: in.Business(), Me: v.display(me.Name), Now: v.now.UnixMilli(), Notice: s.notice}
	part, t := c.Query("part"), parseTab(c.Query("tab"))
	if part != "conversation" {
		if p.Queue, err = in.queue(ctx, v, t, s.conversation); err != nil {
			in.fault(c, err)
			return
		}
		if s.noNext {
			p.Notice = p.Queue.noNext()
		}
	}
	if part != "queue" && s.conversation != "" {
		from, _ := strconv.ParseUint(c.Query("from"), 10, 64) // anything else: the newest
		talk, err := in.talk(ctx, v, t, s, from)
		if err != nil {
			in.fault(c, err)
			return
		}
		p.Talk = &talk
	}
	p.Title, p.Here = title(p), "/inbox"+t.query()
	if s.conversation != "" {
		p.Here = conversationURL(s.conversation, t)
	}
	name := "layout"
	if part == "queue" || part == "conversation" {
		name = part
	}
	in.render(c, s.status, in.templates.inbox, name, p)
}

// title tells in the browser's tab how many wait.
func title(p pageView) string {
	t := "Inbox"
	if p.Talk != nil {
		t = p.Talk.Name + " · Inbox"
	}
	if p.Queue.Waiting > 0 {
		t = "(" + strconv.Itoa(p.Queue.Waiting) + ") " + t
	}
	return t
}

func (in *Inbox) viewer(ctx context.Context, r *http.Request, me handoff.Agent) (viewer, error) {
	agents, err := in.Agents.Agents(ctx)
	if err != nil {
		return viewer{}, err
	}
	v := viewer{me: me, agents: make(map[string]string, len(agents)), now: time.Now(), zone: zone(r)}
	for _, a := range agents {
		v.agents[a.Name] = a.Display
		if a.Display == "" {
			v.agents[a.Name] = a.Name
		}
	}
	return v, nil
}

// zone is where the agent is: the page's module writes the browser's zone into a
// cookie. Without it, or with one this machine does not know, times are UTC and
// say so.
func zone(r *http.Request) *time.Location {
	cookie, err := r.Cookie("frontdesk_zone")
	if err != nil || cookie.Value == "" || len(cookie.Value) > 64 {
		return time.UTC
	}
	name, err := url.QueryUnescape(cookie.Value)
	if err != nil || strings.EqualFold(name, "local") {
		return time.UTC
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

func itoa(n uint64) string { return strconv.FormatUint(n, 10) }

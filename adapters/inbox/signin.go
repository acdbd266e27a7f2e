package inbox

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/adapters/page"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// nameMax is longer than any agent's name; a longer one is nobody's.
const nameMax = 100

// signInView is what the page of the sign-in shows.
type signInView struct {
	Business, Title string
	Name            string // as it was typed
	Conversation    string // where to go afterwards; empty: the list
	Unsent          string // an answer that could not be sent because the session was over
	Notice          string
}

// as runs h for a signed-in agent. Anybody else is shown the sign-in: as a
// redirect for pages, in place for forms, so that a typed answer is not lost.
func (in *Inbox) as(h func(*gin.Context, handoff.Agent)) gin.HandlerFunc {
	return func(c *gin.Context) {
		me, err := in.whose(c.Request.Context(), c.Request)
		id := c.Param("id")
		switch {
		case err == nil:
			h(c, me)
		case !errors.Is(err, errSignedOut):
			in.fault(c, err)
		case c.Request.Method == http.MethodGet && c.Query("part") == "" && c.FullPath() != "/inbox/events":
			to := "/inbox/sign-in"
			if id != "" {
				to += "?" + url.Values{"c": {id}}.Encode()
			}
			c.Redirect(http.StatusSeeOther, to)
		default:
			in.showSignIn(c, http.StatusUnauthorized, signInView{
				Conversation: id, Unsent: c.PostForm("text"),
				Notice: "Your session is over. Sign in again to go on.",
			})
		}
	}
}

func (in *Inbox) signInPage(c *gin.Context) {
	if _, err := in.whose(c.Request.Context(), c.Request); err == nil {
		c.Redirect(http.StatusSeeOther, after(c.Query("c")))
		return
	}
	in.showSignIn(c, http.StatusOK, signInView{Conversation: c.Query("c")})
}

func (in *Inbox) signIn(c *gin.Context) {
	v := signInView{Name: c.PostForm("name"), Conversation: c.PostForm("c")}
	name := strings.ToLower(strings.TrimSpace(v.Name))
	if wait, ok := in.tries.take(in.Client(c.Request), name, time.Now()); !ok {
		c.Header("Retry-After", strconv.Itoa(page.Seconds(wait)))
		v.Notice = "Too many tries. Wait " + words(page.Seconds(wait), "second") + " and try again."
		in.showSignIn(c, http.StatusTooManyRequests, v)
		return
	}
	agent, err := in.agent(c, name)
	if err != nil {
		in.fault(c, err)
		return
	}
	hash := agent.Password
	if hash == "" {
		hash = nobody
	}
	right, err := in.verify(c.Request.Context(), hash, c.PostForm("password"))
	if err != nil {
		in.fault(c, err)
		return
	}
	if !right || agent.Password == "" {
		in.Log.InfoContext(c.Request.Context(), "sign-in refused", "agent", agent.Name)
		v.Notice = "This name and this password do not belong together."
		in.showSignIn(c, http.StatusUnauthorized, v)
		return
	}
	if err := in.begin(c, agent.Name); err != nil {
		in.fault(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, after(v.Conversation))
}

// agent is the agent of a name, or a zero Agent when nobody has it.
func (in *Inbox) agent(c *gin.Context, name string) (handoff.Agent, error) {
	if name == "" || len(name) > nameMax {
		return handoff.Agent{}, nil
	}
	agent, err := in.Agents.Agent(c.Request.Context(), name)
	if errors.Is(err, bot.ErrNotFound) {
		return handoff.Agent{}, nil
	}
	return agent, err
}

func (in *Inbox) signOut(c *gin.Context) {
	if err := in.end(c); err != nil {
		in.fault(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, "/inbox/sign-in")
}

// after is where a sign-in leads. Only a conversation can be asked for, never
// an address, so nobody can be led elsewhere.
func after(conversation string) string {
	if conversation == "" {
		return "/inbox"
	}
	return "/inbox/c/" + url.PathEscape(conversation)
}

func (in *Inbox) showSignIn(c *gin.Context, status int, v signInView) {
	v.Business, v.Title = in.Business(), "Sign in"
	in.render(c, status, in.templates.signIn, "layout", v)
}

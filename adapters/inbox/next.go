package inbox

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// noneLeft is the list where an agent finds out why there is no next conversation.
const noneLeft = "/inbox?tab=" + string(tabUnassigned) + "&next=none"

// next claims the conversation that is first in line and leads to it.
func (in *Inbox) next(c *gin.Context, me handoff.Agent) {
	id, err := in.Acts.Next(c.Request.Context(), in.Reader, me.Name)
	switch {
	case errors.Is(err, bot.ErrNobody):
		c.Redirect(http.StatusSeeOther, noneLeft)
	case err != nil:
		in.fault(c, err)
	default:
		c.Redirect(http.StatusSeeOther, conversationURL(id, tabMine))
	}
}

// resolveAndNext closes a conversation and takes the next one. When it cannot be
// closed it stays on the page, with the reason.
func (in *Inbox) resolveAndNext(c *gin.Context, me handoff.Agent) {
	id := c.Param("id")
	if err := in.Acts.Resolve(c.Request.Context(), id, me.Name); err != nil {
		in.answer(c, me, shown{conversation: id}, err)
		return
	}
	in.next(c, me)
}

// noNext says why nobody was taken: those who are left cannot be answered, or were
// put behind, so that only a person's choice takes them.
func (q queueView) noNext() string {
	switch {
	case q.Ahead > 0: // somebody has come meanwhile
		return ""
	case q.Waiting == 1:
		return "Only one conversation is left, and it was put behind, as not all can be answered in time. Open it to take it."
	case q.Waiting > 1:
		return "The " + strconv.Itoa(q.Waiting) + " who are left were put behind, as not all can be answered in time. Open one to take it."
	case q.Closed > 0:
		return "Nobody waits whom you can answer: the windows of those in the list are closed."
	default:
		return "Nobody is waiting."
	}
}

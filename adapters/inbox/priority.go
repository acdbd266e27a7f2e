package inbox

import (
	"errors"

	"github.com/gin-gonic/gin"

	"frontdesk/handoff"
)

// priorityView is a priority to choose.
type priorityView struct {
	Name, Label string
	Is          bool // the ticket has it
}

// priorities are those that a ticket may get.
func priorities(t handoff.Ticket) (all []priorityView) {
	for _, p := range []handoff.Priority{handoff.Normal, handoff.High, handoff.Urgent} {
		all = append(all, priorityView{Name: p.String(), Label: sentence(p.String()), Is: t.Priority == p})
	}
	return all
}

// priority is a ticket's priority as a mark; empty: none.
func priority(t handoff.Ticket) string {
	if t.Priority == handoff.Normal {
		return ""
	}
	return sentence(t.Priority.String())
}

var errPriority = errors.New("there is no such priority")

// prefer gives a conversation a priority.
func (in *Inbox) prefer(c *gin.Context, me handoff.Agent) {
	id := c.Param("id")
	p, known := handoff.ParsePriority(c.PostForm("priority"))
	if !known {
		in.answer(c, me, shown{conversation: id}, errPriority)
		return
	}
	in.answer(c, me, shown{conversation: id}, in.Acts.Prefer(c.Request.Context(), id, me.Name, p))
}

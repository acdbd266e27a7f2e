package inbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"frontdesk/handoff"
)

// passView is to whom a conversation can be passed on.
type passView struct {
	Colleagues []string // as people call them
	Queues     []string
}

// passes are those to whom the viewer can pass a ticket on; nil: it is not theirs to pass.
func (in *Inbox) passes(v viewer, t handoff.Ticket) *passView {
	var p passView
	for _, name := range slices.Sorted(maps.Keys(v.agents)) {
		if name != t.Agent {
			p.Colleagues = append(p.Colleagues, v.display(name))
		}
	}
	for _, queue := range in.Acts.Queues() {
		if queue != t.Queue || t.Agent != "" {
			p.Queues = append(p.Queues, queue)
		}
	}
	return &p
}

// whoError says that what was typed names nobody, or more than one.
type whoError struct {
	typed string
	may   []string // who may be meant
}

func (e *whoError) Error() string {
	switch {
	case e.typed == "":
		return "Say to whom: a colleague's name, or a queue's."
	case len(e.may) == 0:
		return fmt.Sprintf("Not passed on: no colleague and no queue is called “%s”.", e.typed)
	default:
		return fmt.Sprintf("Not passed on: “%s” may be %s. Write more of the name.", e.typed, strings.Join(e.may, " or "))
	}
}

// target is a colleague or a queue.
type target struct {
	agent, queue string
	called       string // by people
}

// targets are all to whom anything can be passed on.
func (in *Inbox) targets(v viewer) (all []target) {
	for _, name := range slices.Sorted(maps.Keys(v.agents)) {
		all = append(all, target{agent: name, called: v.display(name)})
	}
	for _, queue := range in.Acts.Queues() {
		all = append(all, target{queue: queue, called: queue})
	}
	return all
}

// called finds the one whose name was typed, or whose name begins so when there is
// one only. An agent is also known by the name that they sign in with.
func called(all []target, typed string) (target, error) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	var exact, begins []target
	for _, t := range all {
		name := strings.ToLower(t.called)
		switch {
		case name == typed || t.agent == typed:
			exact = append(exact, t)
		case strings.HasPrefix(name, typed):
			begins = append(begins, t)
		}
	}
	if len(exact) == 0 {
		exact = begins
	}
	if len(exact) == 1 && typed != "" {
		return exact[0], nil
	}
	e := &whoError{typed: typed}
	for _, t := range exact {
		e.may = append(e.may, t.kind()+" "+t.called)
	}
	return target{}, e
}

func (t target) kind() string {
	if t.agent != "" {
		return "the colleague"
	}
	return "the queue"
}

// pass gives a conversation to a colleague, or into another queue.
func (in *Inbox) pass(c *gin.Context, me handoff.Agent) {
	id, to, note := c.Param("id"), c.PostForm("to"), line(c.PostForm("note"))
	v, err := in.viewer(c.Request.Context(), c.Request, me)
	if err != nil {
		in.fault(c, err)
		return
	}
	t, err := called(in.targets(v), line(to))
	switch {
	case err != nil:
	case len(note) > noteMax:
		err = errTooLong
	case t.agent != "":
		err = in.Acts.Assign(c.Request.Context(), id, me.Name, t.agent, note)
	default:
		err = in.Acts.Transfer(c.Request.Context(), id, me.Name, t.queue, note)
	}
	in.answer(c, me, shown{conversation: id}, err)
}

// noteMax is the longest note for a colleague, in bytes.
const noteMax = 2 << 10

// line is what was typed into a field of one line.
func line(s string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
}

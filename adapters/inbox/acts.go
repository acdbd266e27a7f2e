package inbox

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

const (
	// textMax is the longest answer in bytes. The engine sends one that is longer
	// than the channel's messages as several; this keeps them few.
	textMax  = 16 << 10
	nonceMax = 64
)

// act is the handler of a button.
func (in *Inbox) act(do func(ctx context.Context, conversation, agent string) error) func(*gin.Context, handoff.Agent) {
	return func(c *gin.Context, me handoff.Agent) {
		id := c.Param("id")
		in.answer(c, me, shown{conversation: id}, do(c.Request.Context(), id, me.Name))
	}
}

// typed is what the composer's form holds.
type typed struct {
	text  string
	nonce string
	draft string // bot.MessageID of the draft whose words the text began with; may be empty
}

// readTyped gives as much as could be read beside an error.
func readTyped(c *gin.Context) (f typed, err error) {
	if err := c.Request.ParseForm(); err != nil {
		return f, err
	}
	// Browsers send line ends of forms as CR LF.
	f.text = strings.ReplaceAll(strings.ToValidUTF8(c.PostForm("text"), "\uFFFD"), "\r\n", "\n")
	f.nonce, f.draft = c.PostForm("nonce"), c.PostForm("draft")
	if len(f.text) > textMax || len(f.nonce) > nonceMax {
		return f, errTooLong
	}
	return f, nil
}

// sending is the handler of a button that sends what was typed.
func (in *Inbox) sending(do typedAct) func(*gin.Context, handoff.Agent) {
	return func(c *gin.Context, me handoff.Agent) {
		id := c.Param("id")
		f, err := readTyped(c)
		if err == nil {
			err = do(c, id, me.Name, f)
		}
		if err != nil {
			in.answer(c, me, shown{conversation: id, text: f.text, draft: f.draft}, err)
			return
		}
		in.answer(c, me, shown{conversation: id}, nil)
	}
}

func (in *Inbox) reply(c *gin.Context, id, agent string, f typed) error {
	if f.draft == "" {
		return in.Acts.Reply(c.Request.Context(), id, agent, f.text, f.nonce)
	}
	return in.Acts.ReplyInstead(c.Request.Context(), id, agent, f.text, f.draft, f.nonce)
}

func (in *Inbox) replyAndResolve(c *gin.Context, id, agent string, f typed) error {
	return in.Acts.ReplyAndResolve(c.Request.Context(), id, agent, bot.Answer{Text: f.text, Draft: f.draft, Nonce: f.nonce})
}

// typedAct is an act with what stands in the composer.
type typedAct func(c *gin.Context, conversation, agent string, f typed) error

// typing is the handler of a button that leaves alone what stands in the composer.
func (in *Inbox) typing(do typedAct) func(*gin.Context, handoff.Agent) {
	return func(c *gin.Context, me handoff.Agent) {
		id := c.Param("id")
		f, err := readTyped(c)
		if err == nil {
			err = do(c, id, me.Name, f)
		}
		in.answer(c, me, shown{conversation: id, text: f.text, draft: f.draft}, err)
	}
}

// answer shows what came of an act: the conversation as it is now, with the text
// that was not sent, and the reason when the act was refused.
func (in *Inbox) answer(c *gin.Context, me handoff.Agent, s shown, err error) {
	if err == nil {
		if c.Query("part") == "" && s.text == "" {
			c.Redirect(http.StatusSeeOther, conversationURL(s.conversation, parseTab(c.Query("tab"))))
			return
		}
		s.status = http.StatusOK
		in.show(c, me, s)
		return
	}
	v, broken := in.viewer(c.Request.Context(), c.Request, me)
	if broken != nil {
		in.fault(c, broken)
		return
	}
	s.status, s.notice = explain(err, v.display)
	if strings.TrimSpace(s.text) != "" && !strings.HasPrefix(s.notice, "Not sent") {
		s.notice = "Not sent. " + s.notice + " What you wrote is kept."
	}
	switch s.status {
	case http.StatusConflict, http.StatusUnprocessableEntity:
		in.show(c, me, s)
	default:
		in.fault(c, err)
	}
}

var errTooLong = errors.New("the answer is too long")

// explain turns an error into an HTTP status and into words for the agent. It
// is the only place that does.
func explain(err error, display func(string) string) (status int, text string) {
	if display == nil {
		display = func(name string) string { return name }
	}
	if taken, ok := errors.AsType[*handoff.TakenError](err); ok {
		return http.StatusConflict, display(taken.Agent) + " has this conversation."
	}
	if settled, ok := errors.AsType[*bot.SettledError](err); ok {
		return http.StatusConflict, dealtWith(settled, display)
	}
	if _, ok := errors.AsType[*handoff.MoveError](err); ok {
		return http.StatusConflict, "This is not possible any more. The conversation is shown as it is now."
	}
	if late, ok := errors.AsType[*lateError](err); ok {
		return http.StatusUnprocessableEntity, late.Error()
	}
	if who, ok := errors.AsType[*whoError](err); ok {
		return http.StatusUnprocessableEntity, who.Error()
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge, "This is far too long to be sent."
	}
	switch {
	case errors.Is(err, handoff.ErrResolved):
		return http.StatusConflict, "This conversation is not waiting for a person any more."
	case errors.Is(err, handoff.ErrNotClaimed):
		return http.StatusConflict, "Claim the conversation first, then answer."
	case errors.Is(err, bot.ErrConflict):
		return http.StatusConflict, "Somebody changed the conversation at the same moment. Try again."
	case errors.Is(err, bot.ErrWindowClosed):
		return http.StatusUnprocessableEntity, "Not sent: the window is closed. An answer is possible again when the customer writes."
	case errors.Is(err, bot.ErrChannelOff):
		return http.StatusUnprocessableEntity, "Not sent: this channel is switched off. Ask whoever runs frontdesk."
	case errors.Is(err, bot.ErrEmptyReply):
		return http.StatusUnprocessableEntity, "Write something first."
	case errors.Is(err, bot.ErrNoTemplate):
		return http.StatusUnprocessableEntity, "Not sent: there is no template that may go to this customer now."
	case errors.Is(err, errTooLong):
		return http.StatusUnprocessableEntity, "Not sent: this is too long. Shorten it, or send it in parts."
	case errors.Is(err, bot.ErrNotFound):
		return http.StatusNotFound, "There is no such conversation."
	case errors.Is(err, handoff.ErrPast), errors.Is(err, errMoment):
		return http.StatusUnprocessableEntity, "Not snoozed: choose a moment that is still to come."
	case errors.Is(err, handoff.ErrLabel):
		return http.StatusUnprocessableEntity, "This cannot be a label: write a word or a few, of 40 letters at most."
	case errors.Is(err, handoff.ErrLabels):
		return http.StatusUnprocessableEntity, "This conversation has 20 labels already. Take one off first."
	case errors.Is(err, errPriority):
		return http.StatusUnprocessableEntity, "There is no such priority."
	case errors.Is(err, bot.ErrNoQueue):
		return http.StatusUnprocessableEntity, "There is no such queue any more."
	case errors.Is(err, handoff.ErrSameQueue):
		return http.StatusConflict, "The conversation waits in this queue already."
	case errors.Is(err, bot.ErrNobody):
		return http.StatusNotFound, "Nobody waits whom you can answer."
	default:
		return http.StatusInternalServerError, "Something went wrong here. Nothing is lost; try again in a moment."
	}
}

// dealtWith says who was quicker with a draft, and what they did.
func dealtWith(s *bot.SettledError, display func(string) string) string {
	who := display(s.Agent)
	switch {
	case s.Agent == "":
		return "This draft was dealt with already."
	case s.Way == bot.WayUsed:
		return who + " has answered with this draft already."
	case s.Way == bot.WayNote:
		return who + " has kept this draft as a note already."
	default:
		return who + " has left this draft already."
	}
}

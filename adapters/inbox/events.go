package inbox

import (
	"context"
	"encoding/json"

	"github.com/gin-gonic/gin"

	"frontdesk/adapters/page"
	"frontdesk/bot"
	"frontdesk/handoff"
)

// events tells the page which conversation changed. It ends with the session,
// within one ping.
func (in *Inbox) events(c *gin.Context, me handoff.Agent) {
	leave, ok := in.streams.Hold(c.Writer, me.Name)
	if !ok {
		return
	}
	defer leave()
	hints, end := in.Hub.Subscribe("")
	defer end()
	page.Stream{
		Hints: hints, Done: in.Done, Data: hintData,
		Alive: func(ctx context.Context) bool {
			agent, err := in.whose(ctx, c.Request)
			return err == nil && agent.Name == me.Name
		},
	}.Serve(c.Writer, c.Request)
}

func hintData(h bot.Hint) string {
	body, err := json.Marshal(struct {
		Conversation string `json:"conversation"` // empty: any
	}{h.Conversation})
	if err != nil {
		return "{}" // read everything again
	}
	return string(body)
}

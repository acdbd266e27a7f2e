package inbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/handoff"
)

// quoteView is what an answer costs, in words. The page's module asks for it again
// while the text grows.
type quoteView struct {
	Now   string `json:"now"`   // "2 messages, 0.0136 USD"; empty: it may not be sent
	Later string `json:"later"` // "until 14:20, after that only a template, 0.0068 USD"; empty: nothing changes
}

// quote tells what an answer to a conversation costs. It has no words for a channel
// that is switched off.
func (in *Inbox) quote(ctx context.Context, v viewer, conversation, channel, text string) (quoteView, bot.Quote, error) {
	q, err := in.Acts.Quote(ctx, bot.Asked{Conversation: conversation, Author: window.Human, Text: text})
	if errors.Is(err, bot.ErrChannelOff) {
		return quoteView{}, q, nil
	}
	if err != nil {
		return quoteView{}, q, err
	}
	limits, _ := in.Limits(channel)
	return quoteView{Now: v.nowCosts(q), Later: v.laterCosts(q, limits.Templates)}, q, nil
}

// quoted answers the page's module. The text comes in the body: addresses are
// written into the logs of every proxy.
func (in *Inbox) quoted(c *gin.Context, me handoff.Agent) {
	f, err := readTyped(c)
	if err != nil {
		in.fault(c, err)
		return
	}
	ctx, id := c.Request.Context(), c.Param("id")
	row, err := in.Reader.Conversation(ctx, id)
	if err != nil {
		in.fault(c, err)
		return
	}
	says, _, err := in.quote(ctx, viewer{me: me, now: time.Now(), zone: zone(c.Request)}, id, row.Conversation.Channel, f.text)
	if err != nil {
		in.fault(c, err)
		return
	}
	c.JSON(http.StatusOK, says)
}

// nowCosts is what an answer costs that is sent now.
func (v viewer) nowCosts(q bot.Quote) string {
	if q.Why != window.WhyNothing {
		return ""
	}
	says := v.sum(q)
	if q.Messages > 1 {
		return words(q.Messages, "message") + ", " + says
	}
	return says
}

// sum is what all messages of an answer cost together, and why some cost nothing.
func (v viewer) sum(q bot.Quote) string {
	switch because := q.Because(v.now); {
	case because == window.BecauseEntry:
		return "free until " + v.moment(q.FreeUntil) + ", " + arrival(q.Came)
	case because == window.BecauseAllotment && q.Free < q.Messages:
		return strconv.Itoa(q.Free) + " free, " + price(q.Total)
	case because == window.BecauseAllotment:
		return "free, " + strconv.Itoa(q.FreeLeft) + " left this month"
	default:
		return price(q.Total)
	}
}

// arrival is how a customer came, where all is free because of that.
func arrival(how window.Start) string {
	switch how {
	case window.StartAd:
		return "advertisement"
	case window.StartLink:
		return "link"
	case window.StartPlugin:
		return "from a page"
	default:
		return "because of how the customer came"
	}
}

// laterCosts is until when that holds, and what is possible afterwards.
func (v viewer) laterCosts(q bot.Quote, templates bool) string {
	if q.Why != window.WhyNothing || q.Until.IsZero() {
		return ""
	}
	says := "until " + v.moment(q.Until) + ", after that "
	if !templates {
		return says + "not before the customer writes"
	}
	return says + "only a template, " + price(q.Later)
}

// price is an amount as it is said: what is not known is never nothing.
func price(a window.Amount) string {
	if !a.Known {
		return "price unknown"
	}
	return a.String()
}

package webchat

import (
	"context"
	"strings"
	"sync"
	"testing"

	"frontdesk/adapters/channeltest"
	"frontdesk/bot"
)

// shown is the channel, and what its page makes of each message that it took:
// the page reads the store, in which a message is before it is sent.
type shown struct {
	*Channel
	mu   sync.Mutex
	took []channeltest.Accepted
}

func (s *shown) Send(ctx context.Context, o bot.Outgoing) (bot.Sent, error) {
	sent, err := s.Channel.Send(ctx, o)
	if err == nil {
		l := show(o.Message, "")
		var text strings.Builder
		for _, p := range l.Parts {
			text.WriteString(p.Text)
		}
		took := channeltest.Accepted{ID: sent.ExternalID, Text: text.String(), Choices: l.Choices, Layout: o.Message.Layout}
		if l.File != nil {
			took.Media = &bot.Media{Kind: l.File.Kind, URL: l.File.URL}
			if l.File.Name != fileName(bot.Kind(l.File.Kind)) {
				took.Media.Filename = l.File.Name
			}
		}
		if l.Locate {
			took.Wants = bot.WantsLocation
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.took = append(s.took, took)
	}
	return sent, err
}

func TestTheWebChatIsAChannel(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, func(t *testing.T) channeltest.Harness {
		s := &shown{Channel: newDesk(t, nil).chat}
		return channeltest.Harness{
			Channel: s,
			To:      []bot.Alias{visitorOf("TOKEN").alias("webchat")},
			Took: func() []channeltest.Accepted {
				s.mu.Lock()
				defer s.mu.Unlock()
				return s.took
			},
		}
	})
}

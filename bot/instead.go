package bot

import (
	"context"
	"errors"
	"time"

	"frontdesk/handoff"
)

// ReplyInstead is Reply with words that take the place of a draft: the answer is
// decided and the draft dealt with in one commit, so that of two pages that answer
// with it one sends. The draft is named by its MessageID, and may be of another
// conversation of the same customer; what names no draft of theirs changes nothing
// about the answer. Errors: those of Reply, *SettledError when somebody was quicker,
// and *handoff.TakenError also when somebody else has the draft's conversation.
func (e *Engine) ReplyInstead(ctx context.Context, conversation, agent, text, draft, nonce string) error {
	event := replying(conversation, agent, nonce)
	return e.act(ctx, conversation, event, e.insteadOf(ctx, agent, draft, reply(agent, text, event)))
}

// instead is an answer with what becomes of the draft that it takes the place of;
// the zero Snapshot is of none.
func instead(s, of Snapshot, answer []Change, agent string, r rules, now time.Time) ([]Change, error) {
	if len(of.Messages) == 0 || of.Contact.ID != s.Contact.ID {
		return answer, nil
	}
	var taken *handoff.TakenError
	if _, err := of.Ticket.Release(agent); errors.As(err, &taken) {
		return nil, err
	}
	if of.Conversation.ID == s.Conversation.ID {
		s.Messages = of.Messages
		of = s.after(answer)
	}
	settled, err := settle(of, agent, WayUsed, r, now)
	return append(answer, settled...), err
}

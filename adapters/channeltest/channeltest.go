// Package channeltest is what every bot.Channel must do. Each channel's tests
// run it against the real channel and a far side of their own; only tests import
// it.
package channeltest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows/carry"
)

// Trouble is how a far side answers instead of taking a message.
type Trouble string

// The troubles.
const (
	Busy     Trouble = "too many requests"             // refused, with a demand to wait for 7 seconds
	Broken   Trouble = "the platform has a fault"      // it says that it did not take the message
	Refusing Trouble = "the account may not send"      // the token or the account is not in order
	Closed   Trouble = "the window is closed"          // too late to answer this customer
	Gateway  Trouble = "a gateway gave up"             // nobody knows whether the message was taken
	Garbage  Trouble = "accepted, answered in garbage" // taken, but the answer is no answer
	Empty    Trouble = "accepted, answered without id" // taken, but the answer lacks the message's id
	Lost     Trouble = "accepted, connection lost"     // taken, then the connection breaks
	Hanging  Trouble = "accepted, then silence"        // taken, and no answer until the sender leaves
	Talking  Trouble = "refused with an indiscretion"  // an error whose words repeat token and text
	Absent   Trouble = "nobody listens"                // the connection is refused
)

// Wants is how a send into each trouble must end.
var wants = map[Trouble]bot.Class{
	Busy:     bot.ClassWait,
	Broken:   bot.ClassRetry,
	Refusing: bot.ClassAlarm,
	Closed:   bot.ClassFail,
	Gateway:  bot.ClassUnknown,
	Garbage:  bot.ClassUnknown,
	Empty:    bot.ClassUnknown,
	Lost:     bot.ClassUnknown,
	Hanging:  bot.ClassUnknown,
	Talking:  bot.ClassFail,
	Absent:   bot.ClassRetry,
}

// Harness is a channel with its far side, made for one test.
type Harness struct {
	Channel bot.Channel
	To      []bot.Alias // a customer who can be sent to
	Secrets []string    // must never show: tokens, keys
	// Took gives what the far side has accepted so far, in order.
	Took func() []Accepted
	// Trouble makes the far side answer all that follows in this way; it reports
	// false when the channel cannot have it. nil: the channel has no far side
	// over a network, and only what needs none is run.
	Trouble func(Trouble) bool
	// Came is sent to whenever a request has come and its answer hangs.
	Came <-chan struct{}
	// Fails names the troubles that end otherwise on this channel, with its reason at hand.
	Fails map[Trouble]bot.Class
}

// Accepted is a message as the far side saw it.
type Accepted struct {
	ID      string // Message.ID, as the channel handed it over
	Text    string
	Choices []bot.Choice
	Layout  bot.Layout
	// Media has Kind and URL, and Filename where the platform has a place for it.
	Media    *bot.Media
	Template *bot.Template
	Wants    string
}

// Run runs the suite. open makes a new harness and closes it when its test ends.
func Run(t *testing.T, open func(t *testing.T) Harness) {
	t.Run("its limits make sense", func(t *testing.T) {
		t.Parallel()
		limits(t, open(t))
	})
	t.Run("it sends what its limits allow", func(t *testing.T) {
		t.Parallel()
		sends(t, open(t))
	})
	t.Run("it sends all that is made to fit it", func(t *testing.T) {
		t.Parallel()
		fits(t, open(t))
	})
	t.Run("it refuses who is no customer of its own", func(t *testing.T) {
		t.Parallel()
		strangers(t, open(t))
	})
	t.Run("it sends from many goroutines at once", func(t *testing.T) {
		t.Parallel()
		crowd(t, open(t))
	})
	t.Run("it shows no secret when it is printed", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		noSecrets(t, h, h.Channel)
	})
	t.Run("a send that is cancelled before it began is known not to be sent", func(t *testing.T) {
		t.Parallel()
		early(t, open(t))
	})
	for trouble, class := range wants {
		t.Run(string(trouble), func(t *testing.T) {
			t.Parallel()
			h := open(t)
			if h.Trouble == nil || !h.Trouble(trouble) {
				return
			}
			if c, ok := h.Fails[trouble]; ok {
				class = c
			}
			troubled(t, h, trouble, class)
		})
	}
}

func limits(t *testing.T, h Harness) {
	l := h.Channel.Limits()
	if h.Channel.Name() == "" {
		t.Error("the channel has no name")
	}
	if !slices.Contains(carry.Kinds(), l.Kind) {
		t.Errorf("the kind is %q, none of carry.Kinds", l.Kind)
	}
	if !reflect.DeepEqual(l, h.Channel.Limits()) {
		t.Error("the limits change")
	}
	if l.Unit != bot.UTF16 && l.Unit != bot.Bytes {
		t.Errorf("the unit is %q", l.Unit)
	}
	if l.Text < 160 {
		t.Errorf("a text holds only %d", l.Text)
	}
	if (l.Buttons > 0) != (l.ButtonTitle > 0) || (l.Buttons > 0) != (l.ButtonText > 0) {
		t.Errorf("buttons %d, their titles %d, the text above them %d: all or none", l.Buttons, l.ButtonTitle, l.ButtonText)
	}
	if (l.List > 0) != (l.ListTitle > 0) || (l.List > 0) != (l.ListText > 0) {
		t.Errorf("rows %d, their titles %d, the text above them %d: all or none", l.List, l.ListTitle, l.ListText)
	}
	if l.Header && l.Caption == 0 || l.PlaceWith && l.PlaceText == 0 {
		t.Errorf("a file above buttons or a place among them, and no room for a text: %+v", l.Limits)
	}
	if len(l.Window.Rules) == 0 {
		t.Error("nothing says until when who may write")
	}
	if l.UnknownWait < 0 || slices.ContainsFunc(l.Window.Rules, func(r window.Rule) bool { return r.Length < 0 || r.Channel != l.Kind }) {
		t.Errorf("negative time, or a rule of another kind of channel, in %+v", l)
	}
}

// Outgoing makes the message number seq of a conversation to the harness's customer.
func (h Harness) outgoing(seq uint64, m bot.Message) bot.Outgoing {
	m.Conversation, m.Seq, m.Author, m.Kind = "c1", seq, bot.AuthorBot, bot.KindText
	if m.Media != nil {
		m.Kind = bot.Kind(m.Media.Kind)
	}
	m.At, m.State = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), bot.StateQueued
	return bot.Outgoing{Message: m, To: h.To}
}

// length counts as the channel does.
func length(u bot.Unit, s string) int {
	if u == bot.Bytes {
		return len(s)
	}
	return len(utf16.Encode([]rune(s)))
}

// fill makes a text of exactly n units, with letters of every width in it.
func fill(u bot.Unit, n int, head string) string {
	const wide = "ä€🙂"
	s := head
	if length(u, s+wide) <= n {
		s += wide
	}
	return s + strings.Repeat("x", max(n-length(u, s), 0))
}

func sendError(t *testing.T, err error) *bot.SendError {
	t.Helper()
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("the error is a %T (%v), not a *bot.SendError", err, err)
	}
	if e.Code == "" || e.Reason == "" {
		t.Errorf("the error has no code or no reason: %v", err)
	}
	return e
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

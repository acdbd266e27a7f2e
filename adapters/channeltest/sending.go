package channeltest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"frontdesk/bot"
)

// sends sends a text, buttons and a list, each at the channel's limits, and one
// of each that is small, and looks at what arrived.
func sends(t *testing.T, h Harness) {
	l := h.Channel.Limits()
	messages := []bot.Message{
		{Text: "Hello & <welcome> \"you\""},
		{Text: "https://shop.example/t/9?a=1&b=2"},
		{Text: fill(l.Unit, l.Text, "")},
	}
	for _, n := range slices.Compact([]int{min(1, l.Buttons), l.Buttons}) {
		if n > 0 {
			messages = append(messages, bot.Message{
				Text: fill(l.Unit, l.ButtonText, ""), Layout: bot.LayoutButtons, Choices: longID(l, choices(l.Unit, n, l.ButtonTitle)),
			})
		}
	}
	for _, n := range slices.Compact([]int{min(1, l.List), l.List}) {
		if n > 0 {
			messages = append(messages, bot.Message{
				Text: fill(l.Unit, l.ListText, ""), Layout: bot.LayoutList, Choices: longID(l, choices(l.Unit, n, l.ListTitle)),
			})
		}
	}
	arrive(t, h, messages)
}

// arrive sends messages one after the other and looks at what came of each.
func arrive(t *testing.T, h Harness, messages []bot.Message) {
	t.Helper()
	seen := map[string]bool{}
	for i, m := range messages {
		o := h.outgoing(uint64(i+1), m)
		sent, err := h.Channel.Send(patience(t), o)
		if err != nil {
			t.Fatalf("message %d (%s): %v", i+1, m.Layout, err)
		}
		if sent.ExternalID == "" || seen[sent.ExternalID] {
			t.Errorf("message %d: the platform's id %q is empty or was given before", i+1, sent.ExternalID)
		}
		seen[sent.ExternalID] = true
		for _, a := range sent.Aliases {
			if a.Channel != h.Channel.Name() || a.Kind == "" || a.Value == "" {
				t.Errorf("message %d: the answer told the alias %+v", i+1, a)
			}
		}
	}
	took := h.Took()
	if len(took) != len(messages) {
		t.Fatalf("%d messages arrived of %d", len(took), len(messages))
	}
	for i, m := range messages {
		want := Accepted{
			ID: bot.MessageID("c1", uint64(i+1)), Text: m.Text, Choices: m.Choices, Layout: m.Layout,
			Media: m.Media, Template: m.Template, Wants: m.Wants,
		}
		got := took[i]
		if m.Template != nil {
			want.Text, got.Text = "", "" // the platform has its words
		}
		if m.Media != nil && got.Media != nil && got.Media.Filename == "" {
			nameless := *m.Media
			nameless.Filename = ""
			want.Media = &nameless
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("message %d was changed on its way (-want +got):\n%s", i+1, diff)
		}
	}
}

// choices makes n choices, the first with the longest title.
func choices(u bot.Unit, n, title int) []bot.Choice {
	var all []bot.Choice
	for i := range n {
		c := bot.Choice{ID: fmt.Sprintf("choice_%d", i), Title: fmt.Sprintf("No. %d", i)}
		if i == 0 {
			c.Title = fill(u, title, "0")
		}
		all = append(all, c)
	}
	return all
}

// longID gives the first choice the longest id that the channel takes, if there is one.
func longID(l bot.Limits, all []bot.Choice) []bot.Choice {
	if l.ChoiceID > 0 {
		all[0].ID = fill(l.Unit, l.ChoiceID, "main.menu:")
	}
	return all
}

func strangers(t *testing.T, h Harness) {
	for _, to := range [][]bot.Alias{nil, {{Channel: h.Channel.Name(), Kind: "pigeon", Value: "grey"}}} {
		o := h.outgoing(1, bot.Message{Text: "Hello"})
		o.To = to
		_, err := h.Channel.Send(patience(t), o)
		if e := sendError(t, err); e.Class != bot.ClassFail {
			t.Errorf("to %v: class %s, want %s", to, e.Class, bot.ClassFail)
		}
	}
	if n := len(h.Took()); n != 0 {
		t.Errorf("%d messages arrived", n)
	}
}

// crowd sends from many goroutines: each message arrives once. Order is the
// caller's business and not looked at.
func crowd(t *testing.T, h Harness) {
	const n = 64
	var wait sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]bool{}
	for i := range n {
		wait.Go(func() {
			sent, err := h.Channel.Send(patience(t), h.outgoing(uint64(i+1), bot.Message{Text: fmt.Sprintf("number %d", i+1)}))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			ids[sent.ExternalID] = true
		})
	}
	wait.Wait()
	arrived := map[string]bool{}
	for _, a := range h.Took() {
		arrived[a.ID] = true
	}
	if len(ids) != n || len(arrived) != n || len(h.Took()) != n {
		t.Errorf("%d ids were told, %d messages arrived, %d of them different; want %d", len(ids), len(h.Took()), len(arrived), n)
	}
}

// early cancels before the send: nothing may be sent, and the error says so.
func early(t *testing.T, h Harness) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Channel.Send(ctx, h.outgoing(1, bot.Message{Text: "Hello"}))
	if err == nil {
		if len(h.Took()) != 1 {
			t.Error("it says that it was sent, and nothing arrived")
		}
		return
	}
	if e := sendError(t, err); e.Class != bot.ClassRetry {
		t.Errorf("class %s, want %s", e.Class, bot.ClassRetry)
	}
	if n := len(h.Took()); n != 0 {
		t.Errorf("%d messages arrived", n)
	}
}

// troubled sends into a trouble. The error must say what may be done next, and
// nothing else.
func troubled(t *testing.T, h Harness, trouble Trouble, class bot.Class) {
	const text = "a-very-private-text"
	ctx := patience(t)
	if trouble == Hanging {
		// The caller loses its patience only when the message was taken.
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		done := make(chan struct{})
		defer func() { cancel(); <-done }()
		go func() {
			defer close(done)
			select {
			case <-h.Came:
				cancel()
			case <-ctx.Done():
			}
		}()
	}
	sent, err := h.Channel.Send(ctx, h.outgoing(1, bot.Message{Text: text}))
	if err == nil {
		t.Fatalf("it was sent as %q", sent.ExternalID)
	}
	e := sendError(t, err)
	if e.Class != class {
		t.Errorf("class %s, want %s (%v)", e.Class, class, e)
	}
	if e.Shut != (trouble == Closed) {
		t.Errorf("the window is shut: %t", e.Shut)
	}
	if trouble == Busy && e.RetryAfter != 7*time.Second {
		t.Errorf("to wait for %v, want 7s", e.RetryAfter)
	}
	h.Secrets = append(h.Secrets, text)
	noSecrets(t, h, err)
	noSecrets(t, h, e)
	noSecrets(t, h, *e)
}

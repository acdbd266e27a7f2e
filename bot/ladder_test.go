package bot

import (
	"testing"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

func TestTheLadderIsClimbedOneStepAtATime(t *testing.T) {
	t.Parallel()
	const deadline = "system Handed over to support: the window closes soon"
	rungs := []time.Duration{12 * time.Hour, 4 * time.Hour, 30 * time.Minute}
	for _, c := range []struct {
		name  string
		close time.Duration // BeforeClose
		done  int           // Conversation.Rungs
		left  time.Duration // until the window closes
		lines []string
		want  int           // Rungs afterwards
		next  time.Duration // before the close; 0: never
	}{
		{"the first rung", 2 * time.Hour, 0, 12 * time.Hour, []string{"bot rung 0"}, 1, 4 * time.Hour},
		{"the second", 2 * time.Hour, 1, 4 * time.Hour, []string{"bot rung 1"}, 2, 2 * time.Hour},
		{"two have passed and only the newer is said", 2 * time.Hour, 0, 3 * time.Hour, []string{"bot rung 1"}, 2, 2 * time.Hour},
		{"the handover comes without a rung", 2 * time.Hour, 0, 2 * time.Hour, []string{deadline}, 2, 0},
		{"and before later rungs", 2 * time.Hour, 2, time.Minute, []string{deadline}, 3, 0},
		{"also when the window is shut", 2 * time.Hour, 2, -time.Hour, []string{"system Handed over to support: the window has closed"}, 3, 0},
		{"without a handover all rungs are said", 0, 2, 30 * time.Minute, []string{"bot rung 2"}, 3, 0},
		{"but none into a shut window", 0, 1, 0, nil, 3, 0},
		{"nothing is done twice", 2 * time.Hour, 4, time.Hour, nil, 4, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			closes := noon.Add(c.left)
			s := talk(func(conversation *Conversation) {
				conversation.NewestInbound = closes.Add(-24 * time.Hour)
				conversation.Rungs, conversation.CloseAt = c.done, noon
			})
			w := wake(s, playing(&play{close: c.close, rungs: rungs}), noon)
			got := w.change.Conversation
			differ(t, "acted", true, w.acted)
			differ(t, "lines", c.lines, lines(w.change))
			differ(t, "rungs", c.want, got.Rungs)
			differ(t, "handed over", got.Status == handoff.Queued, got.Handed)
			var next time.Time
			if c.next > 0 {
				next = closes.Add(-c.next)
			}
			differ(t, "next", next, got.CloseAt)
		})
	}
}

func TestAHandoverBecauseTheWindowClosesKeepsWhatIsKnownOfTheCustomer(t *testing.T) {
	t.Parallel()
	s := talk(func(c *Conversation) {
		c.CloseAt, c.NewestInbound = noon, noon.Add(-23*time.Hour)
		c.Flow.Vars, c.Flow.Language, c.Flow.Chosen, c.Flow.Misses = map[string]any{"number": "7"}, "de", true, 1
		c.Gathered, c.AnswerAt = []string{"hm"}, noon.Add(time.Second)
	})
	w := wake(s, playing(&play{close: 2 * time.Hour}), noon)
	got := w.change.Conversation
	differ(t, "state", flows.State{Vars: map[string]any{"number": "7"}, Language: "de", Chosen: true}, got.Flow)
	differ(t, "status", handoff.Queued, got.Status)
	differ(t, "due again", time.Time{}, besides(got))
	differ(t, "gathered", []string(nil), got.Gathered)
	differ(t, "promise", noon.Add(15*time.Minute), w.change.Ticket.PromisedBy)
	differ(t, "window", noon.Add(time.Hour), w.change.Ticket.WindowCloses)
}

func TestWhenTheLadderIsClimbedNext(t *testing.T) {
	t.Parallel()
	day := Limits{Window: window.Shipped().For("whatsapp")}
	closes := noon.Add(24 * time.Hour) // the message is written at noon
	for _, c := range []struct {
		name   string
		play   *play
		limits Limits
		state  flows.State // after the step
		want   time.Time
	}{
		{"at the earliest rung", &play{rungs: []time.Duration{3 * time.Hour, time.Hour}, close: 2 * time.Hour}, day, at("ask"), closes.Add(-3 * time.Hour)},
		{"at the handover when it comes first", &play{rungs: []time.Duration{time.Hour}, close: 2 * time.Hour}, day, at("ask"), closes.Add(-2 * time.Hour)},
		{"never without a ladder", &play{}, day, at("ask"), time.Time{}},
		{"never where the flow is over", &play{close: 2 * time.Hour}, day, flows.State{}, time.Time{}},
		{"never on a channel without a window", &play{close: 2 * time.Hour}, Limits{}, at("ask"), time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.play.does = func(flows.State, flows.Input) flows.Result { return flows.Result{State: c.state} }
			r := playing(c.play)
			r.limits = c.limits
			s := talk(func(conversation *Conversation) { conversation.Rungs = 2 })
			got := decide(s, text("hi"), r, noon).Conversation
			differ(t, "next", c.want, got.CloseAt)
			differ(t, "a new message begins a new ladder", 0, got.Rungs)
		})
	}
	t.Run("a text that waits for further ones moves it, too", func(t *testing.T) {
		t.Parallel()
		got := decide(talk(), text("hi"), playing(&play{gather: time.Second, close: 2 * time.Hour}), noon).Conversation
		differ(t, "next", closes.Add(-2*time.Hour), got.CloseAt)
	})
	t.Run("for a message that came late as soon as it is answered", func(t *testing.T) {
		t.Parallel()
		late := text("hi")
		late.Message.At = noon.Add(-23 * time.Hour)
		s := talk(func(c *Conversation) { c.NewestInbound = noon.Add(-30 * time.Hour) })
		got := decide(s, late, playing(&play{close: 2 * time.Hour}), noon).Conversation
		differ(t, "next", noon.Add(lateWait), got.CloseAt)
		differ(t, "answered at", noon.Add(lateWait), got.AnswerAt)
	})
}

func TestWhoGivesAConversationBackLateKeepsItOutOfTheQueue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		left time.Duration
		want int       // Rungs
		done bool      // Handed
		next time.Time // CloseAt
	}{
		{"before everything", 20 * time.Hour, 0, false, noon.Add(8 * time.Hour)},
		{"after the first rung", 3 * time.Hour, 1, false, noon.Add(time.Hour)},
		{"after the handover", time.Hour, 1, true, time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := talk(func(conversation *Conversation) {
				conversation.Status, conversation.Flow = handoff.Assigned, flows.State{}
				conversation.NewestInbound = noon.Add(c.left - 24*time.Hour)
			})
			s.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Agent: "ana", OpenedAt: noon}
			p := &play{close: 2 * time.Hour, rungs: []time.Duration{12 * time.Hour}, does: does(flows.Result{State: at("menu")})}
			changes, err := handBack("ana")(s, playing(p), noon)
			if err != nil {
				t.Fatal(err)
			}
			got := changes[len(changes)-1].Conversation
			differ(t, "rungs", c.want, got.Rungs)
			differ(t, "handed over", c.done, got.Handed)
			differ(t, "next", c.next, got.CloseAt)
		})
	}
}

func TestWhoTakesOverEndsWhatTheBotWaitedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		act    act
		status handoff.Status
		agent  string
	}{
		{"claim", claim("ana"), handoff.Queued, ""},
		{"release", release("ana"), handoff.Assigned, "ana"},
		{"resolve", resolve("ana"), handoff.Assigned, "ana"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := talk(func(conversation *Conversation) {
				dueCall(conversation)
				conversation.Status = c.status
				conversation.SilentAt, conversation.AnswerAt, conversation.CloseAt = noon, noon, noon
				conversation.Gathered = []string{"hi"}
			})
			s.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Agent: c.agent, OpenedAt: noon}
			changes, err := c.act(s, playing(&play{}), noon)
			if err != nil {
				t.Fatal(err)
			}
			got := changes[0].Conversation
			if !besides(got).IsZero() || got.Call != nil || got.Gathered != nil {
				t.Errorf("it still waits: %+v", got)
			}
		})
	}
}

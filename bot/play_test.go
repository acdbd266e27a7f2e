package bot

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
	"frontdesk/handoff"
)

// play is a script that does what a test says, and records what it was told.
type play struct {
	does     func(st flows.State, in flows.Input) flows.Result // nil: nothing follows, the state stays
	adopts   func(st flows.State) (flows.State, bool)          // nil: nothing
	gather   time.Duration
	close    time.Duration
	rungs    []time.Duration
	people   bool   // the rungs are for people, too
	category string // of the template that reopens
	reopens  bool   // there is a template that asks to write again
	aside    bool   // who is to be handed over is led elsewhere once
	away     bool   // there is something to say when nobody will be there

	mu    sync.Mutex
	heard []flows.Input
	envs  []flows.Env
}

func (p *play) Step(st flows.State, in flows.Input, env flows.Env) flows.Result {
	p.mu.Lock()
	p.heard, p.envs = append(p.heard, in), append(p.envs, env)
	p.mu.Unlock()
	if _, closing := in.(flows.Closing); closing && p.aside && !st.Aside {
		st.Aside = true
		return flows.Result{State: st, Effects: []flows.Effect{flows.Say{Text: "What is your e-mail address?"}}}
	}
	if in, closing := in.(flows.Closing); closing {
		return flows.Result{State: anew(st), Effects: []flows.Effect{flows.Escalate{Queue: "support", Reason: in.Reason}}}
	}
	if p.does == nil {
		return flows.Result{State: st}
	}
	return p.does(st, in)
}

func (p *play) Adopt(st flows.State) (flows.State, bool) {
	if p.adopts == nil {
		return st, false
	}
	return p.adopts(st)
}

func (p *play) Gather() time.Duration      { return p.gather }
func (p *play) BeforeClose() time.Duration { return p.close }
func (p *play) Rungs() []time.Duration     { return p.rungs }
func (p *play) RungFor(i int) (bot, people bool) {
	return true, p.people
}

func (p *play) Fetching(flows.State, flows.Env) (flows.Say, bool) {
	return flows.Say{Text: "One moment."}, true
}

func (p *play) Reopen(flows.State, flows.Env) (flows.Say, bool) {
	return flows.Say{Text: "Please write again.", Template: &carry.Template{Name: "write_again", Language: "en", Category: p.category}}, p.reopens
}

func (p *play) Away(flows.State, flows.Env) (flows.Say, bool) {
	return flows.Say{Text: "nobody"}, p.away
}

func (p *play) Opts(words string, out bool) (flows.OptOut, bool) {
	switch {
	case words == "stop":
		return flows.OptOut{Out: true}, true
	case words == "start" && out:
		return flows.OptOut{}, true
	}
	return flows.OptOut{}, false
}
func (p *play) DefaultQueue() string { return "support" }
func (p *play) Rung(i int, _ flows.State, _ flows.Env) flows.Say {
	return flows.Say{Text: fmt.Sprintf("rung %d", i)}
}

// at is a state of the version that plays have in tests.
func at(node string) flows.State { return flows.State{Version: "v1", Flow: "main", Node: node} }

// playing are rules that follow a play on a channel as WhatsApp.
func playing(p *play) rules {
	limits, _ := carry.Of(carry.WhatsApp)
	n := 0
	return rules{
		current: edition{script: p, version: "v1", queues: map[string]flows.Queue{"support": {Name: "support", FirstReply: 15 * time.Minute}}},
		limits:  Limits{Limits: limits, Kind: carry.WhatsApp, Window: window.Shipped().For("whatsapp")},
		newID:   func() string { n++; return fmt.Sprintf("id%d", n) },
		callers: true, room: true,
	}
}

// talk is a conversation in the bot's hands whose window opened an hour before noon.
func talk(set ...func(*Conversation)) Snapshot {
	c := Conversation{
		ID: "c", Channel: "phone", Contact: "k", Status: handoff.Bot, Flow: at("ask"),
		NewestInbound: noon.Add(-time.Hour), LastSeq: 7, Version: 3, CreatedAt: noon.Add(-time.Hour),
	}
	for _, s := range set {
		s(&c)
	}
	return Snapshot{Contact: Contact{ID: "k", Name: "Mara Test", Language: "de-AT"}, Conversation: c, Seen: map[string]bool{}}
}

// besides is when a conversation wakes for more than its ticket's place in line.
func besides(c Conversation) time.Time {
	c.RankAt = time.Time{}
	return c.WakeAt()
}

// lines is what a change writes into the transcript, as "author text".
func lines(c Change) []string {
	var out []string
	for _, m := range c.Messages {
		out = append(out, string(m.Author)+" "+m.Text)
	}
	return out
}

func differ(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(callTally{}), cmp.Comparer(func(a, b func(string) bool) bool { return (a == nil) == (b == nil) })); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// does answers every input with the same result, at the state where it was asked
// unless the result says another.
func does(res flows.Result) func(flows.State, flows.Input) flows.Result {
	return func(st flows.State, _ flows.Input) flows.Result {
		r := res
		if !r.State.Begun() {
			r.State = st
		}
		return r
	}
}

func says(text string) flows.Effect { return flows.Say{Text: text} }

// hands over, as flows do: the state has not begun afterwards.
func over(flows.State, flows.Input) flows.Result {
	return flows.Result{Effects: []flows.Effect{flows.Escalate{Queue: "support", Reason: flows.ReasonFlow}}}
}

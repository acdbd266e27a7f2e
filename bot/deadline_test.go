package bot

import (
	"testing"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/hours"
	"frontdesk/handoff"
)

// office is a queue whose people are there from nine to five of London time, on
// all days but Sunday. Noon is a Monday.
func office(lead time.Duration) flows.Queue {
	b := hours.New(time.UTC)
	days := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
	b.Add(days, []hours.Span{{From: 9 * 60, To: 17 * 60}})
	week := b.Week()
	return flows.Queue{Name: "support", Hours: week, Staff: week.Staff(nil, 2, nil), Staffed: true, Lead: lead, Handling: 6 * time.Minute, FirstReply: 15 * time.Minute}
}

// staffed are rules with the people of an office.
func staffed(p *play, lead time.Duration) rules {
	r := playing(p)
	r.current.queues = map[string]flows.Queue{"support": office(lead)}
	return r
}

func TestPeopleMustHaveAConversationWhileTheyAreThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		wrote time.Duration // after noon on Monday
		by    time.Duration // after that; 0: there is none
		away  time.Duration // from when on nobody comes; 0: somebody does
	}{
		{"they are there when the window closes", 0, 23*time.Hour + 30*time.Minute, 0},
		{"they leave before it does", 8 * time.Hour, 28*time.Hour + 30*time.Minute, 29 * time.Hour},
		{"on Saturday they leave for two days", 5*24*time.Hour - 2*time.Hour, 5*24*time.Hour + 4*time.Hour + 30*time.Minute, 5*24*time.Hour + 5*time.Hour},
		{"they are back for too short a time", -3*time.Hour + 10*time.Minute, 4*time.Hour + 40*time.Minute, 0},
		{"nobody comes before it closes", 5*24*time.Hour + 6*time.Hour, 0, 5*24*time.Hour + 6*time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wrote := noon.Add(c.wrote)
			d := change(talk(func(conversation *Conversation) { conversation.NewestInbound = wrote }), staffed(&play{}, 30*time.Minute), wrote)
			got := d.ends(d.queue("support"))
			var by, away time.Time
			if c.by > 0 {
				by = noon.Add(c.by)
			}
			if c.away > 0 {
				away = noon.Add(c.away)
			}
			differ(t, "effective deadline", by, got.by)
			differ(t, "nobody from", away, got.away)
			differ(t, "closes", wrote.Add(24*time.Hour), got.people)
		})
	}
}

func TestTheBotHandsOverWhilePeopleAreThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		wrote time.Duration // after noon on Monday
		close time.Duration // before_close
		want  time.Duration // CloseAt, after noon on Monday; 0: never
	}{
		{"before_close comes first", 0, 2 * time.Hour, 22 * time.Hour},
		{"people want it earlier", 0, 10 * time.Minute, 23*time.Hour + 30*time.Minute},
		{"people have left by then", 8 * time.Hour, 2 * time.Hour, 28*time.Hour + 30*time.Minute},
		{"where nobody comes it is done before the close all the same", 5*24*time.Hour + 6*time.Hour, 2 * time.Hour, 6*24*time.Hour + 4*time.Hour},
		{"never where the file does not ask for it", 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wrote := noon.Add(c.wrote)
			p := &play{close: c.close, does: does(flows.Result{State: at("ask")})}
			in := text("hi")
			in.Message.At = wrote
			got := decide(talk(), in, staffed(p, 30*time.Minute), wrote).Conversation
			var want time.Time
			if c.want > 0 {
				want = noon.Add(c.want)
			}
			differ(t, "the ladder", want, got.CloseAt)
		})
	}
}

func TestATicketKnowsItsDeadlineAndWhatItTakes(t *testing.T) {
	t.Parallel()
	wrote := noon.Add(8 * time.Hour) // at eight in the evening
	p := &play{does: over}
	in := text("person")
	in.Message.At = wrote
	got := decide(talk(), in, staffed(p, 30*time.Minute), wrote)
	ticket := got.Ticket
	differ(t, "window", wrote.Add(24*time.Hour), ticket.WindowCloses)
	differ(t, "effective deadline", noon.Add(28*time.Hour+30*time.Minute), ticket.AnswerBy)
	differ(t, "handling", 6*time.Minute, ticket.Handling)
	differ(t, "weight", weightReopens, ticket.Weight)
	differ(t, "place", ticket.Stand(wrote), ticket.Place)
	differ(t, "judged again", ticket.Place.Next, got.Conversation.RankAt)

	again := wake(Snapshot{Contact: Contact{ID: "k"}, Conversation: got.Conversation, Ticket: *ticket}, staffed(p, 30*time.Minute), ticket.Place.Next)
	differ(t, "then", ticket.Stand(ticket.Place.Next), again.change.Ticket.Place)
	differ(t, "and again", again.change.Ticket.Place.Next, again.change.Conversation.RankAt)
}

func TestWhoWaitsForAPersonHearsThatTheWindowCloses(t *testing.T) {
	t.Parallel()
	rungs := []time.Duration{4 * time.Hour, 30 * time.Minute}
	for _, c := range []struct {
		name    string
		set     func(*Conversation)
		play    *play
		left    time.Duration // until the window closes
		lines   []string
		rungs   int
		next    time.Duration // before the close; 0: nothing more
		nowhere bool          // there is nothing to be done
	}{
		{
			name: "the rung that is for them", play: &play{rungs: rungs, people: true}, left: 4 * time.Hour,
			lines: []string{"bot rung 0"}, rungs: 1, next: 30 * time.Minute,
		},
		{
			name: "not those that are not", play: &play{rungs: rungs}, left: 4 * time.Hour, nowhere: true,
		},
		{
			name: "not who was answered", play: &play{rungs: rungs, people: true}, left: 4 * time.Hour,
			set: func(c *Conversation) { c.RepliedAt = noon.Add(-time.Minute) }, nowhere: true,
		},
		{
			name: "nothing into a shut window", play: &play{rungs: rungs, people: true}, left: 0, rungs: 2,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			closes := noon.Add(c.left)
			s := talk(func(conversation *Conversation) {
				conversation.Status, conversation.Flow, conversation.Ticket = handoff.Queued, flows.State{}, "t"
				conversation.NewestInbound, conversation.CloseAt = closes.Add(-24*time.Hour), noon
				if c.set != nil {
					c.set(conversation)
				}
			})
			s.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Queue: "support", OpenedAt: noon.Add(-time.Hour)}
			w := wake(s, playing(c.play), noon)
			got := w.change.Conversation
			differ(t, "lines", c.lines, lines(w.change))
			if c.nowhere {
				differ(t, "next", time.Time{}, got.CloseAt)
				return
			}
			differ(t, "rungs", c.rungs, got.Rungs)
			var next time.Time
			if c.next > 0 {
				next = closes.Add(-c.next)
			}
			differ(t, "next", next, got.CloseAt)
			for _, d := range w.change.Deliveries {
				differ(t, "nobody asked for it", true, d.Courtesy)
			}
		})
	}
}

func TestWhoWaitsIsToldOnceThatNobodyWillBeThere(t *testing.T) {
	t.Parallel()
	wrote := noon.Add(8 * time.Hour) // people leave at five tomorrow, and the window closes at eight
	p := &play{does: over, away: true}
	r := staffed(p, 30*time.Minute)
	in := text("person")
	in.Message.At = wrote
	first := decide(talk(), in, r, wrote)
	left := noon.Add(29 * time.Hour)
	differ(t, "planned", left, first.Conversation.CloseAt)
	s := Snapshot{Contact: Contact{ID: "k"}, Conversation: first.Conversation, Ticket: *first.Ticket}
	s.Conversation.RankAt = time.Time{}
	w := wake(s, r, left)
	differ(t, "said", []string{"bot nobody"}, lines(w.change))
	differ(t, "noted", true, w.change.Conversation.Away)
	differ(t, "planned then", time.Time{}, w.change.Conversation.CloseAt)

	again := text("still there")
	again.Message.At = left.Add(time.Minute)
	s = s.advance(w.change)
	next := decide(s, again, r, again.Message.At)
	differ(t, "people come before the new window closes", false, next.Conversation.Away)
}

func TestThatNobodyIsThereIsNotRepeatedAtEachMessage(t *testing.T) {
	t.Parallel()
	saturday := noon.Add(5*24*time.Hour + 6*time.Hour) // at six in the evening, until Monday
	p := &play{does: over, away: true}
	r := staffed(p, 30*time.Minute)
	in := text("person")
	in.Message.At = saturday
	first := decide(talk(), in, r, saturday)
	differ(t, "the step says so", true, first.Conversation.Away)
	s := Snapshot{Contact: Contact{ID: "k"}, Conversation: first.Conversation, Ticket: *first.Ticket}
	again := text("hello?")
	again.Message.At = saturday.Add(time.Minute)
	next := decide(s, again, r, again.Message.At).Conversation
	differ(t, "so it was said", true, next.Away)
	differ(t, "nothing is due", time.Time{}, next.CloseAt)

	s.Conversation.Status, s.Conversation.Away = handoff.Assigned, false
	s.Ticket.Agent = "ana"
	differ(t, "a person who has it says what there is to say", time.Time{}, decide(s, again, r, again.Message.At).Conversation.CloseAt)
}

func TestCustomersOptOutAndBackIn(t *testing.T) {
	t.Parallel()
	p := &play{does: func(st flows.State, in flows.Input) flows.Result {
		return flows.Result{State: st, Effects: []flows.Effect{flows.OptOut{Out: in == flows.Said{Text: "stop"}}}}
	}}
	r := playing(p)
	out := decide(talk(), text("stop"), r, noon)
	differ(t, "since", noon, out.Contact.OptedOutAt)
	differ(t, "noted", "The customer asked to be sent nothing but answers", out.Messages[1].Text)
	s := talk().advance(out)
	differ(t, "twice changes nothing", (*Contact)(nil), decide(s, text("stop"), r, noon.Add(time.Second)).Contact)
	back := decide(s, text("start"), r, noon.Add(time.Second))
	differ(t, "and back", time.Time{}, back.Contact.OptedOutAt)

	queued := talk(func(c *Conversation) { c.Status, c.Ticket = handoff.Queued, "t" })
	queued.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Queue: "support", OpenedAt: noon}
	differ(t, "also while a person is waited for", noon, decide(queued, text("stop"), r, noon).Contact.OptedOutAt)
}

func TestWhoWasLedAsideIsHandedOverAtTheLastMoment(t *testing.T) {
	t.Parallel()
	p := &play{close: 2 * time.Hour, aside: true}
	r := staffed(p, 30*time.Minute)
	wrote := noon.Add(5*24*time.Hour + 6*time.Hour) // on Saturday evening, until Monday nobody comes
	s := talk(func(c *Conversation) { c.NewestInbound, c.CloseAt = wrote, wrote.Add(22*time.Hour) })
	first := wake(s, r, wrote.Add(22*time.Hour)).change
	differ(t, "asked for another way", []string{"bot What is your e-mail address?"}, lines(first))
	differ(t, "still the bot's", handoff.Bot, first.Conversation.Status)
	last := wrote.Add(24*time.Hour - lastWord)
	differ(t, "until", last, first.Conversation.CloseAt)
	later := text("no")
	later.Message.At = wrote.Add(23 * time.Hour) // people come before the new window closes
	again := decide(s.advance(first), later, r, later.Message.At).Conversation
	differ(t, "then while people are there", wrote.Add(45*time.Hour), again.CloseAt)
	then := wake(s.advance(first), r, last).change
	differ(t, "then a person's", handoff.Queued, then.Conversation.Status)
	differ(t, "once", true, then.Conversation.Handed)
}

func TestAPromiseRunsWhilePeopleAreThere(t *testing.T) {
	t.Parallel()
	q := office(0)
	for _, c := range []struct {
		name    string
		promise time.Duration
		now     time.Duration // after noon on Monday
		want    time.Duration // after that; 0: nothing is promised
	}{
		{"at once", 15 * time.Minute, 0, 15 * time.Minute},
		{"over the night", 2 * time.Hour, 4 * time.Hour, 22 * time.Hour},
		{"from the opening", 15 * time.Minute, 10 * time.Hour, 21*time.Hour + 15*time.Minute},
		{"over Sunday", 2 * time.Hour, 5*24*time.Hour + 4*time.Hour, 6*24*time.Hour + 22*time.Hour},
		{"nothing", 0, 0, 0},
	} {
		q.FirstReply = c.promise
		var want time.Time
		if c.want > 0 {
			want = noon.Add(c.want)
		}
		differ(t, c.name, want, promised(q, noon.Add(c.now)))
	}
	differ(t, "where people always are", noon.Add(time.Hour), promised(flows.Queue{FirstReply: time.Hour}, noon))
}

func TestWhatOpensTheWindowAnewArmsTheLadder(t *testing.T) {
	t.Parallel()
	p := &play{rungs: []time.Duration{4 * time.Hour}, people: true}
	r := playing(p)
	r.limits.Window = window.Shipped().For("messenger")
	s := talk(func(c *Conversation) {
		c.Status, c.Flow, c.Ticket, c.Rungs = handoff.Queued, flows.State{}, "t", 1
		c.NewestInbound = noon.Add(-22 * time.Hour)
	})
	s.Ticket = handoff.Ticket{ID: "t", Conversation: "c", Queue: "support", OpenedAt: noon.Add(-time.Hour)}
	thumb := inbound(Message{Kind: KindReaction, Text: "👍", At: noon})
	differ(t, "a reaction", noon.Add(20*time.Hour), decide(s, thumb, r, noon).Conversation.CloseAt)

	s.Conversation.Rungs, s.Conversation.Status, s.Conversation.RepliedAt, s.Ticket.Agent = 0, handoff.Assigned, noon.Add(-time.Hour), "ana"
	changes, err := release("ana")(s, r, noon.Add(-3*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	differ(t, "who is put back waits again", noon.Add(-2*time.Hour), changes[0].Conversation.CloseAt)
	late := text("and?")
	late.Message.At = noon.Add(-90 * time.Minute)
	s.Conversation.NewestInbound = noon.Add(-2 * time.Hour)
	differ(t, "who wrote before the answer and is heard after it", false, decide(s, late, r, noon.Add(-30*time.Minute)).Conversation.CloseAt.IsZero())
}

package bot

import (
	"fmt"
	"testing"
	"time"

	"frontdesk/flows"
	"frontdesk/handoff"
)

func inbound(m Message) Inbound {
	m.At = noon
	return Inbound{Channel: "phone", Event: "phone/1", From: []Alias{{Channel: "phone", Kind: "phone", Value: "1"}}, Message: m}
}

func text(words string) Inbound { return inbound(Message{Kind: KindText, Text: words}) }

func TestTextsInQuickFireAreAnsweredTogether(t *testing.T) {
	t.Parallel()
	const wait = 3 * time.Second
	tap := inbound(Message{Kind: KindChoice, ChoiceID: "main.menu:Prices", Text: "Prices"})
	picture := &Media{Kind: "image", ID: "m1"}
	for _, c := range []struct {
		name     string
		gathered []string
		in       Inbound
		heard    []flows.Input
		want     []string  // gathered afterwards
		at       time.Time // AnswerAt
	}{
		{"the first text waits", nil, text("hi"), nil, []string{"hi"}, noon.Add(wait)},
		{"a further one puts the answer off", []string{"hi"}, text("there"), nil, []string{"hi", "there"}, noon.Add(wait)},
		{"a tap is answered at once", nil, tap, []flows.Input{flows.Tapped{ID: "main.menu:Prices", Title: "Prices"}}, nil, time.Time{}},
		{
			"and first what came before it",
			[]string{"hi", "there"},
			tap,
			[]flows.Input{flows.Said{Text: "hi\nthere"}, flows.Tapped{ID: "main.menu:Prices", Title: "Prices"}},
			nil,
			time.Time{},
		},
		{
			"so is a picture",
			[]string{"look"},
			inbound(Message{Kind: KindImage, Text: "my bike", Media: picture}),
			[]flows.Input{flows.Said{Text: "look"}, flows.Sent{Kind: "image", Text: "my bike", Media: picture}},
			nil,
			time.Time{},
		},
		{"a reaction changes nothing", []string{"hi"}, inbound(Message{Kind: KindReaction, Text: "x"}), nil, []string{"hi"}, noon.Add(time.Second)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := &play{gather: wait}
			s := talk(func(conversation *Conversation) {
				conversation.Gathered = c.gathered
				if c.gathered != nil {
					conversation.AnswerAt = noon.Add(time.Second)
				}
			})
			got := decide(s, c.in, playing(p), noon).Conversation
			differ(t, "heard", c.heard, p.heard)
			differ(t, "gathered", c.want, got.Gathered)
			differ(t, "answered at", c.at, got.AnswerAt)
		})
	}
}

func TestWhoeverNeverStopsWritingIsAnsweredAllTheSame(t *testing.T) {
	t.Parallel()
	p := &play{gather: time.Minute}
	s, r := talk(), playing(p)
	for i := range 2 * mostGathered {
		s = s.advance(decide(s, text(fmt.Sprint(i)), r, noon.Add(time.Duration(i)*time.Second)))
	}
	differ(t, "answers", []flows.Input{
		flows.Said{Text: "0\n1\n2\n3\n4\n5\n6\n7\n8\n9"}, flows.Said{Text: "10\n11\n12\n13\n14\n15\n16\n17\n18\n19"},
	}, p.heard)
}

func TestWhoWritesIsNotSilent(t *testing.T) {
	t.Parallel()
	s := talk(func(c *Conversation) { c.SilentAt = noon.Add(time.Second) })
	got := decide(s, text("hi"), playing(&play{gather: time.Minute}), noon).Conversation
	differ(t, "silent at", time.Time{}, got.SilentAt)
}

func TestWithoutGatherEveryTextIsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	p := &play{does: does(flows.Result{Silence: time.Hour})}
	got := decide(talk(), text("hi"), playing(p), noon).Conversation
	differ(t, "heard", []flows.Input{flows.Said{Text: "hi"}}, p.heard)
	differ(t, "silent at", noon.Add(time.Hour), got.SilentAt)
}

func TestWhatWasGatheredBeforeAHandoverIsNotAnsweredAfterIt(t *testing.T) {
	t.Parallel()
	p := &play{gather: time.Second, does: over}
	s := talk(func(c *Conversation) { c.Gathered, c.AnswerAt = []string{"help"}, noon.Add(time.Second) })
	change := decide(s, inbound(Message{Kind: KindSticker}), playing(p), noon)
	differ(t, "heard", []flows.Input{flows.Said{Text: "help"}}, p.heard)
	differ(t, "status", handoff.Queued, change.Conversation.Status)
	if change.Conversation.Gathered != nil || !besides(change.Conversation).IsZero() {
		t.Errorf("people own it, and it waits for something: %+v", change.Conversation)
	}
}

func TestWhatAMessageIsToAFlow(t *testing.T) {
	t.Parallel()
	file, place := &Media{ID: "m1"}, &Location{Latitude: 52.5, Longitude: 13.4}
	for _, c := range []struct {
		name string
		m    Message
		want flows.Input
	}{
		{"a text", Message{Kind: KindText, Text: "hi"}, flows.Said{Text: "hi"}},
		{"a tap", Message{Kind: KindChoice, ChoiceID: "a:b", Text: "b"}, flows.Tapped{ID: "a:b", Title: "b"}},
		{"a file with a caption", Message{Kind: KindDocument, Text: "bill", Media: file}, flows.Sent{Kind: "document", Text: "bill", Media: file}},
		{"a sticker", Message{Kind: KindSticker, Media: file}, flows.Sent{Kind: "sticker", Media: file}},
		{"a place, whose words are ours", Message{Kind: KindLocation, Text: "52.5,13.4", Location: place}, flows.Sent{Kind: "location", Location: place}},
		{"what nobody can read, whose word is the platform's", Message{Kind: KindUnsupported, Text: "poll"}, flows.Sent{Kind: "unsupported"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			differ(t, "input", c.want, input(c.m))
		})
	}
}

func TestWhatIsSaidInARowIsOneMessageWhereItFits(t *testing.T) {
	t.Parallel()
	apart := flows.Say{Text: "alone", Apart: true}
	for _, c := range []struct {
		name    string
		effects []flows.Effect
		want    []string
	}{
		{"three texts", []flows.Effect{says("one"), says("two"), says("three")}, []string{"one\n\ntwo\n\nthree"}},
		{"one that must stay alone", []flows.Effect{says("one"), apart, says("two"), says("three")}, []string{"one", "alone", "two\n\nthree"}},
		{"a call between them", []flows.Effect{says("one"), lookup, says("two")}, []string{"one", "two"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, e := range merged(c.effects, playing(nil).limits) {
				if say, ok := e.(flows.Say); ok {
					got = append(got, say.Text)
				}
			}
			differ(t, "texts", c.want, got)
		})
	}
}

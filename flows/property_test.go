package flows

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/flows/carry"
)

// everything is a flow file in which all that a step can do is done.
const everything = `version: 1
business: B
languages: [en, de]
timezone: Europe/Berlin
hours: {mon-fri: 09:00-18:00}
queues: {support: {}}
handoff:
  words: [agent]
  before_close: 2h
  last_chance: [{before: 4h, say: {en: "There?", de: "Noch da?"}, choices: [{en: Stay, de: Bleiben}]}]
  nobody: {say: {en: "Nobody until {{ hours.next }}.", de: "Niemand."}, go: tongue}
opt_out: {words: [halt], again: [resume], say: Halted., again_say: Resumed.}
back: [back]
start_again: [menu]
answers:
  open: {words: [open], say: "{{ hours.week }} {{ quote.price ?? 0 }} {{ quote.currency ?? \"\" }} {{ quote.free_left ?? 0 }} {{ quote.later ?? 0 }} {{ opted_out }}"}
  away: {words: [away], say: Come., go: sub}
flows:
  main:
    start: a
    states:
      a:
        set: {n: 0, ratio: "{{ 1 / 1 }}"}
        say: {en: 'Hello {{ contact.first_name ?? "you" }}', de: "Hallo {{ language }}"}
        choices:
          - {title: {en: One, de: Eins}, go: email}
          - {title: {en: Two, de: Zwei}, go: sub, then: count}
          - {title: {en: Speak, de: Sprache}, go: tongue}
        timeout: {after: 1h, go: late}
      tongue:
        ask: language
        type: choice
        say: Which?
        choices: [{title: English, value: en}, {title: Deutsch, value: de}]
        go: a
      late: {say: "Still there?", choices: ["Yes": back, "No": end]}
      email: {ask: email, say: "You are {{ email ?? 'new' }}.", go: count}
      count:
        set: {n: "{{ n + 1 }}", ratio: "{{ 1 / (n - 3) }}"}
        on:
          - {if: n < 3, go: count}
          - {if: ratio > 2, go: email}
          - {else: where}
      where: {ask: where, type: location, say: "At {{ ratio }}?", tries: 2, otherwise: a, go: photo}
      photo: {ask: photo, type: image, say: "A photo?", choices: [None: look], go: look}
      look:
        call: {post: "https://shop.example/{{ email ?? 'none' }}?n={{ n }}", json: {n: "{{ n }}", ratio: "{{ ratio }}", what: "{{ email ?? 'none' }}"}, as: order, expects: {state: text, days: number}}
        on:
          - {if: order.ok, say: "It is {{ order.body.state }}.", go: done}
          - {if: order.status == 404, go: end}
          - {else: handoff, note: "{{ order.error }} {{ order.body.days ?? 'never' }}"}
      done: {say: "Anything else?", choices: ["Yes": a, "No": handoff]}
  sub:
    start: x
    states:
      x: {say: "Deeper?", choices: [Deeper: sub, Out: y, Up: main]}
      y: {return: true}
`

// words are pieces of what customers write: what means something in
// testdata/shop.yaml, nearly does, or nothing.
var words = []string{
	"agent", "human", "prices", "pricse", "track my order", "1", "2", "6", "99", "123456", "lost it", "menu", "open",
	"return", "complaint", "High Street", "", "  ", "\x00\xff", "{{ business }}", "退货", "hello there", "nothing",
	"halt", "resume", "hello\nhalt",
}

// calledWith and sentWith are what comes back from other systems, and files.
var (
	calledWith = []Input{
		Called{Error: "timeout"},
		Called{Status: 500},
		Called{Status: 200},
		Called{Status: 200, Body: "no JSON"},
		Called{Status: 200, Body: map[string]any{"state": "sent", "days": 2.0}},
		Called{Status: 200, Body: map[string]any{"state": []any{1.0, nil}}},
	}
	sentWith = []Input{
		Sent{Kind: "image", Media: &carry.Media{Kind: "image", URL: "https://shop.example/a.jpg"}},
		Sent{Kind: "document", Text: "agent"},
		Sent{Kind: "location", Location: &carry.Location{Latitude: 52.5, Longitude: 13.4}},
		Sent{Kind: "sticker"},
	}
)

func drawInput(t *rapid.T, set *Set) Input {
	ids := slices.Sorted(maps.Keys(set.taps))
	offered := slices.Sorted(maps.Keys(set.offerable))
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return Tapped{ID: rapid.SampledFrom(ids).Draw(t, "id"), Title: rapid.SampledFrom(words).Draw(t, "title")}
	case 1:
		return Tapped{ID: rapid.String().Draw(t, "strange id"), Title: rapid.SampledFrom(words).Draw(t, "title")}
	case 2:
		return Sent{Kind: rapid.SampledFrom([]string{"image", "audio", ""}).Draw(t, "media")}
	case 3:
		return Said{Text: rapid.String().Draw(t, "text")}
	case 4:
		return rapid.SampledFrom([]Input{Returned{}, TimedOut{}, Closing{Reason: ReasonDeadline}, nil}).Draw(t, "other")
	case 5:
		return rapid.SampledFrom(calledWith).Draw(t, "called")
	case 6:
		return rapid.SampledFrom(sentWith).Draw(t, "sent")
	case 7:
		if len(offered) == 0 {
			return Tapped{ID: offerID("gone"), Title: "Gone"}
		}
		return Tapped{ID: rapid.SampledFrom(offered).Draw(t, "offered"), Title: rapid.SampledFrom(words).Draw(t, "title")}
	case 8:
		return Said{Text: drawQuestion(t, set)}
	default:
		return Said{Text: rapid.SampledFrom(words).Draw(t, "words")}
	}
}

func drawState(t *rapid.T, set *Set) State {
	if rapid.Bool().Draw(t, "fresh") {
		return State{}
	}
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(set.byName))).Draw(t, "stands")
	s := set.byName[name]
	return State{
		Version: rapid.SampledFrom([]string{"", set.Version, "other"}).Draw(t, "version"),
		Flow:    rapid.SampledFrom([]string{s.Flow, "gone"}).Draw(t, "flow"),
		Node:    s.Node,
		Vars: map[string]any{
			"order": rapid.String().Draw(t, "order"), "strange": "x",
			"email": rapid.SampledFrom([]any{nil, 3.0, true, "x", map[string]any{}, []any{1.0}}).Draw(t, "email"),
		},
		Language: rapid.SampledFrom([]string{"", "en", "de", "gone"}).Draw(t, "language"),
		Stack:    drawPlaces(t, set, "stack"),
		Trace:    drawPlaces(t, set, "trace"),
		Told:     rapid.Bool().Draw(t, "told"),
		Aside:    rapid.Bool().Draw(t, "aside"),
		Tries:    rapid.IntRange(-2, 5).Draw(t, "tries"),
		Misses:   rapid.IntRange(-2, 5).Draw(t, "misses"),
		Missed:   rapid.SliceOfN(rapid.String(), 0, 8).Draw(t, "missed"),
		Offer:    drawOffer(t, set),
	}
}

// drawQuestion is a text of the words of the set's examples, which may ask for
// several answers or for none.
func drawQuestion(t *rapid.T, set *Set) string {
	all := []string{"hm", "and", "zebra", "1", "2"}
	for _, l := range set.lessons {
		all = append(all, strings.Fields(strings.Join(l.Examples, " "))...)
	}
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(all), 1, 8).Draw(t, "question"), " ")
}

// drawOffer is an offer as it may be stored: also of answers that are gone.
func drawOffer(t *rapid.T, set *Set) Offer {
	names := rapid.SliceOfN(rapid.SampledFrom(append(set.Answers(), "gone")), 0, 4).Draw(t, "answers")
	return Offer{Words: rapid.SampledFrom(words).Draw(t, "words"), Answers: names}
}

// drawPlaces are places as they may be stored: also of states that are gone.
func drawPlaces(t *rapid.T, set *Set, label string) []Place {
	places := []Place{{}, {"gone", "gone"}, {"main", "gone"}}
	for _, s := range set.order {
		places = append(places, s.Place)
	}
	return rapid.SliceOfN(rapid.SampledFrom(places), 0, 12).Draw(t, label)
}

func clone(s State) State {
	s.Vars, s.Missed = maps.Clone(s.Vars), slices.Clone(s.Missed)
	s.Stack, s.Trace = slices.Clone(s.Stack), slices.Clone(s.Trace)
	return s
}

// TestStepProperties holds for every state and every sequence of inputs.
func TestStepProperties(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]*Set{"shop": mustParse(t, shop(t)), "everything": mustParse(t, []byte(everything)), "taught": mustParse(t, exampleFile(t))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stepProperties(t, set)
		})
	}
}

func stepProperties(t *testing.T, set *Set) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		st := drawState(t, set)
		env := Env{
			ContactName: rapid.SampledFrom([]string{"", "Ada Lovelace", " "}).Draw(t, "name"),
			Language:    rapid.SampledFrom([]string{"", "de-AT", "no tag"}).Draw(t, "spoken"),
			Now:         time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
			OptedOut:    rapid.Bool().Draw(t, "opted out"),
			Quote:       rapid.SampledFrom([]Quote{{}, sampleQuote(time.Time{}), {FreeLeft: -1, Known: true}}).Draw(t, "quote"),
		}
		if alone := rapid.Bool().Draw(t, "alone"); alone || rapid.Bool().Draw(t, "known to be there") {
			env.Nobody = func(string) bool { return alone }
		}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			in := drawInput(t, set)
			before := clone(st)
			r := set.Step(st, in, env)
			if diff := cmp.Diff(before, st); diff != "" {
				t.Fatalf("the state was changed: %s", diff)
			}
			if diff := cmp.Diff(r, set.Step(st, in, env)); diff != "" {
				t.Fatalf("the same input gives another result: %s", diff)
			}
			sound(t, set, r)
			st = r.State
		}
	})
}

// failer is what rapid.T and testing.T have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// sound checks what every result must be, whatever state was stored.
func sound(t failer, set *Set, r Result) {
	t.Helper()
	silent := r.Rule == RuleCalled || r.Rule == RuleTimeout || r.Rule == RuleWait // these may have nothing to say
	if len(r.Effects) == 0 && !silent || len(r.Effects) > mostHops+3 || len(r.Trail) > mostHops+1 {
		t.Fatalf("%d effects, %d transitions by %s", len(r.Effects), len(r.Trail), r.Rule)
	}
	if r.Rule == "" {
		t.Fatal("no rule took it")
	}
	over := soundEffects(t, set, r)
	soundState(t, set, r, over)
}

// soundEffects checks what is done, and tells whether the flow is over.
func soundEffects(t failer, set *Set, r Result) (over bool) {
	t.Helper()
	for i, e := range r.Effects {
		if over {
			t.Fatalf("an effect after the end: %+v", r.Effects)
		}
		switch e := e.(type) {
		case Say:
			if strings.TrimSpace(e.Text) == "" && e.Media == nil {
				t.Fatal("an empty text")
			}
			for _, c := range e.Choices {
				_, offered := set.offerable[c.ID]
				if _, ok := set.taps[c.ID]; !ok && !offered && !slices.Contains(set.kept, c.ID) {
					t.Fatalf("a choice that nobody knows: %q", c.ID)
				}
			}
		case Call:
			at, err := url.Parse(e.URL)
			if i != len(r.Effects)-1 || !r.Calling || e.Method == "" || e.Timeout <= 0 || e.Tries < 1 || err != nil || at.Host == "" {
				t.Fatalf("a call that cannot be made: %+v", r)
			}
			if len(e.Body) > 0 && !json.Valid(e.Body) {
				t.Fatalf("a body that is no JSON: %q", e.Body)
			}
		case Escalate:
			over = true
			if _, ok := set.Queues[e.Queue]; !ok || e.Reason == "" {
				t.Fatalf("no queue %q, or no reason: %q", e.Queue, e.Reason)
			}
			if r.State.Aside {
				t.Fatal("led aside, and a person has the conversation")
			}
			if i == 0 && (r.Rule == RuleClosing || r.Rule == RuleTimeout) { // the customer asked for nothing
				continue
			}
			if i == 0 {
				t.Fatal("a person is asked for and nothing was said")
			} else if _, ok := r.Effects[i-1].(Say); !ok {
				t.Fatalf("no text before: %+v", r.Effects)
			}
		case End:
			over = true
		case OptOut:
			if r.Rule != RuleOptOut || i != len(r.Effects)-1 {
				t.Fatalf("opted out by %s: %+v", r.Rule, r.Effects)
			}
		default:
			t.Fatalf("no effect of ours: %T", e)
		}
	}
	return over
}

// soundState checks what is stored.
func soundState(t failer, set *Set, r Result, over bool) {
	t.Helper()
	st := r.State
	if _, err := json.Marshal(st); err != nil {
		t.Fatalf("cannot be stored: %v", err)
	}
	if len(st.Missed) > mostMissed || len(st.Trace) > mostTraced || st.Tries < 0 || st.Misses < 0 {
		t.Fatalf("more is kept than should be: %+v", st)
	}
	if st.Language != "" && !slices.Contains(set.Languages, st.Language) {
		t.Fatalf("a language that is none of the set's: %q", st.Language)
	}
	if !st.Begun() { // over now, or nothing had begun
		if r.Calling || r.Silence != 0 || st.Node != "" || len(st.Stack)+len(st.Trace) > 0 {
			t.Fatalf("over, and something is waited for: %+v", r)
		}
		return
	}
	soundOffer(t, set, r)
	s := set.states[st.Place()]
	if over || s == nil || !s.waits() || st.Version == "" {
		t.Fatalf("over: %t, or stands where nobody can: %+v", over, st)
	}
	if r.Calling != (s.call != nil) || r.Silence <= 0 {
		t.Fatalf("in %s: calling %t, silence %s", s.name, r.Calling, r.Silence)
	}
}

// soundOffer checks that what may be chosen is what was shown just now, and that
// nothing else is asked meanwhile.
func soundOffer(t failer, set *Set, r Result) {
	t.Helper()
	o := r.State.Offer
	if o.pending() != (r.Rule == RuleUnsure) {
		t.Fatalf("by %s, and %d answers are offered", r.Rule, len(o.Answers))
	}
	if !o.pending() {
		return
	}
	last, ok := r.Effects[len(r.Effects)-1].(Say)
	if !ok || len(last.Choices) != len(o.Answers)+1 || len(o.Answers) > 3 || o.Words == "" {
		t.Fatalf("offered is %+v, shown %+v", o, last.Choices)
	}
	if s := set.states[r.State.Place()]; s.question != nil {
		t.Fatalf("offered under the question of %s", s.name)
	}
}

func exampleFile(t testing.TB) []byte {
	t.Helper()
	src, err := os.ReadFile("../flows.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return src
}

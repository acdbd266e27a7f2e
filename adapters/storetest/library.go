package storetest

import (
	"strconv"
	"sync"
	"testing"

	"frontdesk/bot"
	"frontdesk/flows"
)

// stands puts the conversation into a state of a flow; without one, nowhere.
func (d *draft) stands(version, flow, node string) *draft {
	d.Conversation.Flow.Version, d.Conversation.Flow.Flow, d.Conversation.Flow.Node = version, flow, node
	return d
}

func standing(version, flow, node string, count int) bot.Standing {
	return bot.Standing{Version: version, Place: flows.Place{Flow: flow, Node: node}, Conversations: count}
}

func (d desk) wantStandings(want ...bot.Standing) {
	d.t.Helper()
	got, err := d.Standings(d.t.Context())
	if err != nil {
		d.t.Fatalf("Standings: %v", err)
	}
	same(d.t, "where conversations stand", got, want)
}

func (d desk) keep(version string, files flows.Files, use ...string) {
	d.t.Helper()
	if err := d.KeepFlows(d.t.Context(), version, files, use...); err != nil {
		d.t.Fatalf("KeepFlows(%s): %v", version, err)
	}
}

func (d desk) wantFlows(version string, want flows.Files) {
	d.t.Helper()
	got, err := d.Flows(d.t.Context(), version)
	if err != nil {
		d.t.Fatalf("Flows(%s): %v", version, err)
	}
	same(d.t, "the flows of "+version, got, want)
}

// wantVersions checks which of v1 to v6 are kept.
func (d desk) wantVersions(want ...string) {
	d.t.Helper()
	var got []string
	for i := range 6 {
		v := "v" + strconv.Itoa(i+1)
		_, err := d.Flows(d.t.Context(), v)
		if err == nil {
			got = append(got, v)
			continue
		}
		wantError(d.t, "Flows("+v+")", err, bot.ErrNotFound)
	}
	same(d.t, "the versions that are kept", got, want)
}

func testFlowsStored(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	_, err := d.Flows(t.Context(), "v1")
	wantError(t, "flows that nobody kept", err, bot.ErrNotFound)
	files := flows.Files{Root: "flows.yaml", Content: map[string][]byte{
		"flows.yaml": []byte("include: [more/größe.yaml]\n"), "more/größe.yaml": {0, 0xff, '\n'}, "empty.yaml": {},
	}}
	for range 2 { // keeping it twice is no error
		d.keep("v1", files)
		d.wantFlows("v1", files)
	}
	files.Content["more.yaml"] = []byte("answers: {}\n")
	d.keep("v1", files)
	d.wantFlows("v1", files)
	if err := d.KeepFlows(t.Context(), "", files); err == nil {
		t.Fatal("flows without a version were stored")
	}
}

func testFlowsRemoved(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.keep("v1", flows.Files{Root: "1"})
	d.keep("v2", flows.Files{Root: "2"}, "v1")
	a := d.commit(newcomer("a").stands("v1", "start", "ask"))
	d.keep("v3", flows.Files{Root: "3"}, "v2")
	d.wantVersions("v1", "v2", "v3") // used, named, and the one that is kept
	b := d.commit(newcomer("b").stands("v3", "start", "ask"))
	d.keep("v4", flows.Files{Root: "4"}, "v4")
	d.wantVersions("v1", "v3", "v4")
	a = d.commit(after(a).stands("v4", "start", "ask"))
	d.commit(after(a).stands("v4", "", "")) // it is over: it stands nowhere
	d.wantVersions("v1", "v3", "v4")        // nothing goes unless flows are kept
	d.keep("v5", flows.Files{Root: "5"}, "v9", "v8")
	d.wantVersions("v3", "v5")
	d.commit(after(b).stands("v3", "start", "end"))
	d.keep("v5", flows.Files{Root: "5"})
	d.wantVersions("v3", "v5")
	d.wantFlows("v3", flows.Files{Root: "3"})
}

func testStandings(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	d.wantStandings()
	a := d.commit(newcomer("a").stands("v2", "start", "ask"))
	b := d.commit(newcomer("b").stands("v2", "start", "ask"))
	d.commit(newcomer("c").stands("v10", "orders", ""))
	d.commit(newcomer("d").stands("v2", "start", "a"))
	e := d.commit(newcomer("e").stands("v2", "", "ask")) // has not begun
	d.wantStandings(standing("v10", "orders", "", 1), standing("v2", "start", "a", 1), standing("v2", "start", "ask", 2))
	d.refused(bot.ErrConflict, after(after(a).Conversation).stands("v2", "start", "a"))
	a = d.commit(after(a).hears("Hello", noon())) // stays
	d.commit(after(a).stands("v2", "start", "a"))
	one := after(b).stands("v2", "through", "here")
	d.commit(one, after(one.Conversation).stands("v3", "start", "ask")) // only where a commit ends counts
	d.commit(after(e).stands("v3", "start", "ask"))
	d.wantStandings(standing("v10", "orders", "", 1), standing("v2", "start", "a", 2), standing("v3", "start", "ask", 2))
}

// testStandingsTogether lets many conversations walk through the same states at once.
func testStandingsTogether(t *testing.T, f Fixture) {
	const conversations, steps = 16, 20
	var group sync.WaitGroup
	for i := range conversations {
		group.Go(func() {
			next := newcomer(strconv.Itoa(i)).stands("v1", "start", "0")
			for n := range steps {
				if err := f.Store.Commit(t.Context(), []bot.Change{next.Change}); err != nil {
					t.Errorf("Commit: %v", err)
					return
				}
				next = after(next.Conversation).stands("v1", "start", strconv.Itoa((n+1)%3))
			}
		})
	}
	group.Wait()
	desk{t, f.Store}.wantStandings(standing("v1", "start", strconv.Itoa((steps-1)%3), conversations))
}

package draw

import (
	"errors"
	"io"
	"strings"
	"testing"

	"frontdesk/flows"
)

func TestOneFlowIsDrawnWithWhatLeadsOutOfIt(t *testing.T) {
	t.Parallel()
	g := parseGraph(t, "business B\nmain.a say start\nmain.b say\ntrack.c say start\nmain.a -> main.b go\nmain.b -> track.c go\ntrack.c -> main.a go\n")
	part, err := Only(g, "main")
	if err != nil {
		t.Fatal(err)
	}
	if len(part.Nodes) != 2 || len(part.Edges) != 2 || part.Business != "B" {
		t.Errorf("%+v", part)
	}
	if got := drawn(t, forms()[2], part); !strings.Contains(got, "2 states of the flow main") || !strings.Contains(got, "track.c") {
		t.Errorf("%s", got)
	}
	if _, err := Only(g, "trakc"); err == nil || err.Error() != `there is no flow "trakc"; the flows are main, track` {
		t.Errorf("the error is %v", err)
	}
}

// broken is a writer that fails.
type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestADrawingTellsWhenItCouldNotBeWritten(t *testing.T) {
	t.Parallel()
	for _, f := range forms() {
		if err := f.draw(broken{}, flows.Graph{}); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", f.name, err)
		}
		if err := f.draw(io.Discard, flows.Graph{}); err != nil {
			t.Errorf("%s: an empty graph: %v", f.name, err)
		}
	}
}

func TestTextIsBrokenWhereItFits(t *testing.T) {
	t.Parallel()
	f := newFont(readWidths(), 12, false)
	for _, tt := range []struct {
		name, text string
		most       int
		lines      int
		want       string
	}{
		{"short", "Hello", 100, 2, "Hello"},
		{"at spaces", "What would you like to know?", 80, 3, "What would|you like to|know?"},
		{"too much", "What would you like to know?", 80, 2, "What would|you like to…"},
		{"a long name", "a_very_long_name_of_a_state", 80, 3, "a_very_long_|name_of_a_|state"},
		{"a long word", "Donaudampfschifffahrt", 60, 3, "Donaudam|pfschifffahr|t"},
		{"nothing", "", 60, 3, ""},
		{"less than a character", "ab", 1, 3, "a|b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(f.wrap(tt.text, tt.most, tt.lines), "|"); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

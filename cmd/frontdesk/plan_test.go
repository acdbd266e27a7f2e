package main

import (
	"bytes"
	"strings"
	"testing"

	"frontdesk/flows"
)

// TestAPlanSaysWhatItCannotKnow compares with a running version that this program
// does not understand, as that of a newer one may be.
func TestAPlanSaysWhatItCannotKnow(t *testing.T) {
	t.Parallel()
	src := []byte(edition5(1))
	set, findings := flows.Parse("flows.yaml", src)
	if set == nil {
		t.Fatal(findings)
	}
	strange := edition{Root: "flows.yaml", Files: map[string]string{"flows.yaml": "version: 9\n"}}
	p := newPlanOf(running{
		Version: "v9", Flows: map[string]edition{"v9": strange},
		Standings: []standing{{"v8", "main", "one", 2}, {"v9", "main", "one", 3}},
	}, loaded{set: set})
	diff(t, "who begins anew", 2, p.anew())
	var b bytes.Buffer
	if err := p.print(&b, "text"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"what changes is not known", "5 conversations running: 0 in unchanged states, 0 in changed, 0 in removed, 5 in versions that cannot be read",
		"begin anew: version v8 cannot be read", "finish on version v9",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the plan does not say %q:\n%s", want, b.String())
		}
	}
}

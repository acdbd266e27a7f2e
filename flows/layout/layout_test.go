package layout

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheExampleFileIsInItsLayout(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../flows.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, found := Format("flows.example.yaml", src)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if diff := cmp.Diff(string(src), string(out)); diff != "" {
		t.Errorf("flows.example.yaml is not in its layout (-is +should be):\n%s", diff)
	}
}

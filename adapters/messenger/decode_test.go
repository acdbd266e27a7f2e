package messenger_test

import (
	"flag"
	"testing"

	"frontdesk/adapters/meta/metatest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const goldens = "testdata/decode"

// accounts are the Messenger channels of the app.
func accounts() map[string]string {
	return map[string]string{metatest.TestPage: "messenger", "71000000000002": "messenger-sales"}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	metatest.Golden(t, goldens, 20, *update, accounts(), open(t, "").Decode)
}

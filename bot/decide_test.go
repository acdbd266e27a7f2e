package bot

import (
	"testing"
)

func TestWhatTheChannelSaysOfTheLanguageIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		language string
		want     string // of the contact that is stored; empty: none is
	}{
		{"when it is new", "tr", "tr"},
		{"when it is the same nothing is stored", "de-AT", ""},
		{"when it says nothing the old stays", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, in := talk(), text("hi")
			s.Contact.Aliases = in.From
			in.Language = c.language
			p := &play{}
			got := decide(s, in, playing(p), noon).Contact
			switch {
			case c.want == "" && got != nil:
				t.Errorf("stored %+v", got)
			case c.want != "" && (got == nil || got.Language != c.want):
				t.Errorf("stored %+v, want the language %q", got, c.want)
			case c.want != "" && p.envs[0].Language != c.want:
				t.Errorf("the step was told %q", p.envs[0].Language)
			}
		})
	}
}

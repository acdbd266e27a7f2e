package bot

import (
	"testing"
	"time"

	"frontdesk/flows"
)

func TestNobodyWaitsForWhatIsSaidToTheSilent(t *testing.T) {
	t.Parallel()
	ask := does(flows.Result{Effects: []flows.Effect{says("And?")}})
	for _, c := range []struct {
		name string
		set  func(*Conversation)
		want map[string]bool // by text: is it a courtesy?
	}{
		{"on the customer's silence", func(c *Conversation) { c.SilentAt = noon }, map[string]bool{"And?": true}},
		{"a rung of the ladder", func(c *Conversation) {
			c.CloseAt, c.NewestInbound = noon, noon.Add(-20*time.Hour)
		}, map[string]bool{"rung 0": true}},
		{"an answer to what was gathered", func(c *Conversation) {
			c.AnswerAt, c.Gathered = noon, []string{"hi"}
		}, map[string]bool{"And?": false}},
		{"an answer, and then a rung", func(c *Conversation) {
			c.AnswerAt, c.Gathered = noon, []string{"hi"}
			c.CloseAt, c.NewestInbound = noon, noon.Add(-20*time.Hour)
		}, map[string]bool{"And?": false, "rung 0": true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := wake(talk(c.set), playing(&play{does: ask, rungs: []time.Duration{4 * time.Hour}}), noon)
			got := map[string]bool{}
			for i, m := range w.change.Messages {
				got[m.Text] = w.change.Deliveries[i].Courtesy
			}
			differ(t, "courtesies", c.want, got)
		})
	}
}

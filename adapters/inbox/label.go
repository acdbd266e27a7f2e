package inbox

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/gin-gonic/gin"

	"frontdesk/handoff"
)

const (
	// labelsShown is how many labels stand above the list: those most used.
	labelsShown = 8
	// labelsKnown is how many are suggested.
	labelsKnown = 200
)

// labelLink leads to the list of those with a label.
type labelLink struct {
	Name, Href string
	Count      int // of open conversations; 0: not told
	Current    bool
}

func labelLinks(labels []string) (links []labelLink) {
	for _, label := range labels {
		links = append(links, labelLink{Name: label, Href: "/inbox" + labelTab(label).query()})
	}
	return links
}

// byUse are labels, those that most conversations have first.
func byUse(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// labelCounts are the labels above the list, the one whose list is shown among them.
func labelCounts(counts map[string]int, current string) []labelLink {
	names := byUse(counts)
	shown := names[:min(len(names), labelsShown)]
	if current != "" && !slices.Contains(shown, current) {
		shown = append(slices.Clone(shown), current)
	}
	links := labelLinks(shown)
	for i := range links {
		links[i].Count, links[i].Current = counts[links[i].Name], links[i].Name == current
	}
	return links
}

// labelView is what can be done about the labels of a conversation.
type labelView struct {
	Known []string // that it does not have, those most used first
	Has   []string
}

func (in *Inbox) labelling(ctx context.Context, v viewer, t handoff.Ticket) (*labelView, error) {
	counts, err := in.Reader.TicketCounts(ctx, v.now)
	if err != nil {
		return nil, err
	}
	known := slices.DeleteFunc(byUse(counts.Labels), func(label string) bool { return slices.Contains(t.Labels, label) })
	return &labelView{Known: known[:min(len(known), labelsKnown)], Has: t.Labels}, nil
}

// label puts a label on a conversation, or takes one off.
func (in *Inbox) label(c *gin.Context, me handoff.Agent) {
	id, name, off := c.Param("id"), c.PostForm("label"), c.PostForm("off")
	in.answer(c, me, shown{conversation: id}, in.Acts.Label(c.Request.Context(), id, me.Name, cmp.Or(off, name), off == ""))
}

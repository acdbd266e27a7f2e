package flows

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Difference is what changes in the graph from one set to another.
type Difference struct {
	Added   []Place // in the order of the new file
	Removed []Place // in the order of the old file
	Changed []StateChange
	Moved   map[Place]Place // states of the old set that the new one has elsewhere
	Words   []string        // what changes outside of the states, such as "answers" or "handoff"
}

// Empty reports whether nothing changes.
func (d Difference) Empty() bool {
	return len(d.Added)+len(d.Removed)+len(d.Changed)+len(d.Words) == 0
}

// StateChange is what changes in one state.
type StateChange struct {
	Place Place
	What  []string // for people, such as `says "Hello" instead of "Hi"`
}

// Compare tells what changes when the new set takes the place of the old one.
func Compare(old, new *Set) Difference {
	d := Difference{Moved: map[Place]Place{}}
	was, is := outline(old), outline(new)
	for _, st := range new.order {
		if before := was[st.Place]; before == nil {
			d.Added = append(d.Added, st.Place)
		} else if what := before.changes(is[st.Place]); len(what) > 0 {
			d.Changed = append(d.Changed, StateChange{st.Place, what})
		}
	}
	for _, st := range old.order {
		if is[st.Place] != nil {
			continue
		}
		d.Removed = append(d.Removed, st.Place)
		if to, ok := new.moved[st.Place]; ok {
			d.Moved[st.Place] = to
		}
	}
	for _, part := range slices.Sorted(maps.Keys(union(old.parts, new.parts))) {
		if old.parts[part] != new.parts[part] {
			d.Words = append(d.Words, part)
		}
	}
	return d
}

// union has the keys of both.
func union(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// profile is what is compared of a state.
type profile struct {
	kind   NodeKind
	text   string
	edges  []string
	digest string // of all that is written of it
}

func outline(s *Set) map[Place]*profile {
	out := make(map[Place]*profile, len(s.order))
	g := s.Graph()
	for i, n := range g.Nodes {
		out[n.Place] = &profile{kind: n.Kind, text: n.Text, digest: s.order[i].digest}
	}
	for _, e := range g.Edges {
		flow, node, _ := strings.Cut(e.From, ".")
		label := e.Label
		if label == "" {
			label = e.Event
		}
		p := out[Place{flow, node}]
		p.edges = append(p.edges, fmt.Sprintf("%s -> %s", label, e.To))
	}
	return out
}

// changes says what is different in the new profile.
func (p *profile) changes(new *profile) []string {
	if p.digest == new.digest {
		return nil
	}
	var what []string
	if p.kind != new.kind {
		what = append(what, fmt.Sprintf("%s, was %s", new.kind, p.kind))
	}
	if p.text != new.text {
		what = append(what, fmt.Sprintf("says %q, was %q", shortened(new.text), shortened(p.text)))
	}
	for _, e := range new.edges {
		if !slices.Contains(p.edges, e) {
			what = append(what, "new way: "+e)
		}
	}
	for _, e := range p.edges {
		if !slices.Contains(new.edges, e) {
			what = append(what, "no more: "+e)
		}
	}
	if len(what) == 0 {
		what = append(what, "details")
	}
	return what
}

func shortened(s string) string {
	const most = 50
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

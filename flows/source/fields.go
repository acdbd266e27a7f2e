package source

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"frontdesk/flows/match"
)

// Keys are what a mapping may hold.
type Keys struct {
	Known   []string
	Refused map[string]string // keys that deserve more than "unknown": what to do instead
}

// Entry is one key of a mapping with its value.
type Entry struct {
	Name  string
	Key   Node
	Value Node
}

// Fields is a mapping whose keys are known.
type Fields struct {
	of      Node
	entries map[string]Entry
	strange []string // keys that were not known
}

// Fields reads a mapping whose keys are known, and reports the others, each
// with the key that was probably meant. Of what is no mapping every field is
// missing, and nothing more is reported about it.
func (n Node) Fields(keys Keys) Fields {
	f := Fields{of: n}
	if n.yaml == nil {
		return f
	}
	if n.target().Kind != yaml.MappingNode {
		n.wrongKeys(keys)
		return Fields{}
	}
	if n.unquoted() {
		n.wrong("a text")
		return Fields{}
	}
	f.entries = make(map[string]Entry, len(keys.Known))
	for _, e := range n.Entries() {
		hint, refused := keys.Refused[e.Name]
		switch {
		case slices.Contains(keys.Known, e.Name):
			f.entries[e.Name] = e
		case refused:
			f.strange = append(f.strange, e.Name)
			e.Key.Report(n.doc.codes.Refused, fmt.Sprintf("%q cannot be used here", e.Name), hint)
		default:
			f.strange = append(f.strange, e.Name)
			e.Key.Report(n.doc.codes.Unknown, fmt.Sprintf("unknown key %q", e.Name), keys.hint(e.Name))
		}
	}
	return f
}

// shownKeys is how many keys a hint names at most.
const shownKeys = 12

// wrongKeys reports that the value should be a mapping of these keys.
func (n Node) wrongKeys(keys Keys) {
	if !n.Scalar() || n.kind() == "nothing" || len(keys.Known) == 0 || len(keys.Known) > shownKeys {
		n.wrong("a mapping")
		return
	}
	n.Report(n.doc.codes.Type, n.kind()+" where a mapping is meant",
		`write "key: value" in lines below it, indented; keys are `+strings.Join(keys.Known, ", "))
}

func (k Keys) hint(name string) string {
	if meant, ok := Nearest(name, k.Known); ok {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	return "known here: " + strings.Join(k.Known, ", ")
}

// Exists reports whether the mapping itself is there.
func (f Fields) Exists() bool { return f.of.Exists() }

// Strange is how many keys were not known. Where there are some, a key that is
// missing may just be misspelt.
func (f Fields) Strange() int { return len(f.strange) }

// Has reports whether a key is there, with whatever value.
func (f Fields) Has(key string) bool { return f.entries[key].Key.Exists() }

// Get is the value of a key; a Node that does not Exist when it is absent.
func (f Fields) Get(key string) Node { return f.entries[key].Value }

// Key is the key itself, to point at it.
func (f Fields) Key(key string) Node { return f.entries[key].Key }

// Need is Get, and reports a key that is absent, unless it is only misspelt, which
// was reported already.
func (f Fields) Need(key string) Node {
	misspelt := slices.ContainsFunc(f.strange, func(name string) bool { _, near := Nearest(name, []string{key}); return near })
	if !f.Has(key) && f.of.Exists() && !misspelt {
		f.of.Report(f.of.doc.codes.Missing, fmt.Sprintf("%q is missing here", key), "")
	}
	return f.Get(key)
}

// Entries reads a mapping with free names, in the order they are written.
// Duplicates are reported and left out.
func (n Node) Entries() []Entry {
	if n.yaml == nil {
		return nil
	}
	t := n.target()
	if t.Kind != yaml.MappingNode {
		n.wrong("a mapping")
		return nil
	}
	if n.unquoted() {
		n.wrong("a text")
		return nil
	}
	entries := make([]Entry, 0, len(t.Content)/2)
	first := make(map[string]Node, len(t.Content)/2)
	for i := 0; i+1 < len(t.Content); i += 2 {
		key := Node{doc: n.doc, yaml: t.Content[i]}
		if !key.Scalar() {
			key.wrong("a name")
			continue
		}
		name := key.Raw()
		if before, twice := first[name]; twice {
			key.Report(n.doc.codes.Duplicate, fmt.Sprintf("%q is written twice", name),
				fmt.Sprintf("the first is in line %d; keep one of them", before.Place().Line))
			continue
		}
		first[name] = key
		entries = append(entries, Entry{Name: name, Key: key, Value: Node{doc: n.doc, yaml: t.Content[i+1]}})
	}
	return entries
}

// Nearest is the candidate that was probably meant by a mistyped word; false
// when none comes close. Of two equally near ones the first wins.
func Nearest(word string, candidates []string) (string, bool) {
	const most = 3
	limit := min(max(len(word)/3, 1), most)
	lower := strings.ToLower(word)
	letters := lettersOf(lower)
	best, found := "", false
	for _, c := range candidates {
		folded := strings.ToLower(c)
		if has := lettersOf(folded); bits.OnesCount32(has&^letters) > limit || bits.OnesCount32(letters&^has) > limit {
			continue // each letter that only one of them has is an edit: nearly all end here
		}
		if d := match.Distance(lower, folded, limit); d <= limit && (d < len(word)) {
			if best, found, limit = c, true, d-1; limit < 0 {
				break
			}
		}
	}
	return best, found
}

// lettersOf is which characters are in a text, folded into 32.
func lettersOf(s string) (set uint32) {
	for _, r := range s {
		set |= 1 << (r & 31)
	}
	return set
}

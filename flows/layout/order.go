package layout

import "slices"

// form is what a value of the language is: a mapping whose keys have an order,
// or a mapping or list of free names whose values are all of one form.
type form struct {
	order []string
	keys  map[string]*form // forms of the values of known keys, where they have one
	each  *form            // the form of every value of a free mapping, or item of a list
}

// language are the forms of a flow file: every mapping reads in the order in
// which things happen, with the way on last.
func language() *form {
	free := func(f *form) *form { return &form{each: f} }
	aside := []string{"go", "then", "queue", "note"}
	ordered := func(keys ...string) *form { return &form{order: append(keys, aside...)} }

	content := ordered("text", "image", "video", "audio", "document", "filename", "template")
	content.keys = map[string]*form{"template": ordered("name", "language", "category", "params")}
	choices := free(ordered("title", "words", "value"))
	rung := ordered("before", "for", "say", "choices")
	branch := ordered("if", "else", "say")
	timeout := ordered("after", "say")
	answer := ordered("words", "examples", "say")
	for _, f := range []*form{branch, timeout, answer} {
		f.keys = map[string]*form{"say": content}
	}
	handoff := ordered("words", "queue", "after_misses", "say", "before_close", "last_chance", "nobody", "reopen")
	handoff.order = handoff.order[:7]
	handoff.keys = map[string]*form{"last_chance": free(rung), "nobody": ordered("say", "choices")}

	state := &form{
		order: []string{
			"set", "ask", "type", "pattern", "min", "max", "whole", "say", "join", "retry", "tries", "otherwise",
			"choices", "call", "on", "timeout", "go", "then", "queue", "note", "return", "end",
		},
		keys: map[string]*form{
			"say": content, "choices": choices, "on": free(branch), "timeout": timeout,
			"call": ordered("get", "post", "put", "patch", "delete", "headers", "json", "timeout", "tries", "as", "expects"),
		},
	}
	return &form{
		order: []string{
			"version", "business", "languages", "country", "timezone", "hours", "channels", "include", "texts", "queues", "handoff", "opt_out",
			"gather", "not_understood", "one_moment", "back", "start_again", "answers", "flows", "moved",
		},
		keys: map[string]*form{
			"queues": free(ordered("first_reply", "hours", "staff", "lead", "handling")), "handoff": handoff, "opt_out": {order: []string{"words", "say", "again", "again_say"}}, "answers": free(answer),
			"flows": free(&form{order: []string{"start", "states"}, keys: map[string]*form{"states": free(state)}}),
		},
	}
}

// arrange puts the keys of a value in the order of its form. A key that the form
// does not know stays behind the one it follows.
func arrange(n *node, f *form) {
	if n == nil || f == nil {
		return
	}
	for _, e := range n.entries {
		inner := f.each
		if e.key != nil && inner == nil {
			inner = f.keys[e.key.value]
		}
		arrange(e.value, inner)
	}
	if n.shape != mapping || len(f.order) == 0 || len(n.entries) == 0 {
		return
	}
	rank, place := map[*entry]int{}, -1
	for _, e := range n.entries {
		if i := slices.Index(f.order, e.key.value); i >= 0 {
			place = i
		}
		rank[e] = place
	}
	first := n.entries[0]
	slices.SortStableFunc(n.entries, func(a, b *entry) int { return rank[a] - rank[b] })
	// a blank line before the first entry is one of the mapping, not of the key
	now, before := n.entries[0].lead(), first.lead()
	*now, *before = *before, *now
}

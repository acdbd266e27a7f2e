package flows

// Reopen is what a person may send to a customer whose window is closed, so that
// they write again: always a template. ok is false when the file has none.
func (s *Set) Reopen(st State, env Env) (say Say, ok bool) {
	if s.reopen == nil {
		return Say{}, false
	}
	w := &walk{set: s, st: st, env: env, at: pseudoStart}
	return w.compose(s.reopen), true
}

func (l *loader) buildReopen() {
	f := l.handoff.Get("reopen").Fields(syntax.reopen.keys())
	if !f.Exists() {
		return
	}
	c := &content{text: l.compiler.text(f.Need("text"), "handoff.reopen.text")}
	if at := f.Need("template"); at.Exists() {
		c.template = l.compiler.template(at)
	}
	if c.text != nil && c.template != nil {
		l.set.reopen = c
	}
}

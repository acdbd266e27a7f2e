package flows

// Fetching is what is said to a customer for whom a person is fetched without the
// flow having asked for it; ok is false when the file says nothing then.
func (s *Set) Fetching(st State, env Env) (say Say, ok bool) {
	if s.handoffSay == nil {
		return Say{}, false
	}
	w := &walk{set: s, st: st, env: env, at: pseudoStart}
	return Say{Text: w.write(s.handoffSay)}, true
}

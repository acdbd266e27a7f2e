package bot

// Hand is the proof that a person who had signed in pressed Send on a message's own
// words. Platforms let a person answer later than a bot, if the message says that
// it is one's: to claim that of a bot's is against their rules.
//
// So there are two ways to come by one. The act of replying makes it, and a store
// gives back what it was given (StoredHand). A flow, a timer or a template has none.
// Its zero value proves nothing.
type Hand struct{ wroteIt string }

// StoredHand is for stores: the hand of a message that they were given with one.
func StoredHand(agent string) Hand { return Hand{wroteIt: agent} }

// By is who pressed Send: a handoff.Agent.Name; empty: nobody.
func (h Hand) By() string { return h.wroteIt }

// Equal reports whether both prove the same.
func (h Hand) Equal(other Hand) bool { return h == other }

// author is who a message with this hand is from.
func (h Hand) author() Author {
	if h.wroteIt == "" {
		return AuthorBot
	}
	return AuthorAgent
}

// Tag marks a message for the platform as a person's own words. Only a Hand makes
// one that says anything.
type Tag struct{ name string }

// Name is the platform's word, see window.Rule; empty: the message is not marked.
func (t Tag) Name() string { return t.name }

// tag is the mark of a message that was written by this hand.
func (h Hand) tag(name string) Tag {
	if h.wroteIt == "" {
		return Tag{}
	}
	return Tag{name: name}
}

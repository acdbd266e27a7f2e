package bot

// Why a message may not go, besides what platforms say.
const (
	codeClosed   = "window_closed"
	codeOptedOut = "opted_out"
	codeSpend    = "spend_cap"
)

// barred is the end of a delivery that may not go in the instant of sending. What
// somebody waits for stays as a draft, which a person may send another way; what
// nobody waits for is not worth that, and a template is no draft of anything.
func barred(m Message, code, reason string) *Outcome {
	o := &Outcome{State: StateDraft, Code: code, Reason: reason}
	switch {
	case m.Courtesy:
		o.State = StateCancelled
	case m.Template != nil:
		o.State = StateFailed
	}
	return o
}

// unasked reports whether a message is more than an answer: somebody who opted out
// gets none of these. A person who presses Send knows what the customer wants.
func (m Message) unasked() bool {
	return m.Author == AuthorBot && (m.Courtesy || m.Template != nil)
}

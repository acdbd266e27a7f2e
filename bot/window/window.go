// Package window tells until when a business may answer a customer on a platform.
//
// It is pure: it is given the platform's time of the customer's newest message
// and the moment that is asked about.
package window

import "time"

// Policy is how long a platform lets a business answer.
type Policy struct {
	Length time.Duration // from the customer's newest message; 0: without limit
}

// WhatsApp: "customer service window", 24 h from the user's newest message, by
// its own timestamp (Meta, Cloud API, send-messages, 2025-11-04).
//
// Messenger: "standard messaging window", 24 h from the user's newest qualifying
// action (Meta, Messenger policy, 2026-09-28).
const metaWindow = 24 * time.Hour

// Meta is the window of WhatsApp and of Messenger.
func Meta() Policy { return Policy{Length: metaWindow} }

// Unlimited is a channel that may be answered at any time, as our own web chat.
func Unlimited() Policy { return Policy{} }

// Closes is the first moment at which no answer is allowed any more. It is zero
// when the channel knows no limit.
func (p Policy) Closes(newest time.Time) time.Time {
	if p.Length == 0 {
		return time.Time{}
	}
	return newest.Add(p.Length)
}

package bot

import (
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// Alias is a name by which a channel knows a contact.
type Alias struct {
	Channel string `json:"channel"` // Channel.Name
	Kind    string `json:"kind"`    // "user_id" (WhatsApp BSUID), "phone", "psid", "visitor"
	Value   string `json:"value"`
}

// Contact is a customer. A phone number may be absent, so a contact is our own
// id and the names by which platforms know it.
type Contact struct {
	ID        string
	Name      string  // the profile name; may be empty
	Aliases   []Alias // in the order in which they are tried when sending
	CreatedAt time.Time
}

// Conversation is everything between one contact and one channel account.
type Conversation struct {
	ID            string
	Channel       string // Channel.Name
	Contact       string // Contact.ID
	Status        handoff.Status
	Flow          flows.State
	Ticket        string    // the open ticket's id; empty: none
	NewestInbound time.Time // the platform's time of the newest message that opens the window
	ShutAt        time.Time // equals NewestInbound when the platform refused an answer to it as too late
	Epoch         uint64    // rises whenever the owner changes; a bot's delivery of an older epoch is never sent
	LastSeq       uint64    // Message.Seq of the newest message
	Version       uint64    // rises with every commit; 0: not stored yet
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// WindowCloses is until when the channel lets us answer; zero means for ever.
// A refusal by the platform counts more than our own reckoning.
func (c Conversation) WindowCloses(p window.Policy) time.Time {
	if !c.ShutAt.IsZero() && c.ShutAt.Equal(c.NewestInbound) {
		return c.NewestInbound
	}
	return p.Closes(c.NewestInbound)
}

package handoff

import "time"

// Agent is a person who answers customers.
type Agent struct {
	Name      string    // how the agent signs in, lower case, unique
	Display   string    // how colleagues see the agent
	Password  string    // argon2id in PHC string format; never the password itself
	CreatedAt time.Time // UTC
}

// Session is one sign-in of an agent in one browser.
type Session struct {
	TokenHash string    // SHA-256 of the cookie's token, hex; the token itself is stored nowhere
	Agent     string    // Agent.Name
	ExpiresAt time.Time // UTC
}

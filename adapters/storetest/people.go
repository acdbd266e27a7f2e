package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// People keeps the agents and their sessions, beside a bot.Store.
type People interface {
	Agent(ctx context.Context, name string) (handoff.Agent, error)
	SaveAgent(ctx context.Context, a handoff.Agent) error
	Agents(ctx context.Context) ([]handoff.Agent, error)
	Session(ctx context.Context, tokenHash string) (handoff.Session, error)
	SaveSession(ctx context.Context, s handoff.Session) error
	DeleteSession(ctx context.Context, tokenHash string) error
	DeleteSessions(ctx context.Context, agent string) error
}

// RunPeople runs the suite for agents and sessions. open gives an empty store.
func RunPeople(t *testing.T, open func(t *testing.T) People) {
	t.Helper()
	t.Run("agents are stored, replaced and listed by name", func(t *testing.T) {
		t.Parallel()
		testAgents(t, open(t))
	})
	t.Run("sessions are stored, replaced and deleted", func(t *testing.T) {
		t.Parallel()
		testSessions(t, open(t))
	})
	t.Run("all sessions of an agent are ended, and nobody else's", func(t *testing.T) {
		t.Parallel()
		testSessionsOfAgent(t, open(t))
	})
	t.Run("a new session removes those that are long over", func(t *testing.T) {
		t.Parallel()
		testSessionsOver(t, open(t))
	})
}

func testAgents(t *testing.T, p People) {
	_, err := p.Agent(t.Context(), "ada")
	wantError(t, "an agent that is not there", err, bot.ErrNotFound)
	if list, err := p.Agents(t.Context()); err != nil || len(list) != 0 {
		t.Fatalf("an empty store lists %v, %v", list, err)
	}
	ada := handoff.Agent{Name: "ada", Display: "Ada L.", Password: "$argon2id$v=19$...", CreatedAt: noon()}
	for _, a := range []handoff.Agent{{Name: "zoe"}, {Name: "ada", Display: "old"}, {Name: "bob"}, ada} {
		if err := p.SaveAgent(t.Context(), a); err != nil {
			t.Fatalf("SaveAgent(%s): %v", a.Name, err)
		}
	}
	got, err := p.Agent(t.Context(), "ada")
	if err != nil {
		t.Fatalf("Agent: %v", err)
	}
	same(t, "the agent", got, ada)
	list, err := p.Agents(t.Context())
	if err != nil {
		t.Fatalf("Agents: %v", err)
	}
	same(t, "the list", list, []handoff.Agent{ada, {Name: "bob"}, {Name: "zoe"}})
	if err := p.SaveAgent(t.Context(), handoff.Agent{}); err == nil {
		t.Fatal("an agent without a name was stored")
	}
}

func testSessions(t *testing.T, p People) {
	_, err := p.Session(t.Context(), "hash")
	wantError(t, "a session that is not there", err, bot.ErrNotFound)
	s := handoff.Session{TokenHash: "hash", Agent: "ada", ExpiresAt: noon()}
	for range 2 {
		s.ExpiresAt = s.ExpiresAt.Add(time.Hour)
		if err := p.SaveSession(t.Context(), s); err != nil {
			t.Fatalf("SaveSession: %v", err)
		}
	}
	got, err := p.Session(t.Context(), "hash")
	if err != nil {
		t.Fatalf("Session: %v", err)
	}
	same(t, "the session", got, s)
	for range 2 { // ending it twice is no error
		if err := p.DeleteSession(t.Context(), "hash"); err != nil {
			t.Fatalf("DeleteSession: %v", err)
		}
	}
	_, err = p.Session(t.Context(), "hash")
	wantError(t, "a session that was ended", err, bot.ErrNotFound)
}

func saveSessions(t *testing.T, p People, list ...handoff.Session) {
	t.Helper()
	for _, s := range list {
		if err := p.SaveSession(t.Context(), s); err != nil {
			t.Fatalf("SaveSession: %v", err)
		}
	}
}

// wantSessions checks which of the tokens have a session.
func wantSessions(t *testing.T, p People, want map[string]bool) {
	t.Helper()
	for token, stored := range want {
		_, err := p.Session(t.Context(), token)
		switch {
		case stored && err != nil:
			t.Errorf("session %s: %v", token, err)
		case !stored && !errors.Is(err, bot.ErrNotFound):
			t.Errorf("session %s is still there (%v)", token, err)
		}
	}
}

func testSessionsOfAgent(t *testing.T, p People) {
	end := noon().Add(time.Hour)
	saveSessions(t, p,
		handoff.Session{TokenHash: "1", Agent: "ada", ExpiresAt: end},
		handoff.Session{TokenHash: "2", Agent: "adam", ExpiresAt: end},
		handoff.Session{TokenHash: "3", Agent: "ada", ExpiresAt: noon().Add(-time.Hour)},
		handoff.Session{TokenHash: "4", Agent: "ada", ExpiresAt: end},
		handoff.Session{TokenHash: "5", Agent: "bob", ExpiresAt: end},
	)
	for range 2 { // ending them twice is no error
		if err := p.DeleteSessions(t.Context(), "ada"); err != nil {
			t.Fatalf("DeleteSessions: %v", err)
		}
		wantSessions(t, p, map[string]bool{"1": false, "2": true, "3": false, "4": false, "5": true})
	}
	if err := p.DeleteSessions(t.Context(), "nobody"); err != nil {
		t.Fatalf("DeleteSessions of nobody: %v", err)
	}
	saveSessions(t, p, handoff.Session{TokenHash: "6", Agent: "ada", ExpiresAt: end})
	wantSessions(t, p, map[string]bool{"2": true, "5": true, "6": true})
}

func testSessionsOver(t *testing.T, p People) {
	const month = 30 * 24 * time.Hour
	saveSessions(t, p,
		handoff.Session{TokenHash: "over", Agent: "ada", ExpiresAt: noon()},
		handoff.Session{TokenHash: "over too", Agent: "bob", ExpiresAt: noon().Add(-time.Hour)},
		handoff.Session{TokenHash: "may last", Agent: "ada", ExpiresAt: noon().Add(time.Second)},
		handoff.Session{TokenHash: "lasts", Agent: "ada", ExpiresAt: noon().Add(month)},
		handoff.Session{TokenHash: "new", Agent: "ada", ExpiresAt: noon().Add(month + time.Second)},
	)
	wantSessions(t, p, map[string]bool{"over": false, "over too": false, "may last": true, "lasts": true, "new": true})
}

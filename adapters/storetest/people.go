package storetest

import (
	"context"
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

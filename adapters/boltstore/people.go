package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// Agent gives the agent of that name, or bot.ErrNotFound.
func (s *Store) Agent(ctx context.Context, name string) (handoff.Agent, error) {
	var r agentRecord
	err := s.one(ctx, inAgents, name, &r)
	if err != nil {
		return handoff.Agent{}, fmt.Errorf("agent %s: %w", name, err)
	}
	return handoff.Agent(r), nil
}

// SaveAgent stores an agent, in place of the one of that name.
func (s *Store) SaveAgent(ctx context.Context, a handoff.Agent) error {
	if err := s.save(ctx, inAgents, a.Name, agentRecord(a)); err != nil {
		return fmt.Errorf("storing agent %q: %w", a.Name, err)
	}
	return nil
}

// Agents lists all agents by name.
func (s *Store) Agents(ctx context.Context) ([]handoff.Agent, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var list []handoff.Agent
	err := s.view(func(v view) error {
		c := v.cursor(inAgents)
		for k, b := c.First(); k != nil; k, b = c.Next() {
			var r agentRecord
			if err := decode(b, 0, &r); err != nil {
				return fmt.Errorf("agent %s: %w", k, err)
			}
			list = append(list, handoff.Agent(r))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing agents: %w", err)
	}
	return list, nil
}

// Session gives the session with that hash, expired or not, or bot.ErrNotFound.
func (s *Store) Session(ctx context.Context, tokenHash string) (handoff.Session, error) {
	var r sessionRecord
	if err := s.one(ctx, inSessions, tokenHash, &r); err != nil {
		return handoff.Session{}, fmt.Errorf("session: %w", err)
	}
	return handoff.Session(r), nil
}

const (
	// longestSession is how long a session may live. The store has no clock, but
	// a new session is stored before it ends: what ended earlier than this before
	// the new one's end is over.
	longestSession = 30 * 24 * time.Hour
	// sweep is how many sessions are looked at whenever one is stored.
	sweep = 200
)

// SaveSession stores a session, in place of the one with that hash. It must end
// within 30 days: sessions that ended more than 30 days before session ends are
// over and are removed on the way, all of them while there are a few hundred,
// and some each time when there are more.
func (s *Store) SaveSession(ctx context.Context, session handoff.Session) error {
	b, err := encode(nil, sessionRecord(session))
	if err == nil {
		err = s.update(ctx, func(w *writer) error {
			if err := w.put(inSessions, []byte(session.TokenHash), b); err != nil {
				return err
			}
			return w.sweepSessions(session)
		})
	}
	if err != nil {
		return fmt.Errorf("storing a session of %s: %w", session.Agent, err)
	}
	return nil
}

// sweepSessions looks at the sessions behind the new one. Its key is a hash, so
// that each sweep begins somewhere else.
func (w *writer) sweepSessions(session handoff.Session) error {
	over := session.ExpiresAt.Add(-longestSession)
	var keys [][]byte
	c := w.cursor(inSessions)
	c.Seek([]byte(session.TokenHash))
	for range sweep {
		k, b := c.Next()
		if k == nil {
			k, b = c.First()
		}
		if string(k) == session.TokenHash {
			break // all the way round
		}
		var r sessionRecord
		if decode(b, 0, &r) == nil && r.ExpiresAt.Before(over) {
			keys = append(keys, bytes.Clone(k))
		}
	}
	return w.deleteSessions(keys)
}

func (w *writer) deleteSessions(keys [][]byte) error {
	for _, k := range keys {
		if err := w.delete(inSessions, k); err != nil {
			return err
		}
	}
	return nil
}

// DeleteSessions ends all sessions of an agent; that there are none is no error.
// It reads every session there is.
func (s *Store) DeleteSessions(ctx context.Context, agent string) error {
	err := s.update(ctx, func(w *writer) error {
		var keys [][]byte
		c := w.cursor(inSessions)
		for k, b := c.First(); k != nil; k, b = c.Next() {
			var r sessionRecord
			// What cannot be read lets nobody in, and may be the agent's.
			if err := decode(b, 0, &r); err != nil || r.Agent == agent {
				keys = append(keys, bytes.Clone(k))
			}
		}
		return w.deleteSessions(keys)
	})
	if err != nil {
		return fmt.Errorf("deleting the sessions of %s: %w", agent, err)
	}
	return nil
}

// DeleteSession ends a session; one that does not exist is no error.
func (s *Store) DeleteSession(ctx context.Context, tokenHash string) error {
	err := s.update(ctx, func(w *writer) error {
		if w.get(inSessions, []byte(tokenHash)) == nil {
			return nil
		}
		return w.delete(inSessions, []byte(tokenHash))
	})
	if err != nil {
		return fmt.Errorf("deleting a session: %w", err)
	}
	return nil
}

// one reads a record that has no header.
func (s *Store) one(ctx context.Context, bucket, key string, into any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.view(func(v view) error {
		b := v.get(bucket, []byte(key))
		if b == nil {
			return bot.ErrNotFound
		}
		return decode(b, 0, into)
	})
}

func (s *Store) save(ctx context.Context, bucket, key string, record any) error {
	b, err := encode(nil, record)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	return s.update(ctx, func(w *writer) error { return w.put(bucket, []byte(key), b) })
}

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
	a, err := one(ctx, s, inAgents, name, decodeAgent)
	if err != nil {
		return handoff.Agent{}, fmt.Errorf("agent %s: %w", name, err)
	}
	return a, nil
}

// SaveAgent stores an agent, in place of the one of that name.
func (s *Store) SaveAgent(ctx context.Context, a handoff.Agent) error {
	if err := s.save(ctx, inAgents, a.Name, encodeAgent(a)); err != nil {
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
			a, err := decodeAgent(string(k), b)
			if err != nil {
				return fmt.Errorf("agent %s: %w", k, err)
			}
			list = append(list, a)
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
	session, err := one(ctx, s, inSessions, tokenHash, decodeSession)
	if err != nil {
		return handoff.Session{}, fmt.Errorf("session: %w", err)
	}
	return session, nil
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
	b := encodeSession(session)
	err := s.update(ctx, func(w *writer) error {
		if err := w.put(inSessions, []byte(session.TokenHash), b); err != nil {
			return err
		}
		return w.sweepSessions(session)
	})
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
		if old, err := decodeSession(string(k), b); err == nil && old.ExpiresAt.Before(over) {
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
			// What cannot be read lets nobody in, and may be the agent's.
			if old, err := decodeSession(string(k), b); err != nil || old.Agent == agent {
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

// one reads the record under a name.
func one[T any](ctx context.Context, s *Store, bucket, name string, decode func(name string, b []byte) (T, error)) (got T, err error) {
	if err := ctx.Err(); err != nil {
		return got, err
	}
	err = s.view(func(v view) (err error) {
		b := v.get(bucket, []byte(name))
		if b == nil {
			return bot.ErrNotFound
		}
		got, err = decode(name, b)
		return err
	})
	return got, err
}

func (s *Store) save(ctx context.Context, bucket, name string, b []byte) error {
	return s.update(ctx, func(w *writer) error { return w.put(bucket, []byte(name), b) })
}

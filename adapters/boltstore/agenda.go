package boltstore

import (
	"context"
	"errors"
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
)

var errLater = errors.New("not stored yet")

// Wakes implements bot.Agenda.
func (s *Store) Wakes(context.Context, time.Time, int) (conversations []string, next time.Time, err error) {
	return nil, time.Time{}, nil
}

// KeepFlows implements bot.Library.
func (s *Store) KeepFlows(context.Context, string, flows.Files, ...string) error { return errLater }

// Flows implements bot.Library.
func (s *Store) Flows(context.Context, string) (flows.Files, error) {
	return flows.Files{}, bot.ErrNotFound
}

// Standings implements bot.Library.
func (s *Store) Standings(context.Context) ([]bot.Standing, error) { return nil, errLater }

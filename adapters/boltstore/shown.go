package boltstore

import "time"

// shown is what readers begin from.
type shown struct {
	turn   uint64   // rises whenever the top becomes the under
	layers []*layer // the newest first
}

// layers are the layers under and with top.
func (s *Store) layers(top *layer) []*layer {
	if s.under == nil {
		return []*layer{top}
	}
	return []*layer{top, s.under}
}

// show makes top what readers see.
func (s *Store) show(top *layer, now time.Time) {
	if s.wrote, s.rested = now, false; s.top.size == 0 {
		s.since = now
	}
	s.top = top
	s.reveal()
}

// reveal lets readers begin from the layers as they are.
func (s *Store) reveal() { s.now.Store(&shown{s.turn, s.layers(s.top)}) }

// view runs f on what is durable. What f reads must be copied out.
func (s *Store) view(f func(view) error) error {
	err := guard(func() error {
		for {
			now := s.now.Load()
			tx, err := s.db.Begin(false)
			if err != nil {
				return err
			}
			// The file may have the under by now, which changes nothing: it says the
			// same. But it must not have what was written after these layers.
			if s.now.Load().turn == now.turn {
				defer func() { _ = tx.Rollback() }()
				return f(viewOf(tx, now.layers...))
			}
			_ = tx.Rollback()
		}
	})
	return closed(err)
}

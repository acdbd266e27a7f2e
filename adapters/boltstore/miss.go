package boltstore

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"frontdesk/bot"
	"frontdesk/flows"
)

// outcomeWords are a closed set; what is added goes to the end.
var outcomeWords = words{
	string(flows.OutcomeOffered), string(flows.OutcomePicked), string(flows.OutcomeRefused), string(flows.OutcomeNone), string(flows.OutcomeAnswered),
}

// missKey begins with the time, so that misses are read from a day to another.
func missKey(m bot.Miss) []byte {
	return append(appendTime(make([]byte, 0, timeSize+len(m.Conversation)+9), m.At), messageKey(m.Conversation, m.Seq)...)
}

func splitMissKey(k []byte) (at time.Time, conversation string, seq uint64, err error) {
	if len(k) < timeSize {
		return at, "", 0, fmt.Errorf("%w: %q is no key of a miss", ErrDamaged, k)
	}
	conversation, seq, err = splitMessageKey(k[timeSize:])
	return readTime(k), conversation, seq, err
}

func encodeMiss(m bot.Miss) []byte {
	b := appendText(append(make([]byte, 0, 96+len(m.Words)), form), 1, m.Channel)
	b = appendText(appendText(b, 2, m.Language), 3, m.Words)
	b = appendText(appendWord(b, 4, outcomeWords, m.Outcome), 5, m.Answer)
	for _, g := range m.Guesses {
		b = appendPart(b, 6, func(b []byte) []byte { return appendShare(appendText(b, 1, g.Answer), 2, g.Share) })
	}
	return seal(appendText(b, 7, m.Version))
}

func decodeMiss(k, b []byte) (m bot.Miss, err error) {
	if m.At, m.Conversation, m.Seq, err = splitMissKey(k); err != nil {
		return m, err
	}
	return m, decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			m.Channel = f.text()
		case 2:
			m.Language = f.text()
		case 3:
			m.Words = f.text()
		case 4:
			err = readWord(&m.Outcome, f, outcomeWords)
		case 5:
			m.Answer = f.text()
		case 6:
			var g flows.Guess
			g, err = readGuess(f.b)
			m.Guesses = append(m.Guesses, g)
		case 7:
			m.Version = f.text()
		}
		return err
	})
}

func appendShare(b []byte, n number, share float64) []byte {
	if share == 0 {
		return b
	}
	return protowire.AppendFixed64(protowire.AppendTag(b, protowire.Number(n), protowire.Fixed64Type), math.Float64bits(share))
}

func readGuess(b []byte) (g flows.Guess, err error) {
	return g, eachField(b, func(f field) error {
		switch f.number {
		case 1:
			g.Answer = f.text()
		case 2:
			g.Share = math.Float64frombits(f.v)
		}
		return nil
	})
}

// Misses implements bot.Reader.
func (s *Store) Misses(ctx context.Context, f bot.MissFilter) (list []bot.Miss, err error) {
	var before []byte
	if !f.Until.IsZero() {
		before = appendTime(nil, f.Until)
	}
	for more := true; more && len(list) < f.Limit; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var some []bot.Miss
		err := s.view(func(v view) error {
			some, before = v.misses(before, f, f.Limit-len(list))
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("reading what was not understood: %w", err)
		}
		list, more = append(list, some...), before != nil
	}
	return list, nil
}

// misses reads some rows that stand before a key, backwards, and gives where to go
// on; nil: these were the last.
func (v view) misses(before []byte, f bot.MissFilter, limit int) (some []bot.Miss, next []byte) {
	c := v.cursor(inMisses)
	var k, b []byte
	if first, _ := c.Seek(before); before != nil && first != nil {
		k, b = c.Prev()
	} else {
		k, b = c.Last()
	}
	for looked := 1; len(k) >= timeSize && !readTime(k).Before(f.From); k, b = c.Prev() {
		if m, err := decodeMiss(k, b); err == nil && f.Takes(m) { // check tells what is damaged
			some = append(some, m)
		}
		if looked++; looked > atOnce || len(some) >= limit {
			return some, bytes.Clone(k)
		}
	}
	return some, nil
}

// missesOf gives the keys of all misses of some conversations, and what can be read of
// them. It looks at every key.
func (v view) missesOf(conversations []string) (keys [][]byte, list []bot.Miss, damage []error) {
	c := v.cursor(inMisses)
	for k, b := c.First(); k != nil; k, b = c.Next() {
		_, id, _, err := splitMissKey(k)
		if err != nil || !slices.Contains(conversations, id) {
			continue
		}
		keys = append(keys, bytes.Clone(k))
		if m, err := decodeMiss(k, b); err == nil {
			list = append(list, m)
		} else {
			damage = append(damage, fmt.Errorf("what was not understood at %s: %w", eventTime(k), err))
		}
	}
	return keys, list, damage
}

// shortestMisses is the shortest time for which misses are kept on any channel;
// zero is for ever.
func shortestMisses(r bot.Retention) time.Duration {
	keep := r.MissesFor()
	for _, k := range r.Channels {
		if d := k.MissesFor(); d > 0 && (keep == 0 || d < keep) {
			keep = d
		}
	}
	return keep
}

func (v view) planMisses(at []byte, now time.Time, r bot.Retention) sweeping {
	return v.planTimed(inMisses, at, now, shortestMisses(r), func(k, b []byte) (bool, error) {
		m, err := decodeMiss(k, b)
		return err == nil && bot.Over(m.At, r.On(m.Channel).MissesFor(), now), err
	})
}

// misses checks that each can be read.
func (i *inspection) misses() error {
	return i.each(inMisses, func(k, b []byte) {
		i.out.Misses++
		if _, err := decodeMiss(k, b); err != nil {
			i.damaged("what was not understood at "+eventTime(k), err)
		}
	})
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"frontdesk/flows"
)

// script is what decisions ask of a set of flows.
type script interface {
	Step(flows.State, flows.Input, flows.Env) flows.Result
	Adopt(flows.State) (flows.State, bool)
	Gather() time.Duration
	BeforeClose() time.Duration
	Rungs() []time.Duration
	Rung(int, flows.State, flows.Env) flows.Say
	RungFor(int) (bot, people bool)
	Fetching(flows.State, flows.Env) (flows.Say, bool)
	Reopen(flows.State, flows.Env) (flows.Say, bool)
	Away(flows.State, flows.Env) (flows.Say, bool)
	Opts(words string, optedOut bool) (flows.OptOut, bool)
	DefaultQueue() string
}

// edition is one version of the flows. Its zero value is none.
type edition struct {
	script
	version string
	queues  map[string]flows.Queue
	set     *flows.Set // what it was made of
}

// quotes reports whether the flows may ask what a message costs.
func (e edition) quotes() bool { return e.script != nil && (e.set == nil || e.set.Quotes()) }

// tells reports whether the flows say anything when nobody will be there.
func (e edition) tells() bool { return e.script != nil && (e.set == nil || e.set.Tells()) }

func editionOf(s *flows.Set) edition {
	if s == nil {
		return edition{}
	}
	return edition{script: s, version: s.Version, queues: s.Queues, set: s}
}

// runs reports whether a conversation that stands at st is answered by this
// edition: it began on it, or nothing has begun.
func (e edition) runs(st flows.State) bool {
	return !st.Begun() || st.Version == "" || st.Version == e.version
}

// follow is the edition that the conversation is on. One that began on another
// is moved to the current edition if that says where; else it finishes on its
// own; and if that is gone, it begins anew. Who waits for a call is moved when it
// has ended: no other edition knows what its answer leads to.
func (d *draft) follow() edition {
	current, older := d.rules.current, d.rules.older
	st := d.Conversation.Flow
	if current.runs(st) {
		return current
	}
	own := older.script != nil && older.runs(st)
	if own && d.Conversation.Call != nil {
		return older
	}
	if moved, ok := current.Adopt(st); ok {
		moved.Version = current.version
		d.Conversation.Flow = moved
		// It may have had more rungs: whatever was done, the handover still is to come.
		d.Conversation.Rungs = min(d.Conversation.Rungs, len(current.Rungs()))
		return current
	}
	if own {
		return older
	}
	d.Conversation.Flow = anew(st)
	d.Conversation.Call, d.Conversation.SilentAt = nil, time.Time{}
	return current
}

// mostEditions is how many older versions of the flows are kept parsed.
const mostEditions = 16

// shelf holds older versions of the flows, parsed, for the conversations that
// began on them. Its methods may be called from many goroutines.
type shelf struct {
	library Library                      // nil: only what was put here is known
	parse   func(flows.Files) *flows.Set // gives nil for what it cannot read; nil with library
	log     *slog.Logger

	mu       sync.Mutex
	editions map[string]edition // by version; zero: it cannot be had
	used     []string           // the keys of editions, least recently used first
}

func newShelf(library Library, parse func(flows.Files) *flows.Set, log *slog.Logger) *shelf {
	return &shelf{library: library, parse: parse, log: log, editions: make(map[string]edition)}
}

// put keeps what was current until now.
func (s *shelf) put(e edition) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(e.version, e)
}

// versions are those that somebody may still be answered by.
func (s *shelf) versions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.used)
}

// take gives a version, the zero edition when it cannot be had any more. It
// loads and parses each one once.
func (s *shelf) take(ctx context.Context, version string) (edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.editions[version]
	if !known {
		var err error
		if e, err = s.load(ctx, version); err != nil {
			return edition{}, err
		}
		if e.script == nil {
			s.log.ErrorContext(ctx, "the flows that conversations began on are gone; they begin anew", "version", version)
		}
	}
	s.keep(version, e)
	return e, nil
}

func (s *shelf) load(ctx context.Context, version string) (edition, error) {
	if s.library == nil {
		return edition{}, nil
	}
	files, err := s.library.Flows(ctx, version)
	switch {
	case errors.Is(err, ErrNotFound):
		return edition{}, nil
	case err != nil:
		return edition{}, fmt.Errorf("loading version %s of the flows: %w", version, err)
	}
	e := editionOf(s.read(ctx, files))
	e.version = version // whatever the parser calls it today
	return e, nil
}

// read parses files. A panic counts as not understood: what customers write to
// conversations on this version must be stored all the same.
func (s *shelf) read(ctx context.Context, files flows.Files) (set *flows.Set) {
	defer func() {
		if fault := recover(); fault != nil {
			s.log.ErrorContext(ctx, "reading older flows panicked", "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
			set = nil
		}
	}()
	return s.parse(files)
}

// keep remembers a version as the one used last, and forgets the one that was
// not used for longest when there are too many.
func (s *shelf) keep(version string, e edition) {
	s.used = append(slices.DeleteFunc(s.used, func(v string) bool { return v == version }), version)
	s.editions[version] = e
	if len(s.used) > mostEditions {
		delete(s.editions, s.used[0])
		s.used = slices.Delete(s.used, 0, 1)
	}
}

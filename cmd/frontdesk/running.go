package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"frontdesk/bot"
	"frontdesk/flows"
)

// running is what GET /-/flows tells, and what a plan is made from: the version
// that new conversations begin on, and where all that have begun stand.
type running struct {
	Version   string             `json:"version"`
	Flows     map[string]edition `json:"flows"` // by version: the current one, and those that somebody stands in
	Standings []standing         `json:"standings"`
}

// edition is a version's files.
type edition struct {
	Root  string            `json:"root"`
	Files map[string]string `json:"files"`
}

func editionOf(files flows.Files) edition {
	e := edition{Root: files.Root, Files: make(map[string]string, len(files.Content))}
	for name, src := range files.Content {
		e.Files[name] = string(src)
	}
	return e
}

// standing is how many conversations stand in a state.
type standing struct {
	Version       string `json:"version"`
	Flow          string `json:"flow"`
	State         string `json:"state"`
	Conversations int    `json:"conversations"`
}

// flowsInUse is what the metrics tell of the flows.
func (a *app) flowsInUse() (version string, queues []string) {
	set := a.engine.Flows()
	return set.Version, slices.Collect(maps.Keys(set.Queues))
}

func (a *app) runningFlows(ctx context.Context) (any, error) {
	r := running{Version: a.engine.Flows().Version, Flows: map[string]edition{}, Standings: []standing{}}
	standings, err := a.store.Standings(ctx)
	if err != nil {
		return nil, fmt.Errorf("counting conversations: %w", err)
	}
	versions := []string{r.Version}
	for _, s := range standings {
		r.Standings = append(r.Standings, standing{s.Version, s.Place.Flow, s.Place.Node, s.Conversations})
		if !slices.Contains(versions, s.Version) {
			versions = append(versions, s.Version)
		}
	}
	for _, v := range versions {
		files, err := a.store.Flows(ctx, v)
		if errors.Is(err, bot.ErrNotFound) {
			continue // who stands there begins anew
		}
		if err != nil {
			return nil, fmt.Errorf("reading version %s of the flows: %w", v, err)
		}
		r.Flows[v] = editionOf(files)
	}
	return r, nil
}

// set reads a version of the flows; nil when it is not there, or this program
// does not understand it any more.
func (r running) set(version string) *flows.Set {
	e, ok := r.Flows[version]
	if !ok {
		return nil
	}
	files := flows.Files{Root: e.Root, Content: map[string][]byte{}}
	for name, src := range e.Files {
		files.Content[name] = []byte(src)
	}
	return teacher{}.parse(files)
}

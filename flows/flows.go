package flows

import (
	"time"

	"frontdesk/flows/source"
)

// Diagnostic is one finding in a flow file.
type Diagnostic = source.Diagnostic

// Set is a checked flow file.
type Set struct {
	Version  string // hash of the file's content
	Business string
	Queues   map[string]Queue
}

// Queue is where people wait for a person.
type Queue struct {
	Name       string
	FirstReply time.Duration // the promise; 0: none
}

// Parse reads a flow file.
func Parse(name string, src []byte) (*Set, []Diagnostic) {
	d := source.Parse(name, src, source.Codes{})
	if f := d.Findings(); source.Failed(f) {
		return nil, f
	}
	return &Set{Queues: map[string]Queue{"support": {Name: "support"}}}, nil
}

// Step takes one input.
func (s *Set) Step(st State, in Input, env Env) Result { return Result{State: st} }

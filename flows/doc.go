// Package flows is the flow language: what a business writes into its YAML file
// becomes a checked, immutable Set, and Set.Step decides what the machine says.
//
// Parse reports every fault at once, with place and mend. Step is a pure
// function of state and input: no I/O, no clock, nothing random, so that a step
// can be replayed. The package knows no platform and no store; what a step asks
// for comes back as effects. Reading YAML is flows/source, comparing words is
// flows/match; docs/flows.md is the reference of the language.
package flows

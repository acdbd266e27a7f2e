package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"frontdesk/flows"
	"frontdesk/flows/explain"
)

// forms are the ways in which findings are printed.
var forms = map[string]func(io.Writer, loaded) error{
	"text": text, "json": asJSON, "sarif": asSARIF, "github": asGitHub,
}

// report is what -o json prints.
type report struct {
	File     string    `json:"file"`
	Served   bool      `json:"served"` // may it be?
	Version  string    `json:"version,omitempty"`
	Facts    *facts    `json:"facts,omitempty"`
	Findings []finding `json:"findings"`
}

type facts struct {
	States     int              `json:"states"`
	Languages  []string         `json:"languages"`
	LongestRun []string         `json:"longest_run,omitempty"`
	Messages   map[string]burst `json:"messages,omitempty"`
	Answers    *expectation     `json:"answers,omitempty"`
}

// expectation is what the examples of the answers let one expect of questions like
// them, as shares from 0 to 1; without shares there are too few to say.
type expectation struct {
	Examples int      `json:"examples"`
	Answered *float64 `json:"answered,omitempty"` // at once
	Right    *float64 `json:"right,omitempty"`    // of those
	Offered  *float64 `json:"offered,omitempty"`  // two or three answers to choose from
	Within   *float64 `json:"within,omitempty"`   // the right one is among the first three
}

func expectationOf(set *flows.Set) *expectation {
	e, taught := set.Expect()
	if !taught {
		return nil
	}
	x := &expectation{Examples: e.Examples}
	if e.Enough {
		x.Answered, x.Right, x.Offered, x.Within = &e.Answered, &e.Right, &e.Offered, &e.Within
	}
	return x
}

type burst struct {
	Messages int      `json:"messages"`
	Way      []string `json:"way"`
}

type finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Hint     string `json:"hint,omitempty"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"` // in characters, from 1
	Width    int    `json:"width"`  // characters
}

func asJSON(w io.Writer, l loaded) error {
	r := report{File: l.path, Findings: []finding{}}
	if l.set != nil {
		f := l.set.Facts()
		r.Served, r.Version = true, l.set.Version
		r.Facts = &facts{States: f.States, Languages: l.set.Languages, LongestRun: f.LongestRun, Messages: map[string]burst{}, Answers: expectationOf(l.set)}
		for kind, most := range f.Messages {
			r.Facts.Messages[kind] = burst(most)
		}
	}
	for _, d := range l.findings {
		r.Findings = append(r.Findings, finding{
			Code: d.Code, Severity: string(d.Severity), Summary: d.Summary, Hint: d.Hint,
			File: d.File, Line: d.Line, Column: d.Column, Width: d.Width,
		})
	}
	return indented(w, r)
}

func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// The parts of SARIF 2.1.0 that code scanning reads (OASIS, SARIF 2.1.0, 2020-03-27).
type (
	sarif struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string       `json:"id"`
		Short sarifMessage `json:"shortDescription"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndColumn   int `json:"endColumn"`
	}
)

func asSARIF(w io.Writer, l loaded) error {
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: "frontdesk", Rules: []sarifRule{}}}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}
	known := map[string]bool{}
	for _, d := range l.findings {
		if !known[d.Code] {
			known[d.Code] = true
			about, _ := explain.Of(d.Code)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{d.Code, sarifMessage{about.Title}})
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: d.Code, Level: string(d.Severity), Message: sarifMessage{sentence(d)},
			Locations: []sarifLocation{{sarifPhysical{
				Artifact: sarifArtifact{filepath.ToSlash(d.File)},
				Region:   sarifRegion{StartLine: d.Line, StartColumn: d.Column, EndColumn: d.Column + d.Width},
			}}},
		})
	}
	return indented(w, sarif{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func sentence(d flows.Diagnostic) string {
	if d.Hint == "" {
		return d.Summary
	}
	return d.Summary + "; " + d.Hint
}

// asGitHub writes workflow commands, which GitHub shows beside the lines.
func asGitHub(w io.Writer, l loaded) error {
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var b bytes.Buffer
	for _, d := range l.findings {
		fmt.Fprintf(&b, "::%s file=%s,line=%d,col=%d,endColumn=%d,title=%s::%s\n", d.Severity,
			property.Replace(filepath.ToSlash(d.File)), d.Line, d.Column, d.Column+d.Width, d.Code, message.Replace(sentence(d)))
	}
	_, err := w.Write(b.Bytes())
	return err
}

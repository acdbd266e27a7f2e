package main

import (
	"math"
	"regexp"
	"strings"

	"frontdesk/flows/source"
)

// What of the operator's file is shown in a finding. It is a list of what is
// harmless, as a secret may stand behind a misspelt key or in the middle of
// what is no YAML.
var (
	harmless = regexp.MustCompile(`^\s*(?:listen|ops_listen|data|policy|public_url|kind|human_agent|phone_number_id|page_id|graph_url|graph_version|unknown_wait|rate|account_timezone|endpoint|sample|[a-z_]+_file)\s*:(?:\s+[^{}\[\],@?]*)?$`)
	proxies  = regexp.MustCompile(`^\s*trusted_proxies\s*:(?:\s+\[?[0-9A-Za-z.:/%"', -]*\]?)?\s*$`)
	lasting  = regexp.MustCompile(`^\s*(?:keep|messages|conversations|events|audit)\s*:(?:\s+(?:[0-9]{1,4}[a-z]?|forever|\{(?:\s*(?:messages|conversations|events|audit): (?:[0-9]{1,4}[a-z]?|forever),?)*\s*\}))?\s*$`)
	fromEnv  = regexp.MustCompile(`^\s*[A-Za-z0-9_-]+\s*:\s+["']?\$\{[A-Z_][A-Z0-9_]*\}["']?\s*$`)
	keyed    = regexp.MustCompile(`^(\s*[A-Za-z0-9_-]+\s*:)(\s.*)?$`)
	another  = regexp.MustCompile(`\S\s.*(?:token|secret)["']?\s*:`)
	glued    = regexp.MustCompile(`".*:.*"`)
	anchor   = regexp.MustCompile(`anchor '[^']*'`)
)

// Below calls the names are the operator's: "data" may be a secret there. Less
// is harmless, and what is written in one line opens the section to the end.
var (
	section = regexp.MustCompile(`^(\s*)(?:calls|secrets?)\s*:\s*(?:#.*)?$`)
	inlined = regexp.MustCompile(`(?:^|[\s{,?])["']?(?:calls|secrets?)["']?\s*(?::|$)`)
	allow   = regexp.MustCompile(`^\s*allow\s*:(?:\s+(?:[0-9A-Za-z._/%"',\[\] -]|:+[0-9A-Za-z/"'\]])*)?$`)
	filed   = regexp.MustCompile(`^\s*[a-z0-9_]+_file\s*:(?:\s+(?:[^{}\[\],@?:]|:[^\s{}\[\],@?:])*)?$`)
)

// nowhere is an indentation that no line has.
const nowhere = math.MaxInt

// concealed stands for what is not shown.
const concealed = "…"

// lineBreaks are all that YAML takes for the end of a line, and the mark that
// may be before the first.
var lineBreaks = strings.NewReplacer("\ufeff", "", "\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// concealSource is the operator's file with every value left out that may be a
// secret. Lines and the columns of what is left stay.
func concealSource(src []byte) []byte {
	lines := strings.Split(lineBreaks.Replace(string(src)), "\n")
	free := nowhere // the indentation of the section that the line is in, whose names are free
	for i, line := range lines {
		text := strings.TrimLeft(line, " \t")
		if text == "" {
			continue
		}
		if indent := len(line) - len(text); indent <= free && !strings.HasPrefix(text, "#") {
			free = nowhere
		}
		if !shown(line, free != nowhere) {
			lines[i] = concealLine(line)
		}
		if m := section.FindStringSubmatch(line); free == nowhere && m != nil {
			free = len(m[1])
		} else if free == nowhere && inlined.MatchString(line) {
			free = -1
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

// shown reports whether a line holds nothing that may be a secret. free is
// whether its key may be any name.
func shown(line string, free bool) bool {
	switch {
	case another.MatchString(line):
		return false
	case fromEnv.MatchString(line), allow.MatchString(line), filed.MatchString(line):
		return true
	default:
		return !free && (harmless.MatchString(line) || proxies.MatchString(line) || lasting.MatchString(line))
	}
}

// concealLine leaves of a line its key, if it has one.
func concealLine(line string) string {
	switch m := keyed.FindStringSubmatch(line); {
	case m == nil:
		return line[:len(line)-len(strings.TrimLeft(line, " "))] + concealed
	case strings.TrimSpace(m[2]) != "":
		return m[1] + " " + concealed
	default:
		return line
	}
}

// concealFindings leaves out of the findings what the reader of YAML quotes and
// may be a part of a secret: a key that a space is missing in, an anchor.
func concealFindings(findings []source.Diagnostic) []source.Diagnostic {
	for i, d := range findings {
		switch d.Code {
		case configCodes.Unknown, configCodes.Duplicate, codeChannel:
			findings[i].Summary = glued.ReplaceAllString(d.Summary, `"`+concealed+`"`)
		case configCodes.Syntax:
			findings[i].Summary = anchor.ReplaceAllString(d.Summary, "anchor "+concealed)
		}
	}
	return findings
}

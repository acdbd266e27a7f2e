package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"frontdesk/adapters/meta"
	"frontdesk/flows/source"
)

// maxSecret is far more than any token is long.
const maxSecret = 64 << 10

var (
	envName = regexp.MustCompile(`^\$\{([A-Z_][A-Z0-9_]*)\}$`)
	envLike = regexp.MustCompile(`\$\{|^\$[A-Z_][A-Z0-9_]*$`)
)

// given says how much of a secret there is.
type given int

const (
	absent given = iota
	faulty       // there, and its fault is reported
	usable
)

// secrets reads a channel's three secrets and reports whether it is off: none
// of them is there.
func (r *configReader) secrets(e source.Entry, f source.Fields, ch *channelConfig, keys []string) (off bool) {
	var missing []string
	all := []struct {
		name string
		to   *meta.Secret
	}{
		{"access_token", &ch.accessToken},
		{"app_secret", &ch.appSecret},
		{"verify_token", &ch.verifyToken},
	}
	for _, s := range all {
		value, there := r.secret(f, s.name)
		if *s.to = value; there == absent {
			missing = append(missing, s.name)
		}
	}
	if len(missing) == len(all) {
		return true
	}
	for _, name := range missing {
		if !misspelt(e, keys, name) {
			r.missing(e, f, name)
		}
	}
	return false
}

// secret reads a secret from the operator's file, the environment or a file of
// its own. It reports what is wrong without the value: what is no secret by our
// reading may still be one.
func (r *configReader) secret(f source.Fields, name string) (meta.Secret, given) {
	n := f.Get(name)
	if file := f.Get(name + "_file"); file.Exists() {
		if n.Exists() {
			f.Key(name+"_file").Report(codeSecret, fmt.Sprintf("both %s and %s_file are written", name, name), "keep one of them")
			return "", faulty
		}
		return r.secretFile(file, name)
	}
	if !n.Exists() {
		return "", absent
	}
	if !n.Scalar() {
		n.Report(configCodes.Type, name+" is more than one value", "write ${NAME} or the secret itself, in quotes")
		return "", faulty
	}
	raw := strings.TrimSpace(n.Raw()) // as it is written: a token of digits alone is a token
	switch m := envName.FindStringSubmatch(raw); {
	case m != nil:
		value := strings.TrimSpace(r.getenv(m[1]))
		return checked(n, name, value, m[1]+" of the environment")
	case envLike.MatchString(raw):
		n.Report(codeSecret, name+" looks like a name of the environment and is none", "write ${NAME} and nothing else, NAME in capitals")
		return "", faulty
	case slices.Contains([]string{"~", "null", "Null", "NULL"}, raw):
		return "", absent
	default:
		return checked(n, name, raw, "this line")
	}
}

// checked is a secret that was read, if it can be one.
func checked(n source.Node, name, value, from string) (meta.Secret, given) {
	if value == "" {
		return "", absent
	}
	if err := meta.CheckSecret(name, meta.Secret(value)); err != nil {
		n.Report(codeSecret, err.Error(), "it is read from "+from)
		return "", faulty
	}
	return meta.Secret(value), usable
}

func (r *configReader) secretFile(n source.Node, name string) (meta.Secret, given) {
	const hint = "write a path, relative to the folder of this file"
	path, ok := n.Text()
	switch {
	case !ok:
		return "", faulty
	case path == "":
		n.Report(codeSecret, name+"_file is empty", hint)
		return "", faulty
	case !filepath.IsAbs(path):
		path = filepath.Join(r.dir, path)
	}
	src, err := readBounded(path, maxSecret)
	switch {
	case err != nil:
		n.Report(codeSecret, "the secret's file cannot be read: "+reason(err), hint)
		return "", faulty
	case len(bytes.TrimSpace(src)) == 0:
		n.Report(codeSecret, "the secret's file is empty", "put the secret into it, on one line")
		return "", faulty
	case len(src) > maxSecret:
		n.Report(codeSecret, "the secret's file is too large for a secret", "put only the secret into it, on one line")
		return "", faulty
	}
	return checked(n, name, string(bytes.TrimSpace(src)), "the file named here")
}

// reason is an error of the file system without the path, which the finding shows anyway.
func reason(err error) string {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err.Error()
	}
	return err.Error()
}

// missing reports an absent secret of a channel that has some of them.
func (r *configReader) missing(e source.Entry, f source.Fields, name string) {
	why := ""
	if name == "app_secret" {
		why = ": without it anybody could send messages in a customer's name"
	}
	at, hint := e.Key, fmt.Sprintf("add %s: ${NAME} or %s_file: PATH", name, name)
	if n := f.Get(name); n.Exists() {
		at = n
		if m := envName.FindStringSubmatch(n.Raw()); m != nil {
			hint = fmt.Sprintf("set %s in the environment, or remove all secrets to switch the channel off", m[1])
		}
	}
	at.Report(configCodes.Missing, fmt.Sprintf("channel %q has no %s%s", e.Name, name, why), hint)
}

// misspelt reports whether a key of e that nobody knows was probably meant to
// be name; it is reported as that, and name is not missing.
func misspelt(e source.Entry, known []string, name string) bool {
	return slices.ContainsFunc(e.Value.Entries(), func(f source.Entry) bool {
		if slices.Contains(known, f.Name) {
			return false
		}
		near, ok := source.Nearest(f.Name, known)
		return ok && strings.TrimSuffix(near, "_file") == name
	})
}

// What of the operator's file is shown in a finding. It is a list of what is
// harmless, as a secret may stand behind a misspelt key or in the middle of
// what is no YAML.
var (
	harmless = regexp.MustCompile(`^\s*(?:listen|ops_listen|data|public_url|kind|phone_number_id|page_id|graph_url|graph_version|unknown_wait|[a-z_]+_file)\s*:(?:\s+[^{}\[\],@?]*)?$`)
	proxies  = regexp.MustCompile(`^\s*trusted_proxies\s*:(?:\s+\[?[0-9A-Za-z.:/%"', -]*\]?)?\s*$`)
	fromEnv  = regexp.MustCompile(`^\s*[A-Za-z0-9_-]+\s*:\s+["']?\$\{[A-Z_][A-Z0-9_]*\}["']?\s*$`)
	keyed    = regexp.MustCompile(`^(\s*[A-Za-z0-9_-]+\s*:)(\s.*)?$`)
	another  = regexp.MustCompile(`\S\s.*(?:token|secret)["']?\s*:`)
	glued    = regexp.MustCompile(`".*:.*"`)
	anchor   = regexp.MustCompile(`anchor '[^']*'`)
)

// concealed stands for what is not shown.
const concealed = "…"

// lineBreaks are all that YAML takes for the end of a line, and the mark that
// may be before the first.
var lineBreaks = strings.NewReplacer("\ufeff", "", "\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// concealSource is the operator's file with every value left out that may be a
// secret. Lines and the columns of what is left stay.
func concealSource(src []byte) []byte {
	lines := strings.Split(lineBreaks.Replace(string(src)), "\n")
	for i, line := range lines {
		switch m := keyed.FindStringSubmatch(line); {
		case strings.TrimSpace(line) == "":
		case !another.MatchString(line) && (harmless.MatchString(line) || proxies.MatchString(line) || fromEnv.MatchString(line)):
		case m == nil:
			lines[i] = line[:len(line)-len(strings.TrimLeft(line, " "))] + concealed
		case strings.TrimSpace(m[2]) != "":
			lines[i] = m[1] + " " + concealed
		}
	}
	return []byte(strings.Join(lines, "\n"))
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

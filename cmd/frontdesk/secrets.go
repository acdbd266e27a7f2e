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
		value, there := readSecret(r, f, s.name, meta.CheckSecret)
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

// readSecret reads a secret from the operator's file, the environment or a file of
// its own, and asks check whether it can be one. It reports what is wrong
// without the value: what is no secret by our reading may still be one.
func readSecret[S ~string](r *configReader, f source.Fields, name string, check func(string, S) error) (S, given) {
	n := f.Get(name)
	if file := f.Get(name + "_file"); file.Exists() {
		if n.Exists() {
			f.Key(name+"_file").Report(codeSecret, fmt.Sprintf("both %s and %s_file are written", name, name), "keep one of them")
			return "", faulty
		}
		return secretFile(r, file, name, check)
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
		return checked(n, name, S(value), m[1]+" of the environment", check)
	case envLike.MatchString(raw):
		n.Report(codeSecret, name+" looks like a name of the environment and is none", "write ${NAME} and nothing else, NAME in capitals")
		return "", faulty
	case slices.Contains([]string{"~", "null", "Null", "NULL"}, raw):
		return "", absent
	default:
		return checked(n, name, S(raw), "this line", check)
	}
}

// checked is a secret that was read, if it can be one.
func checked[S ~string](n source.Node, name string, value S, from string, check func(string, S) error) (S, given) {
	if value == "" {
		return "", absent
	}
	if err := check(name, value); err != nil {
		n.Report(codeSecret, err.Error(), "it is read from "+from)
		return "", faulty
	}
	return value, usable
}

func secretFile[S ~string](r *configReader, n source.Node, name string, check func(string, S) error) (S, given) {
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
	return checked(n, name, S(bytes.TrimSpace(src)), "the file named here", check)
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

package main

import (
	"fmt"
	"slices"
	"strings"

	"frontdesk/adapters/caller"
	"frontdesk/flows/source"
)

// calls reads what flows may call, and with which secrets.
func (r *configReader) calls(n source.Node) caller.Config {
	f := n.Fields(source.Keys{Known: []string{"allow", "secrets"}})
	var c caller.Config
	for _, item := range f.Get("allow").List() {
		if a, ok := r.allowed(item); ok {
			c.Allow = append(c.Allow, a)
		}
	}
	c.Secrets = r.callSecrets(f.Get("secrets"))
	return c
}

func (r *configReader) allowed(n source.Node) (caller.Allowed, bool) {
	if digits.MatchString(n.Raw()) { // quotes would not mend it
		n.Report(codeAddress, n.Raw()+" is a port without a host", fmt.Sprintf("write \"HOST:%s\"", n.Raw()))
		return caller.Allowed{}, false
	}
	s, ok := n.Text()
	switch {
	case !ok:
		return caller.Allowed{}, false
	case strings.Contains(s, "@"): // what is before it may be a password
		n.Report(codeAddress, "an address with a name and a password in it", "write HOST:PORT")
		return caller.Allowed{}, false
	}
	a, err := caller.ParseAllowed(s)
	if err != nil {
		summary, hint, _ := strings.Cut(err.Error(), "; ")
		n.Report(codeAddress, summary, hint)
		return caller.Allowed{}, false
	}
	return a, true
}

// callSecrets reads secrets whose names are the operator's. NAME_file: PATH is
// the secret NAME in a file of its own, as for a channel's secrets.
func (r *configReader) callSecrets(n source.Node) map[string]caller.Secret {
	var keys, names []string
	for _, e := range n.Entries() {
		keys = append(keys, e.Name)
		name := strings.TrimSuffix(e.Name, "_file")
		if caller.CheckName(name) != nil { // its error holds the name, which may be a secret in the wrong place
			e.Key.Report(codeSecret, "this cannot be the name of a secret",
				"small letters, digits and _, beginning with a letter, at most 40")
			continue
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	f := n.Fields(source.Keys{Known: keys})
	secrets := make(map[string]caller.Secret, len(names))
	for _, name := range names {
		switch value, there := readSecret(r, f, name, caller.CheckSecret); there {
		case usable:
			secrets[name] = value
		case absent:
			emptySecret(f.Get(name), name)
		case faulty: // reported
		}
	}
	return secrets
}

// emptySecret reports a secret of calls without a value: a flow that uses it
// would fail at a customer, and not here.
func emptySecret(n source.Node, name string) {
	hint := "write ${NAME}, or remove the line"
	if m := envName.FindStringSubmatch(strings.TrimSpace(n.Raw())); m != nil {
		hint = fmt.Sprintf("set %s in the environment, or remove the line", m[1])
	}
	n.Report(configCodes.Missing, fmt.Sprintf("the secret %q is empty", name), hint)
}

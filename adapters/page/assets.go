package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Base holds what all pages share: base.css, the colours, type and controls,
// and stream.js, the browser's end of Stream.
//
//go:embed base.css stream.js
var Base embed.FS

// Assets serves static files under names that hold a hash of their content, so
// that browsers may keep them for ever and a new version is seen at once.
type Assets struct {
	prefix string
	urls   map[string]string // "inbox.css" -> "/inbox/static/inbox.0123456789abcdef.css"
	files  map[string][]byte // by URL
}

// imported is a module's import of another file: from "./stream.js".
var imported = regexp.MustCompile(`(from ")\./([^"/]+)(")`)

// NewAssets reads every file at the top of each file system. Prefix is the path
// they are served under and ends in a slash. A module may import files of the
// file systems before its own; the name is replaced by where the file is served.
func NewAssets(prefix string, from ...fs.FS) (*Assets, error) {
	a := &Assets{prefix: prefix, urls: map[string]string{}, files: map[string][]byte{}}
	for _, fsys := range from {
		names, err := fs.Glob(fsys, "*.*")
		if err != nil {
			return nil, fmt.Errorf("listing static files: %w", err)
		}
		for _, name := range names {
			body, err := fs.ReadFile(fsys, name)
			if err != nil {
				return nil, fmt.Errorf("reading static file %s: %w", name, err)
			}
			if path.Ext(name) == ".js" {
				if body, err = a.link(body); err != nil {
					return nil, fmt.Errorf("in %s: %w", name, err)
				}
			}
			sum := sha256.Sum256(body)
			ext := path.Ext(name)
			url := prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:8]) + ext
			a.urls[name], a.files[url] = url, body
		}
	}
	return a, nil
}

// link gives the imports of a module the names under which the files are served.
func (a *Assets) link(module []byte) (linked []byte, err error) {
	linked = imported.ReplaceAllFunc(module, func(from []byte) []byte {
		part := imported.FindSubmatch(from)
		url, unknown := a.URL(string(part[2]))
		if unknown != nil {
			err = unknown
		}
		return slices.Concat(part[1], []byte(url), part[3])
	})
	return linked, err
}

// URL is where a file is served. An unknown name is an error, so that a
// template that asks for one fails its test.
func (a *Assets) URL(name string) (string, error) {
	url, ok := a.urls[name]
	if !ok {
		return "", fmt.Errorf("there is no static file %s", name)
	}
	return url, nil
}

// ServeHTTP answers with the file or 404.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType(path.Ext(r.URL.Path)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	if _, err := w.Write(body); err != nil {
		return // the browser went away
	}
}

// contentType does not ask the operating system's table, which differs from
// machine to machine.
func contentType(ext string) string {
	switch ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return "application/octet-stream"
	}
}

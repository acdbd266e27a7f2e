package flows

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"frontdesk/flows/source"
)

// Files are the files that a set of flows is read from, as one value that can be
// stored: the flow file, what it includes and its translations.
type Files struct {
	Root    string            // the name of the flow file itself
	Content map[string][]byte // by name, with slashes, relative to the folder of the flow file
}

// mostFiles bounds how many files a flow file may be split into, and mostBytes
// how large they may be together.
const (
	mostFiles = 500
	mostBytes = 16 << 20
)

// Load reads and checks the flow file name of fsys with everything it includes.
// shown is its name in findings, which tell of the others by their place beside it.
// It gives every finding at once, sorted by file and place; the Set is nil when
// one of them is an error, and may be used when all are warnings. Files are those
// that were read, also when there are errors. The error is that of reading the
// flow file itself; whatever is wrong with another file is a finding.
func Load(fsys fs.FS, name, shown string) (*Set, Files, []Diagnostic, error) {
	l := newLoader(fsys, name, shown)
	src, err := bounded(fsys, name)
	if err != nil {
		return nil, l.files, nil, err
	}
	set, found := l.load(src)
	return set, l.files, found, nil
}

// Parse is Load for a flow file that includes no others. name is used in
// findings only.
func Parse(name string, src []byte) (*Set, []Diagnostic) {
	return newLoader(none{}, path.Base(name), name).load(src)
}

// Set reads and checks the files again.
func (f Files) Set() (*Set, []Diagnostic) {
	set, _, found, err := Load(memory{f}, f.Root, f.Root)
	if err != nil {
		return nil, []Diagnostic{{
			Code: codeFile, Severity: SeverityError, Summary: "the flow file is missing", File: f.Root, Line: 1, Column: 1, Width: 1,
		}}
	}
	return set, found
}

// version is the hash of everything that was read. The flow file's own name says
// nothing to a customer, so a copy of it is the same version.
func (f Files) version() string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.Content)) {
		part := f.Content[name]
		if name == f.Root {
			name = ""
		}
		_, _ = sum.Write(binary.BigEndian.AppendUint64([]byte(name+"\x00"), uint64(len(part)))) // a hash never fails
		_, _ = sum.Write(part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// bounded reads a file, and of one that is too large just enough to tell.
func bounded(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is a folder")}
	}
	return io.ReadAll(io.LimitReader(f, source.MaxSize+1))
}

// included reads the files that a list of patterns names, in the order of the
// list and by name within a pattern. What is wrong is reported at the pattern; all
// is false when something could not be read.
func (l *loader) included(patterns []source.Node) (roots []source.Node, all bool) {
	all = true
	for _, n := range patterns {
		pattern, ok := n.Text()
		if !ok {
			all = false
			continue
		}
		names, err := fs.Glob(l.fsys, path.Clean(strings.TrimPrefix(pattern, "./")))
		all = all && len(names) > 0
		switch {
		case err != nil:
			n.Report(codeFile, fmt.Sprintf("%q is no pattern of file names", pattern), "write for example flows/*.yaml")
			continue
		case strings.HasPrefix(path.Clean(pattern), "..") || path.IsAbs(pattern):
			n.Report(codeFile, "only files beside the flow file, or below it, can be included", "write the path from the folder of the flow file")
			continue
		case len(names) == 0:
			n.Report(codeFile, fmt.Sprintf("no file is called %q", pattern), "names are relative to the folder of the flow file")
			continue
		}
		for _, name := range names {
			if _, twice := l.files.Content[name]; twice {
				if !strings.Contains(pattern, "*") {
					n.Report(codeFile, fmt.Sprintf("%q is read already", name), "remove it here")
				}
				continue
			}
			root, ok := l.open(n, name)
			if all = all && ok; ok {
				roots = append(roots, root)
			}
		}
	}
	return roots, all
}

func (l *loader) open(n source.Node, name string) (source.Node, bool) {
	if len(l.files.Content) >= mostFiles || l.bytes > mostBytes {
		n.Report(codeFile, fmt.Sprintf("more than %d files, or %d MiB together", mostFiles, mostBytes>>20), "put some of them together")
		return source.Node{}, false
	}
	src, err := bounded(l.fsys, name)
	if err != nil {
		n.Report(codeFile, fmt.Sprintf("%s cannot be read", name), "look at its permissions; is it a folder?")
		return source.Node{}, false
	}
	l.bytes += len(src)
	l.files.Content[name] = src
	doc := source.Parse(l.beside(name), src, readerCodes)
	l.docs = append(l.docs, doc)
	return doc.Root, doc.Root.Exists()
}

// beside is the name of a file as findings show it: as it is reached from where
// the flow file was named.
func (l *loader) beside(name string) string { return path.Join(path.Dir(l.shown), name) }

// none is a file system without files.
type none struct{}

// Open implements fs.FS.
func (none) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// memory is Files as a file system: flat lists are enough for Glob.
type memory struct{ files Files }

// Open implements fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	b, ok := m.files.Content[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &inMemory{name: name, size: int64(len(b)), rest: bytes.NewReader(b)}, nil
}

// Glob implements fs.GlobFS.
func (m memory) Glob(pattern string) ([]string, error) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(m.files.Content)) {
		ok, err := path.Match(pattern, name)
		if err != nil {
			return nil, err
		}
		if ok {
			names = append(names, name)
		}
	}
	return names, nil
}

type inMemory struct {
	name string
	size int64
	rest *bytes.Reader
}

func (f *inMemory) Stat() (fs.FileInfo, error)   { return f, nil }
func (f *inMemory) Read(b []byte) (int, error)   { return f.rest.Read(b) }
func (f *inMemory) Close() error                 { return nil }
func (f *inMemory) Name() string                 { return path.Base(f.name) }
func (f *inMemory) Size() int64                  { return f.size }
func (f *inMemory) Mode() fs.FileMode            { return 0o444 }
func (f *inMemory) ModTime() (unknown time.Time) { return unknown }
func (f *inMemory) IsDir() bool                  { return false }
func (f *inMemory) Sys() any                     { return nil }

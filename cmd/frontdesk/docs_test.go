package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"frontdesk/flows/draw"
)

// TestTheOperatorsFileOfTheDocs reads the example of docs/operating.md as the program does.
func TestTheOperatorsFileOfTheDocs(t *testing.T) {
	t.Parallel()
	docs, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindSubmatch(docs)
	if block == nil {
		t.Fatal("the docs show no file")
	}
	path := filepath.Join(t.TempDir(), "frontdesk.yaml")
	if err := os.MkdirAll(filepath.Join(filepath.Dir(path), "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{path: string(block[1]), filepath.Join(filepath.Dir(path), "secrets/page-token"): "token\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := loadConfig(path, func(string) string { return "secret" })
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, ch := range c.channels {
		names = append(names, ch.name)
	}
	diff(t, "channels", "whatsapp messenger web", strings.Join(names, " "))
}

// TestTheDrawingOfTheDocs keeps the picture in docs what graph draws of the example.
func TestTheDrawingOfTheDocs(t *testing.T) {
	t.Parallel()
	const at = "../../docs/images/flows.svg"
	set, err := loadFlows(example)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := draw.SVG(&b, set.Graph()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(at, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s is not what graph draws of %s; write it anew with make golden, and look at it", at, example)
	}
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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

package flows

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"frontdesk/flows/source"
)

// bomb is YAML whose aliases multiply.
func bomb() []byte {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := range 12 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), ", "))
	}
	return []byte(b.String())
}

// many are n small files to include, each with a flow.
func many(n int) map[string][]byte {
	files := map[string][]byte{}
	for i := range n {
		files[fmt.Sprintf("parts/%d.yaml", i)] = fmt.Appendf(nil, "flows: {f%d: {start: a, states: {a: {say: x, end: true}}}}", i)
	}
	return files
}

// TestTooMuch ensures that whatever is far too large is refused with a word about
// it, before it takes long or much memory.
func TestTooMuch(t *testing.T) {
	t.Parallel()
	const top = "version: 1\nbusiness: B\nhandoff: {words: [agent]}\n"
	const main = "flows: {main: {start: a, states: {a: {say: x, end: true}}}}\n"
	large := bytes.Repeat([]byte("# x\n"), 10<<18) // 10 MiB
	for _, c := range []struct {
		name string
		root string
		more map[string][]byte
		want string
	}{
		{"a file of 10 MiB", string(large), nil, "the file is larger than 4 MiB"},
		{"an include of 10 MiB", top + "include: [x.yaml]\n" + main, map[string][]byte{"x.yaml": large}, "the file is larger than 4 MiB"},
		{"translations of 10 MiB", top + "languages: [en, de]\ntexts: [de.yaml]\n" + main, map[string][]byte{"de.yaml": large}, "the file is larger than 4 MiB"},
		{"1,000 includes", top + "include: [parts/*.yaml]\n" + main, many(1000), "more than 500 files, or 16 MiB together"},
		{"a bomb", string(bomb()), nil, "with its aliases written out the file has more than 500000 values, or no end at all"},
		{"a bomb in an include", top + "include: [x.yaml]\n" + main, map[string][]byte{"x.yaml": bomb()}, "with its aliases written out the file has more than 500000 values, or no end at all"},
		{"a file that includes itself", top + "include: [flows.yaml]\n" + main, nil, `"flows.yaml" is read already`},
		{"100,000 unknown keys", top + main + strings.Repeat("x: 1\n", 100_000), nil, "there is more: only the first 500 are shown"},
		{"5,000 ways to nowhere", strings.ReplaceAll(string(menuFile(500)), ": s", ": x"), nil, "there is more: only the first 500 are shown"},
		{"1,500 variables that are not set", strings.ReplaceAll(string(chainFile(1500)), "{{ v1", "{{ v2"), nil, "there is more: only the first 500 are shown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			fsys := fstest.MapFS{"flows.yaml": {Data: []byte(c.root)}}
			for name, src := range c.more {
				fsys[name] = &fstest.MapFile{Data: src}
			}
			set, _, found, err := Load(fsys, "flows.yaml", "flows.yaml")
			if err != nil || set != nil || !source.Failed(found) {
				t.Fatalf("not refused: %v, %d findings", err, len(found))
			}
			told := false
			for _, d := range found {
				told = told || strings.Contains(d.Summary, c.want)
			}
			if !told || len(found) > 1002*(len(c.more)+1) {
				t.Fatalf("%d findings, the first: %+v", len(found), found[:min(3, len(found))])
			}
		})
	}
}

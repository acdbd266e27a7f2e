// Package source reads a YAML document with positions and reports every fault
// it finds, each with its place and what to write instead.
//
// Parse gives a Document; its Root is a Node, and a Node is read as what is
// meant: Fields for a mapping with known keys, Entries for one with free names,
// List, Text, Duration, Int, Bool. What cannot be read so is reported into the
// document and the reader says false, so that the caller just goes on and
// Findings has everything at the end:
//
//	doc := source.Parse("frontdesk.yaml", src, source.Codes{Syntax: "C101", ...})
//	top := doc.Root.Fields(source.Keys{Known: []string{"listen", "store"}})
//	if listen, ok := top.Need("listen").Text(); ok { ... }
//	for _, ch := range top.Get("channels").Entries() {
//		kind, _ := ch.Value.Fields(channelKeys).Need("kind").Text()
//	}
//	return doc.Findings()
//
// It knows YAML and nothing of what the document is about: codes come from the
// caller. It opens no file.
package source

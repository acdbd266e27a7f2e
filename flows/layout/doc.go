// Package layout gives flow files one look, as gofmt does for Go: Format
// rewrites the white space, the order of the keys and needless quotes, and
// nothing else. Comments stay with what they speak of.
//
// The file is read twice: by the YAML library, which says what it means, and by
// a reader of this package that walks along the library's tree and finds out how
// each value is written and where the comments are; the library itself loses
// blank lines and moves comments. What comes out is parsed again and compared
// before it is given out, so that a file is refused rather than changed.
//
// It knows the keys of the language only to put them in order, and judges no
// file: that is for package flows.
package layout

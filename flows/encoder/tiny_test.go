package encoder

import (
	"bytes"
	"testing"

	"frontdesk/flows/encoder/encodertest"
)

// converted is the file of a package.
func converted(t testing.TB, p *encodertest.Package) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Convert(bytes.NewReader(encodertest.Pack(t, p.Files(t))), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func opened(t testing.TB, file []byte) *Encoder {
	t.Helper()
	e, err := Open(file)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func pointOf(e *Encoder, text string) []float32 {
	dst := make([]float32, e.Size())
	e.Encode(dst, text)
	return dst
}

package caller

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Bounds of what is kept of an answer: it is stored with the conversation.
const (
	maxText  = 1000     // characters of one text; longer ones are cut
	maxDepth = 32       // of lists and objects inside each other
	maxKept  = 64 << 10 // bytes of all of it as JSON
)

var (
	errTooLarge = errors.New("the answer is larger than what is kept")
	errBroken   = errors.New("the answer is not what it says it is")
)

// form is what a body says it is.
type form int

const (
	other form = iota // nothing that flows can use: it is not read
	inJSON
	inText
)

// formOf reads the media type. Without one a body may be anything.
func formOf(h http.Header) form {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	switch {
	case err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter):
		return other
	case media == "application/json", media == "text/json", strings.HasSuffix(media, "+json"):
		return inJSON
	case media == "text/plain":
		return inText
	default:
		return other
	}
}

// read reads the body of an answer, at most limit bytes after unpacking, and
// gives what is kept of it.
func read(resp *http.Response, limit int64, hide func(string) string) (any, error) {
	f := formOf(resp.Header)
	if f == other {
		return nil, nil // nothing is kept, which is no fault
	}
	if e := resp.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return nil, errBroken // packed in a way that was not asked for
	}
	// One byte more than the limit tells a cut body from a whole one.
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(body)) > limit:
		return nil, errTooLarge
	default:
		return decode(f, body, hide)
	}
}

// decode gives what is kept of a body: what JSON knows, with every number a
// float64, texts cut and passed through hide. An empty body is nothing.
func decode(f form, body []byte, hide func(string) string) (any, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff"))) // some write a byte order mark
	if len(body) == 0 {
		return nil, nil // nothing came, which is no fault
	}
	if f == inText {
		return cut(hide(strings.ToValidUTF8(string(body), "\ufffd"))), nil
	}
	var v any
	if json.Unmarshal(body, &v) != nil { // its error quotes the body
		return nil, errBroken
	}
	kept, ok := keep(v, 0, hide)
	if !ok {
		return nil, errTooLarge
	}
	again, err := json.Marshal(kept)
	if err != nil {
		return nil, errBroken
	}
	if len(again) > maxKept {
		return nil, errTooLarge
	}
	return kept, nil
}

// keep cuts and hides the texts within v, and reports whether v is shallow
// enough. depth is how many lists and objects v stands in.
func keep(v any, depth int, hide func(string) string) (kept any, ok bool) {
	switch v := v.(type) {
	case string:
		return cut(hide(v)), true
	case []any:
		for i := range v {
			if v[i], ok = keep(v[i], depth+1, hide); !ok {
				return nil, false
			}
		}
	case map[string]any:
		within := make(map[string]any, len(v))
		for name, value := range v {
			if within[hide(name)], ok = keep(value, depth+1, hide); !ok {
				return nil, false
			}
		}
		return within, depth < maxDepth
	default: // a number, true or false, nothing
		return v, true
	}
	return v, depth < maxDepth
}

// cut is the beginning of s, at most maxText characters.
func cut(s string) string {
	if len(s) <= maxText || utf8.RuneCountInString(s) <= maxText {
		return s
	}
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i]
		}
		n++
	}
	return s
}

package caller

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsKeptOfAnAnswerIsBounded(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, tt := range []struct {
		name, body string
		err        error
	}{
		{"as deep as may be", nested(maxDepth), nil},
		{"too deep", nested(maxDepth + 1), errTooLarge},
		{"a text in the deepest place", strings.Repeat(`{"a":`, maxDepth) + `"x"` + strings.Repeat("}", maxDepth), nil},
		{"objects too deep", strings.Repeat(`{"a":`, maxDepth+1) + `1` + strings.Repeat("}", maxDepth+1), errTooLarge},
		{"deeper than can be read", nested(200_000), errBroken},
		{"as much as may be", `["` + strings.Repeat(strings.Repeat("x", 996)+`","`, 65) + strings.Repeat("x", 597) + `"]`, nil},
		{"one byte more", `["` + strings.Repeat(strings.Repeat("x", 996)+`","`, 65) + strings.Repeat("x", 598) + `"]`, errTooLarge},
		{"long texts that are cut fit", `["` + strings.Repeat(strings.Repeat("x", 9000)+`","`, 60) + `"]`, nil},
		{"a name without an end", `{"` + strings.Repeat("x", maxKept) + `":1}`, errTooLarge},
		{"letters that grow when they are written again", `["` + strings.Repeat(strings.Repeat("<", 900)+`","`, 13) + `"]`, errTooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := decode(inJSON, []byte(tt.body), strings.Clone); !errors.Is(err, tt.err) {
				t.Errorf("%v, want %v", err, tt.err)
			}
		})
	}
}

func TestTextsAreCutAtACharacter(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                    "",
		strings.Repeat("x", maxText):          strings.Repeat("x", maxText),
		strings.Repeat("x", maxText+1):        strings.Repeat("x", maxText),
		strings.Repeat("é", maxText):          strings.Repeat("é", maxText),
		strings.Repeat("日", maxText) + "本":    strings.Repeat("日", maxText),
		"\xff" + strings.Repeat("é", maxText): "\xff" + strings.Repeat("é", maxText-1),
	} {
		if got := cut(in); got != want {
			t.Errorf("%.20q (%d bytes): %d bytes, want %d", in, len(in), len(got), len(want))
		}
	}
}

func TestASecretThatIsRepeatedIsHidden(t *testing.T) {
	t.Parallel()
	hide := hider([]string{"hush-hush", "hush-hush-hush", "tiny"})
	body := `{"headers":{"Authorization":"Bearer hush-hush-hush","X":"tiny"},"hush-hush":["a hush-hush b",1],"long":"` +
		strings.Repeat("x", maxText-4) + `hush-hush"}`
	got, err := decode(inJSON, []byte(body), hide)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"headers":  map[string]any{"Authorization": "Bearer <secret>", "X": "tiny"},
		"<secret>": []any{"a <secret> b", 1.0},
		"long":     strings.Repeat("x", maxText-4) + "<sec",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// FuzzDecode: whatever a system answers, nothing panics, and what is kept is
// within its bounds, holds no secret, and is the same when it is stored and read.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `null`, `"a"`, `-0`, `1e300`, `1e999`, `{"a":{"b":[1,2,{"c":null}]}}`, `{"a":1,"a":2}`, "\ufeff[]", `"\ud800"`, "\"\xff\"",
		`{"k":"hush-hush"}`, `{"hush-hush":1}`, `"hush\u002dhush"`, `[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]`, `{"a":`, `<html>`,
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, text bool) {
		form := inJSON
		if text {
			form = inText
		}
		got, err := decode(form, bytes.Clone(body), hider([]string{"hush-hush"}))
		if err != nil {
			if got != nil || !errors.Is(err, errTooLarge) && !errors.Is(err, errBroken) {
				t.Fatalf("%v with %v", got, err)
			}
			return
		}
		sound(t, got, 0)
		stored, err := json.Marshal(got)
		if err != nil || len(stored) > maxKept {
			t.Fatalf("%d bytes are kept: %v", len(stored), err)
		}
		var again any
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("another one when it is read again (-want +got):\n%s", diff)
		}
		if bytes.Contains(stored, []byte("hush-hush")) {
			t.Errorf("a secret is kept: %s", stored)
		}
	})
}

// sound reports what must not be in a kept answer.
func sound(t *testing.T, v any, depth int) {
	t.Helper()
	switch v := v.(type) {
	case nil, bool, float64:
	case string:
		if utf8.RuneCountInString(v) > maxText || !utf8.ValidString(v) {
			t.Errorf("the text %.20q of %d characters", v, utf8.RuneCountInString(v))
		}
	case []any:
		for _, e := range v {
			sound(t, e, depth+1)
		}
	case map[string]any:
		for _, e := range v {
			sound(t, e, depth+1)
		}
	default:
		t.Error(fmt.Sprintf("%T", v), "is kept")
	}
	if _, single := v.(string); depth > maxDepth && !single {
		t.Errorf("%d deep", depth)
	}
}

package metatest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf16"
)

// strict decodes body into v and refuses keys that v does not have.
func strict(body []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("the body: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body goes on after its end")
	}
	return nil
}

// between checks a length in UTF-16 units.
func between(what, s string, least, most int) error {
	if n := len(utf16.Encode([]rune(s))); n < least || n > most {
		return fmt.Errorf("%s: %d characters, must be %d to %d", what, n, least, most)
	}
	return nil
}

// checkChoices checks what holds for buttons, rows and quick replies alike.
func checkChoices(what string, choices []Choice, most, idMost, titleMost int) error {
	faults := []error{}
	if len(choices) < 1 || len(choices) > most {
		faults = append(faults, fmt.Errorf("%d %ss, must be 1 to %d", len(choices), what, most))
	}
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, c := range choices {
		faults = append(faults, between(what+" id", c.ID, 1, idMost), between(what+" title", c.Title, 1, titleMost))
		if c.ID != strings.TrimSpace(c.ID) {
			faults = append(faults, fmt.Errorf("%s id %q: outer spaces", what, c.ID))
		}
		if ids[c.ID] || titles[c.Title] {
			faults = append(faults, fmt.Errorf("%s %q: its id or title is there twice", what, c.Title))
		}
		ids[c.ID], titles[c.Title] = true, true
	}
	return errors.Join(faults...)
}

// checkLink checks where Meta would fetch a file from.
func checkLink(what, link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%s: the link %q is no https address", what, link)
	}
	return nil
}

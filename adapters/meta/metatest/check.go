package metatest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
)

var (
	phonePattern = regexp.MustCompile(`^\+[1-9][0-9]{4,14}$`)
	userPattern  = regexp.MustCompile(`^[A-Z]{2}\.[A-Za-z0-9]{1,128}$`)
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

// The limits are those of Meta's OpenAPI document of 2025-11-21.
func checkWhatsApp(r *Request) error {
	type section struct {
		Title string `json:"title"`
		Rows  []struct {
			ID          string `json:"id"`
			Title       string `json:"title"`
			Description string `json:"description"`
		} `json:"rows"`
	}
	var b struct {
		Product       string `json:"messaging_product"`
		RecipientType string `json:"recipient_type"`
		To            string `json:"to"`
		Recipient     string `json:"recipient"`
		Type          string `json:"type"`
		Text          *struct {
			Body    string `json:"body"`
			Preview bool   `json:"preview_url"`
		} `json:"text"`
		Interactive *struct {
			Type string `json:"type"`
			Body struct {
				Text string `json:"text"`
			} `json:"body"`
			Action struct {
				Button  string `json:"button"`
				Buttons []struct {
					Type  string `json:"type"`
					Reply struct {
						ID    string `json:"id"`
						Title string `json:"title"`
					} `json:"reply"`
				} `json:"buttons"`
				Sections []section `json:"sections"`
			} `json:"action"`
		} `json:"interactive"`
		Callback string `json:"biz_opaque_callback_data"`
	}
	if err := strict(r.Body, &b); err != nil {
		return err
	}
	r.To, r.ID = b.To+b.Recipient, b.Callback
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if b.Product != "whatsapp" || b.RecipientType != "individual" {
		fault("messaging_product %q, recipient_type %q", b.Product, b.RecipientType)
	}
	switch {
	case b.To != "" && b.Recipient != "":
		fault("both to and recipient")
	case b.Recipient != "" && !userPattern.MatchString(b.Recipient):
		fault("recipient %q is no user id", b.Recipient)
	case b.Recipient == "" && !phonePattern.MatchString(b.To):
		fault("to %q is no phone number with + and country code", b.To)
	}
	faults = append(faults, between("biz_opaque_callback_data", b.Callback, 1, 256))
	switch {
	case b.Type == "text" && b.Text != nil && b.Interactive == nil:
		r.Text = b.Text.Body
		faults = append(faults, between("text", b.Text.Body, 1, 4096))
	case b.Type == "interactive" && b.Interactive != nil && b.Text == nil:
		i := b.Interactive
		r.Text = i.Body.Text
		faults = append(faults, between("interactive body", i.Body.Text, 1, 1024))
		switch {
		case i.Type == "button" && i.Action.Button == "" && i.Action.Sections == nil:
			r.Layout = "buttons"
			for _, button := range i.Action.Buttons {
				if button.Type != "reply" {
					fault("button type %q", button.Type)
				}
				r.Choices = append(r.Choices, Choice(button.Reply))
			}
			faults = append(faults, checkChoices("button", r.Choices, 3, 256, 20))
		case i.Type == "list" && i.Action.Buttons == nil:
			r.Layout = "list"
			for _, s := range i.Action.Sections {
				least := 0
				if len(i.Action.Sections) > 1 {
					least = 1
				}
				faults = append(faults, between("section title", s.Title, least, 24))
				for _, row := range s.Rows {
					r.Choices = append(r.Choices, Choice{row.ID, row.Title})
					faults = append(faults, between("row description", row.Description, 0, 72))
				}
			}
			faults = append(faults, between("menu button", i.Action.Button, 1, 20), checkChoices("row", r.Choices, 10, 200, 24))
		default:
			fault("interactive type %q with another's action", i.Type)
		}
	default:
		fault("type %q without its object, or with another's", b.Type)
	}
	return errors.Join(faults...)
}

// The limits are those of Meta's send API page of 2026-05-05.
func checkMessenger(r *Request) error {
	var b struct {
		Recipient struct {
			ID string `json:"id"`
		} `json:"recipient"`
		MessagingType string `json:"messaging_type"`
		Tag           string `json:"tag"`
		Message       struct {
			Text         string `json:"text"`
			Metadata     string `json:"metadata"`
			QuickReplies []struct {
				ContentType string `json:"content_type"`
				Title       string `json:"title"`
				Payload     string `json:"payload"`
			} `json:"quick_replies"`
		} `json:"message"`
	}
	if err := strict(r.Body, &b); err != nil {
		return err
	}
	r.To, r.ID, r.Text = b.Recipient.ID, b.Message.Metadata, b.Message.Text
	var faults []error
	tagged := b.MessagingType == "MESSAGE_TAG" && b.Tag == "HUMAN_AGENT"
	if !tagged && (b.Tag != "" || b.MessagingType != "RESPONSE" && b.MessagingType != "UPDATE") {
		faults = append(faults, fmt.Errorf("messaging_type %q with tag %q", b.MessagingType, b.Tag))
	}
	faults = append(faults, between("recipient id", r.To, 1, 128), between("text", r.Text, 1, 2000), between("metadata", r.ID, 0, 1000))
	for _, q := range b.Message.QuickReplies {
		r.Layout = "buttons"
		r.Choices = append(r.Choices, Choice{q.Payload, q.Title})
		if q.ContentType != "text" {
			faults = append(faults, fmt.Errorf("content_type %q", q.ContentType))
		}
	}
	if r.Layout != "" {
		faults = append(faults, checkChoices("quick reply", r.Choices, 13, 1000, 20))
	}
	return errors.Join(faults...)
}

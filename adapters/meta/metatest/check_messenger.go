package metatest

import (
	"errors"
	"fmt"

	"frontdesk/bot"
)

// pageRequest is what a page may send. Keys that it does not have are refused.
type pageRequest struct {
	Recipient struct {
		ID string `json:"id"`
	} `json:"recipient"`
	MessagingType string `json:"messaging_type"`
	Tag           string `json:"tag"`
	Message       struct {
		Text         string      `json:"text"`
		Attachment   *attachment `json:"attachment"`
		Metadata     string      `json:"metadata"`
		QuickReplies []struct {
			ContentType string `json:"content_type"`
			Title       string `json:"title"`
			Payload     string `json:"payload"`
		} `json:"quick_replies"`
	} `json:"message"`
}

type attachment struct {
	Type    string `json:"type"`
	Payload struct {
		URL      string `json:"url"`
		Reusable bool   `json:"is_reusable"`
	} `json:"payload"`
}

// The limits are those of Meta's send API page of 2026-05-05.
func checkMessenger(r *Request) error {
	var b pageRequest
	if err := strict(r.Body, &b); err != nil {
		return err
	}
	m := b.Message
	r.To, r.ID, r.Text = b.Recipient.ID, m.Metadata, m.Text
	var faults []error
	tagged := b.MessagingType == "MESSAGE_TAG" && b.Tag == "HUMAN_AGENT"
	if !tagged && (b.Tag != "" || b.MessagingType != "RESPONSE" && b.MessagingType != "UPDATE") {
		faults = append(faults, fmt.Errorf("messaging_type %q with tag %q", b.MessagingType, b.Tag))
	}
	faults = append(faults, between("recipient id", r.To, 1, 128), between("metadata", r.ID, 0, 1000))
	if m.Attachment == nil {
		faults = append(faults, between("text", r.Text, 1, 2000))
	} else {
		faults = append(faults, checkAttachment(r, m.Attachment))
	}
	for _, q := range m.QuickReplies {
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

// checkAttachment checks a file that is sent by its address.
func checkAttachment(r *Request, a *attachment) error {
	kinds := map[string]bot.Kind{"image": bot.KindImage, "video": bot.KindVideo, "audio": bot.KindAudio, "file": bot.KindDocument}
	kind, known := kinds[a.Type]
	r.Media = &bot.Media{Kind: string(kind), URL: a.Payload.URL}
	faults := []error{checkLink("attachment", a.Payload.URL)}
	if !known {
		faults = append(faults, fmt.Errorf("attachment type %q", a.Type))
	}
	if r.Text != "" {
		faults = append(faults, errors.New("both text and attachment"))
	}
	return errors.Join(faults...)
}

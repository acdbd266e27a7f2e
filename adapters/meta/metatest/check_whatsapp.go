package metatest

import (
	"errors"
	"fmt"
	"regexp"

	"frontdesk/bot"
)

var (
	phonePattern    = regexp.MustCompile(`^\+[1-9][0-9]{4,14}$`)
	userPattern     = regexp.MustCompile(`^[A-Z]{2}\.[A-Za-z0-9]{1,128}$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z]{2})?$`) // "en_US"
)

// faults gathers what is wrong with a request.
type faults []error

func (f *faults) add(errs ...error) { *f = append(*f, errs...) }

func (f *faults) addf(format string, args ...any) { f.add(fmt.Errorf(format, args...)) }

// The limits are those of Meta's OpenAPI document of 2025-11-21.
func checkWhatsApp(r *Request) error {
	var b numberRequest
	if err := strict(r.Body, &b); err != nil {
		return err
	}
	r.To, r.ID = b.To+b.Recipient, b.Callback
	var f faults
	if b.Product != "whatsapp" || b.RecipientType != "individual" {
		f.addf("messaging_product %q, recipient_type %q", b.Product, b.RecipientType)
	}
	switch {
	case b.To != "" && b.Recipient != "":
		f.addf("both to and recipient")
	case b.Recipient != "" && !userPattern.MatchString(b.Recipient):
		f.addf("recipient %q is no user id", b.Recipient)
	case b.Recipient == "" && !phonePattern.MatchString(b.To):
		f.addf("to %q is no phone number with + and country code", b.To)
	}
	f.add(between("biz_opaque_callback_data", b.Callback, 1, 256), checkContent(r, &b))
	return errors.Join(f...)
}

// checkContent checks that a request has the object of its type, no other, and
// what that says.
func checkContent(r *Request, b *numberRequest) error {
	kind, attached, n := b.one()
	objects := n
	for _, there := range []bool{b.Text != nil, b.Interactive != nil, b.Template != nil} {
		if there {
			objects++
		}
	}
	switch {
	case objects != 1:
	case b.Type == "text" && b.Text != nil:
		r.Text = b.Text.Body
		return between("text", b.Text.Body, 1, 4096)
	case b.Type == "interactive" && b.Interactive != nil:
		return checkInteractive(r, b.Interactive)
	case b.Type == "template" && b.Template != nil:
		return checkTemplate(r, b.Template)
	case b.Type == string(kind) && attached != nil:
		return checkFile(r, kind, attached)
	}
	return fmt.Errorf("type %q without its object, or with another's", b.Type)
}

// one gives the file and its kind, and how many there are.
func (f files) one() (kind bot.Kind, only *file, n int) {
	all := map[bot.Kind]*file{bot.KindImage: f.Image, bot.KindVideo: f.Video, bot.KindAudio: f.Audio, bot.KindDocument: f.Document}
	for k, one := range all {
		if one != nil {
			kind, only = k, one
			n++
		}
	}
	return kind, only, n
}

// checkFile checks a file that is sent by its address; a caption is empty or not
// there, and audio has none at all.
func checkFile(r *Request, kind bot.Kind, sent *file) error {
	f := faults{checkLink(string(kind), sent.Link)}
	r.Media = &bot.Media{Kind: string(kind), URL: sent.Link}
	if sent.Caption != nil {
		r.Text = *sent.Caption
		f.add(between("caption", r.Text, 1, 1024))
		if kind == bot.KindAudio {
			f.addf("a caption of audio")
		}
	}
	if sent.Filename != nil {
		r.Media.Filename = *sent.Filename
		if kind != bot.KindDocument || *sent.Filename == "" {
			f.addf("the filename %q of %s", *sent.Filename, kind)
		}
	}
	return errors.Join(f...)
}

func checkInteractive(r *Request, i *interactive) error {
	var f faults
	r.Text = i.Body.Text
	f.add(between("interactive body", i.Body.Text, 1, 1024))
	switch a := i.Action; {
	case i.Type == "button" && a.Button == "" && a.Sections == nil && a.Name == "":
		f.add(checkHeader(r, i.Header), checkButtons(r, a))
	case i.Header != nil:
		f.addf("a header of %s", i.Type)
	case i.Type == "list" && a.Buttons == nil && a.Name == "":
		f.add(checkList(r, a))
	case i.Type == "location_request_message" && a.Buttons == nil && a.Button == "" && a.Sections == nil:
		r.Wants = bot.WantsLocation
		if a.Name != "send_location" {
			f.addf("the action of a location request is %q", a.Name)
		}
	default:
		f.addf("interactive type %q with another's action", i.Type)
	}
	return errors.Join(f...)
}

// checkHeader checks a file above buttons: all but audio, and without a caption.
func checkHeader(r *Request, h *header) error {
	if h == nil {
		return nil
	}
	kind, attached, n := h.one()
	if n != 1 || h.Type != string(kind) || kind == bot.KindAudio {
		return fmt.Errorf("header type %q without its object, or with another's", h.Type)
	}
	if attached.Caption != nil {
		return errors.New("a caption in a header")
	}
	return checkFile(r, kind, attached)
}

func checkButtons(r *Request, a action) error {
	var f faults
	r.Layout = "buttons"
	for _, button := range a.Buttons {
		if button.Type != "reply" {
			f.addf("button type %q", button.Type)
		}
		r.Choices = append(r.Choices, Choice(button.Reply))
	}
	f.add(checkChoices("button", r.Choices, 3, 256, 20))
	return errors.Join(f...)
}

func checkList(r *Request, a action) error {
	var f faults
	r.Layout = "list"
	for _, s := range a.Sections {
		least := 0
		if len(a.Sections) > 1 {
			least = 1
		}
		f.add(between("section title", s.Title, least, 24))
		for _, row := range s.Rows {
			r.Choices = append(r.Choices, Choice{row.ID, row.Title})
			f.add(between("row description", row.Description, 0, 72))
		}
	}
	f.add(between("menu button", a.Button, 1, 20), checkChoices("row", r.Choices, 10, 200, 24))
	return errors.Join(f...)
}

// checkTemplate checks a template whose body has its values by position.
func checkTemplate(r *Request, t *template) error {
	var f faults
	r.Template = &bot.Template{Name: t.Name, Language: t.Language.Code}
	f.add(between("template name", t.Name, 1, 512))
	if !languagePattern.MatchString(t.Language.Code) {
		f.addf("the language code %q is not like en or en_US", t.Language.Code)
	}
	if t.Language.Policy != "" && t.Language.Policy != "deterministic" {
		f.addf("language policy %q", t.Language.Policy)
	}
	if len(t.Components) > 1 {
		f.addf("%d components", len(t.Components))
	}
	for _, c := range t.Components {
		if c.Type != "body" || len(c.Parameters) == 0 {
			f.addf("component type %q with %d parameters", c.Type, len(c.Parameters))
		}
		for _, p := range c.Parameters {
			if p.Type != "text" {
				f.addf("parameter type %q", p.Type)
			}
			f.add(between("template parameter", p.Text, 1, 1024))
			r.Template.Params = append(r.Template.Params, p.Text)
		}
	}
	return errors.Join(f...)
}

package whatsapp

import (
	"strings"

	"frontdesk/bot"
)

// The bodies of POST /{version}/{phone number id}/messages (Meta, OpenAPI
// document, 2025-11-21).
type (
	request struct {
		Product       string       `json:"messaging_product"`
		RecipientType string       `json:"recipient_type"`
		To            string       `json:"to,omitempty"`        // a phone with + and country code
		Recipient     string       `json:"recipient,omitempty"` // or a BSUID
		Type          string       `json:"type"`
		Text          *text        `json:"text,omitempty"`
		Interactive   *interactive `json:"interactive,omitempty"`
		Template      *template    `json:"template,omitempty"`
		attachment
		Callback string `json:"biz_opaque_callback_data"`
	}
	text struct {
		Body       string `json:"body"`
		PreviewURL bool   `json:"preview_url,omitempty"`
	}
	// attachment is a file, under the key of its kind.
	attachment struct {
		Image    *link `json:"image,omitempty"`
		Video    *link `json:"video,omitempty"`
		Audio    *link `json:"audio,omitempty"`
		Document *link `json:"document,omitempty"`
	}
	link struct {
		Link     string `json:"link"` // Meta fetches it and keeps it for ten minutes
		Caption  string `json:"caption,omitempty"`
		Filename string `json:"filename,omitempty"` // of a document
	}
	interactive struct {
		Type   string  `json:"type"`
		Header *header `json:"header,omitempty"`
		Body   body    `json:"body"`
		Action action  `json:"action"`
	}
	header struct {
		Type string `json:"type"`
		attachment
	}
	body struct {
		Text string `json:"text"`
	}
	action struct {
		Name     string    `json:"name,omitempty"`
		Buttons  []button  `json:"buttons,omitempty"`
		Button   string    `json:"button,omitempty"`
		Sections []section `json:"sections,omitempty"`
	}
	button struct {
		Type  string     `json:"type"`
		Reply bot.Choice `json:"reply"`
	}
	section struct {
		Rows []bot.Choice `json:"rows"`
	}
	template struct {
		Name       string      `json:"name"`
		Language   language    `json:"language"`
		Components []component `json:"components,omitempty"`
	}
	language struct {
		Code string `json:"code"`
	}
	component struct {
		Type       string      `json:"type"`
		Parameters []parameter `json:"parameters"`
	}
	parameter struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
)

// render writes a message as carry.Fit made it.
func (c *Channel) render(m bot.Message) request {
	r := request{Product: "whatsapp", RecipientType: "individual", Type: "interactive", Callback: m.ID()}
	switch {
	case m.Template != nil:
		r.Type, r.Template = "template", approved(m.Template)
	case m.Layout == bot.LayoutButtons && len(m.Choices) > 0:
		r.Interactive = buttons(m)
	case m.Layout == bot.LayoutList && len(m.Choices) > 0:
		// A section needs a title only where there are several.
		r.Interactive = &interactive{Type: "list", Body: body{m.Text}, Action: action{
			Button: c.config.ListButton, Sections: []section{{Rows: m.Choices}},
		}}
	case m.Media != nil:
		r.Type, r.attachment = m.Media.Kind, attach(m.Media, m.Text)
	case m.Wants == bot.WantsLocation:
		r.Interactive = &interactive{Type: "location_request_message", Body: body{m.Text}, Action: action{Name: "send_location"}}
	default:
		r.Type = "text"
		r.Text = &text{Body: m.Text, PreviewURL: strings.Contains(m.Text, "https://") || strings.Contains(m.Text, "http://")}
	}
	return r
}

// buttons are reply buttons under a text, and a file above it if there is one.
func buttons(m bot.Message) *interactive {
	i := &interactive{Type: "button", Body: body{m.Text}}
	if m.Media != nil {
		i.Header = &header{Type: m.Media.Kind, attachment: attach(m.Media, "")}
	}
	for _, choice := range m.Choices {
		i.Action.Buttons = append(i.Action.Buttons, button{Type: "reply", Reply: choice})
	}
	return i
}

// attach names a file by its address. A kind that cannot be sent gives none, which
// the platform refuses.
func attach(m *bot.Media, caption string) (a attachment) {
	l := &link{Link: m.URL, Caption: caption}
	switch bot.Kind(m.Kind) {
	case bot.KindImage:
		a.Image = l
	case bot.KindVideo:
		a.Video = l
	case bot.KindAudio:
		a.Audio = l
	case bot.KindDocument:
		l.Filename = m.Filename
		a.Document = l
	default:
	}
	return a
}

// approved names a template with the values of its body, by their positions.
func approved(t *bot.Template) *template {
	out := &template{Name: t.Name, Language: language{t.Language}}
	if len(t.Params) == 0 {
		return out
	}
	values := component{Type: "body"}
	for _, p := range t.Params {
		values.Parameters = append(values.Parameters, parameter{Type: "text", Text: p})
	}
	out.Components = []component{values}
	return out
}

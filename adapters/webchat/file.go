package webchat

import (
	"net/url"

	"frontdesk/bot"
)

// attached is a file of ours as the customer sees it: a picture is shown,
// anything else is a link.
type attached struct {
	Kind string `json:"kind"` // see bot.Media
	Name string `json:"name"` // of the file, or else what it is; never empty
	URL  string `json:"url"`  // https
}

// attach shows a file, or nil when it has no address that a page may show.
func attach(m *bot.Media) *attached {
	if m == nil {
		return nil
	}
	u, err := url.Parse(m.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil
	}
	a := attached{Kind: m.Kind, Name: m.Filename, URL: m.URL}
	if a.Name == "" {
		a.Name = fileName(bot.Kind(m.Kind))
	}
	return &a
}

// fileName is what a file without a name is called.
func fileName(kind bot.Kind) string {
	switch kind {
	case bot.KindImage:
		return "Picture"
	case bot.KindVideo:
		return "Video"
	case bot.KindAudio:
		return "Recording"
	default:
		return "File"
	}
}

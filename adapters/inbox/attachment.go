package inbox

import (
	"net/url"
	"strconv"

	"frontdesk/bot"
)

// fileView is a file of a message. The agents' pages load none: a picture from
// somewhere would tell its server who reads what.
type fileView struct {
	Name string // of the file; may be empty
	URL  string // https, for whoever wants to open it; empty: it cannot be opened
}

// attachment is a message's file, or nil when it has none that has a name or can
// be opened. What came with the platform's id is opened with our access token
// only (Meta, WhatsApp media, 2025-12-11), so its address leads an agent nowhere.
func attachment(m *bot.Media) *fileView {
	if m == nil {
		return nil
	}
	f := fileView{Name: m.Filename}
	if u, err := url.Parse(m.URL); err == nil && u.Scheme == "https" && u.Host != "" && m.ID == "" {
		f.URL = m.URL
	}
	if f == (fileView{}) {
		return nil
	}
	return &f
}

// placeView is a place that the customer sent.
type placeView struct {
	At            string // "48.1371, 11.5754": latitude, longitude
	Name, Address string // may be empty
}

func where(l *bot.Location) *placeView {
	if l == nil {
		return nil
	}
	degrees := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return &placeView{At: degrees(l.Latitude) + ", " + degrees(l.Longitude), Name: l.Name, Address: l.Address}
}

package metatest

// The bodies that a business number may send. Keys that they do not have are refused.
type (
	numberRequest struct {
		Product       string `json:"messaging_product"`
		RecipientType string `json:"recipient_type"`
		To            string `json:"to"`
		Recipient     string `json:"recipient"`
		Type          string `json:"type"`
		Text          *struct {
			Body    string `json:"body"`
			Preview bool   `json:"preview_url"`
		} `json:"text"`
		Interactive *interactive `json:"interactive"`
		Template    *template    `json:"template"`
		files
		Callback string `json:"biz_opaque_callback_data"`
	}
	// files holds one file, under the key of its kind.
	files struct {
		Image    *file `json:"image"`
		Video    *file `json:"video"`
		Audio    *file `json:"audio"`
		Document *file `json:"document"`
	}
	file struct {
		Link     string  `json:"link"`
		Caption  *string `json:"caption"`
		Filename *string `json:"filename"`
	}
	interactive struct {
		Type   string  `json:"type"`
		Header *header `json:"header"`
		Body   struct {
			Text string `json:"text"`
		} `json:"body"`
		Action action `json:"action"`
	}
	header struct {
		Type string `json:"type"`
		files
	}
	action struct {
		Name    string `json:"name"`
		Button  string `json:"button"`
		Buttons []struct {
			Type  string `json:"type"`
			Reply struct {
				ID    string `json:"id"`
				Title string `json:"title"`
			} `json:"reply"`
		} `json:"buttons"`
		Sections []section `json:"sections"`
	}
	section struct {
		Title string `json:"title"`
		Rows  []struct {
			ID          string `json:"id"`
			Title       string `json:"title"`
			Description string `json:"description"`
		} `json:"rows"`
	}
	template struct {
		Name     string `json:"name"`
		Language struct {
			Code   string `json:"code"`
			Policy string `json:"policy"`
		} `json:"language"`
		Components []struct {
			Type       string `json:"type"`
			Parameters []struct {
				Type string `json:"type"`
				Text string `json:"text"`
			} `json:"parameters"`
		} `json:"components"`
	}
)

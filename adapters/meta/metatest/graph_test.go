package metatest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/adapters/meta/metatest"
)

const (
	whatsappPath  = "/v26.0/" + metatest.TestNumber + "/messages"
	messengerPath = "/v26.0/" + metatest.TestPage + "/messages"
	goodText      = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","type":"text","text":{"body":"Hi"},"biz_opaque_callback_data":"c1-1"}`
	goodPage      = `{"recipient":{"id":"P"},"messaging_type":"RESPONSE","message":{"text":"Hi","metadata":"c1-1"}}`
)

func options() metatest.Options {
	return metatest.Options{
		Token: metatest.TestToken, Numbers: []string{metatest.TestNumber}, Pages: []string{metatest.TestPage}, AppSecret: metatest.TestSecret,
	}
}

func post(t *testing.T, g *metatest.Graph, path, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+metatest.TestToken)
	req.Header.Set("Content-Type", "application/json")
	client := metatest.Client()
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

func TestGraphAccepts(t *testing.T) {
	t.Parallel()
	g := metatest.NewGraph(t, options())
	for path, body := range map[string]string{whatsappPath: goodText, messengerPath: goodPage, "/v26.0/me/messages": goodPage} {
		if status, answer := post(t, g, path, body); status != 200 {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	if err := g.Wait(t.Context(), 3); err != nil {
		t.Error(err)
	}
	if to := g.SentTo("+447700900123"); len(to) != 1 || to[0].Text != "Hi" || to[0].ID != "c1-1" || to[0].ExternalID == "" || to[0].At.IsZero() {
		t.Errorf("sent to the phone: %+v", to)
	}
	if n := len(g.SentTo("P")); n != 2 || g.Requests() != 3 {
		t.Errorf("%d sent to the page's customer, %d requests", n, g.Requests())
	}
}

// Every rule that is broken is seen.
func TestGraphRefuses(t *testing.T) {
	t.Parallel()
	set := func(body, path string, v any) string {
		var m map[string]any
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			t.Fatal(err)
		}
		at, keys := m, strings.Split(path, ".")
		for _, k := range keys[:len(keys)-1] {
			at = at[k].(map[string]any)
		}
		at[keys[len(keys)-1]] = v
		out, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	buttons := func(titles ...string) string {
		var all []any
		for i, title := range titles {
			all = append(all, map[string]any{"type": "reply", "reply": map[string]any{"id": fmt.Sprint("id", i), "title": title}})
		}
		return interactive("button", map[string]any{"buttons": all})
	}
	list := func(n int, title, menu string) string {
		var rows []any
		for i := range n {
			rows = append(rows, map[string]any{"id": fmt.Sprint("id", i), "title": fmt.Sprint(title, i)})
		}
		return interactive("list", map[string]any{"button": menu, "sections": []any{map[string]any{"rows": rows}}})
	}
	quick := func(n int, title string) string {
		var all []any
		for i := range n {
			all = append(all, map[string]any{"content_type": "text", "title": fmt.Sprint(title, i), "payload": fmt.Sprint("p", i)})
		}
		return set(goodPage, "message.quick_replies", all)
	}
	long := func(n int) string { return strings.Repeat("x", n) }
	header := func(kind, of string) any {
		return map[string]any{"type": kind, of: map[string]any{"link": "https://cdn.example/a"}}
	}
	place := func(name string) string {
		return interactive("location_request_message", map[string]any{"name": name})
	}
	page := func(kind, url string) string {
		return set(set(goodPage, "message.attachment", map[string]any{"type": kind, "payload": map[string]any{"url": url, "is_reusable": true}}), "message.text", "")
	}
	for name, c := range map[string]struct{ path, body, want string }{
		"no JSON":                      {whatsappPath, `{`, "the body"},
		"two bodies":                   {whatsappPath, goodText + goodText, "goes on"},
		"an unknown key":               {whatsappPath, set(goodText, "mood", "blue"), "mood"},
		"no product":                   {whatsappPath, set(goodText, "messaging_product", ""), "messaging_product"},
		"a phone without plus":         {whatsappPath, set(goodText, "to", "447700900123"), "no phone number"},
		"both recipients":              {whatsappPath, set(goodText, "recipient", "GB.1"), "both"},
		"a user id of nobody":          {whatsappPath, set(set(goodText, "to", ""), "recipient", "GB.ENT.1"), "no user id"},
		"an empty text":                {whatsappPath, set(goodText, "text.body", ""), "text: 0 characters"},
		"a text too long":              {whatsappPath, set(goodText, "text.body", strings.Repeat("🙂", 2049)), "text: 4098 characters"},
		"no callback data":             {whatsappPath, set(goodText, "biz_opaque_callback_data", ""), "callback"},
		"callback data too long":       {whatsappPath, set(goodText, "biz_opaque_callback_data", long(257)), "callback"},
		"a type without object":        {whatsappPath, set(goodText, "type", "interactive"), "without its object"},
		"four buttons":                 {whatsappPath, buttons("a", "b", "c", "d"), "4 buttons"},
		"no button":                    {whatsappPath, buttons(), "0 buttons"},
		"a button's title too long":    {whatsappPath, buttons(long(21)), "button title: 21"},
		"one title twice":              {whatsappPath, buttons("a", "a"), "twice"},
		"eleven rows":                  {whatsappPath, list(11, "r", "Menu"), "11 rows"},
		"a row's title too long":       {whatsappPath, list(1, long(24), "Menu"), "row title: 25"},
		"no menu button":               {whatsappPath, list(1, "r", ""), "menu button"},
		"another number":               {"/v26.0/1/messages", goodText, "no account"},
		"another version":              {"/v1.0/" + metatest.TestNumber + "/messages", goodText, "the path"},
		"another path":                 {"/v26.0/" + metatest.TestNumber, goodText, "the path"},
		"a token in the query":         {whatsappPath + "?access_token=x", goodText, "query"},
		"a text too long for page":     {messengerPath, set(goodPage, "message.text", long(2001)), "text: 2001"},
		"fourteen quick replies":       {messengerPath, quick(14, "q"), "14 quick replys"},
		"a quick reply too long":       {messengerPath, quick(1, long(20)), "quick reply title: 21"},
		"no messaging type":            {messengerPath, set(goodPage, "messaging_type", ""), "messaging_type"},
		"a tag that is gone":           {messengerPath, set(set(goodPage, "messaging_type", "MESSAGE_TAG"), "tag", "ACCOUNT_UPDATE"), "ACCOUNT_UPDATE"},
		"nobody":                       {messengerPath, set(goodPage, "recipient.id", ""), "recipient"},
		"a picture from nowhere":       {whatsappPath, number("image", `{"link":"cdn.example/a.jpg"}`), "no https address"},
		"a picture without encryption": {whatsappPath, number("image", `{"link":"http://cdn.example/a.jpg"}`), "no https address"},
		"a caption too long":           {whatsappPath, number("video", `{"link":"https://cdn.example/a","caption":"`+long(1025)+`"}`), "caption: 1025"},
		"an empty caption":             {whatsappPath, number("video", `{"link":"https://cdn.example/a","caption":""}`), "caption: 0"},
		"a caption of a sound":         {whatsappPath, number("audio", `{"link":"https://cdn.example/a","caption":"x"}`), "a caption of audio"},
		"a filename of a picture":      {whatsappPath, number("image", `{"link":"https://cdn.example/a","filename":"x"}`), "filename"},
		"an empty filename":            {whatsappPath, number("document", `{"link":"https://cdn.example/a","filename":""}`), "filename"},
		"a picture called a film":      {whatsappPath, set(number("image", `{"link":"https://cdn.example/a"}`), "type", "video"), "without its object"},
		"a picture and a text":         {whatsappPath, set(goodText, "image", map[string]any{"link": "https://cdn.example/a"}), "with another's"},
		"a type that nobody knows":     {whatsappPath, set(goodText, "type", "hologram"), "without its object"},
		"a header of a list":           {whatsappPath, set(list(1, "r", "Menu"), "interactive.header", header("image", "image")), "a header of list"},
		"a header that is a sound":     {whatsappPath, set(buttons("a"), "interactive.header", header("audio", "audio")), "header type"},
		"a header with another's file": {whatsappPath, set(buttons("a"), "interactive.header", header("image", "video")), "header type"},
		"an empty header":              {whatsappPath, set(buttons("a"), "interactive.header", map[string]any{"type": "image"}), "header type"},
		"a caption in a header":        {whatsappPath, set(set(buttons("a"), "interactive.header", header("image", "image")), "interactive.header.image.caption", "x"), "a caption in a header"},
		"a header from nowhere":        {whatsappPath, set(set(buttons("a"), "interactive.header", header("image", "image")), "interactive.header.image.link", "x"), "no https address"},
		"a place and buttons":          {whatsappPath, set(buttons("a"), "interactive.type", "location_request_message"), "another's action"},
		"a place under a picture":      {whatsappPath, set(place("send_location"), "interactive.header", header("image", "image")), "a header of location"},
		"a place without its action":   {whatsappPath, place(""), "the action of a location request"},
		"a place without words":        {whatsappPath, set(place("send_location"), "interactive.body.text", ""), "body: 0"},
		"buttons with a place":         {whatsappPath, set(buttons("a"), "interactive.action.name", "send_location"), "another's action"},
		"a template without name":      {whatsappPath, number("template", `{"name":"","language":{"code":"en"}}`), "template name: 0"},
		"a template in no language":    {whatsappPath, number("template", `{"name":"a","language":{"code":""}}`), "language code"},
		"a language as browsers say":   {whatsappPath, number("template", `{"name":"a","language":{"code":"en-US"}}`), "language code"},
		"a language policy":            {whatsappPath, number("template", `{"name":"a","language":{"code":"en","policy":"fallback"}}`), "language policy"},
		"a component without values":   {whatsappPath, number("template", `{"name":"a","language":{"code":"en"},"components":[{"type":"body","parameters":[]}]}`), "component type"},
		"a component of another type":  {whatsappPath, number("template", `{"name":"a","language":{"code":"en"},"components":[{"type":"feet","parameters":[{"type":"text","text":"x"}]}]}`), "component type"},
		"an empty value":               {whatsappPath, number("template", `{"name":"a","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"text","text":""}]}]}`), "template parameter: 0"},
		"a value of another type":      {whatsappPath, number("template", `{"name":"a","language":{"code":"en"},"components":[{"type":"body","parameters":[{"type":"date","text":"x"}]}]}`), "parameter type"},
		"a page's file from nowhere":   {messengerPath, page("image", "http://cdn.example/a"), "no https address"},
		"a page's document by name":    {messengerPath, page("document", "https://cdn.example/a"), "attachment type"},
		"a page's file with words":     {messengerPath, set(page("image", "https://cdn.example/a"), "message.text", "x"), "both text and attachment"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := metatest.NewGraph(t, options())
			status, answer := post(t, g, c.path, c.body)
			if status < 400 || !strings.Contains(answer, `"error"`) {
				t.Errorf("answered %d %s", status, answer)
			}
			if v := g.Violations(); len(v) != 1 || !strings.Contains(v[0], c.want) {
				t.Errorf("violations %q, want one with %q", v, c.want)
			}
			if n := len(g.Sent()); n != 0 {
				t.Errorf("%d accepted", n)
			}
		})
	}
}

// number is a body of one type for a business number.
func number(kind, content string) string {
	return `{"messaging_product":"whatsapp","recipient_type":"individual","to":"+447700900123","type":"` + kind + `","` + kind + `":` + content +
		`,"biz_opaque_callback_data":"c1-1"}`
}

func interactive(kind string, action any) string {
	b, _ := json.Marshal(map[string]any{
		"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+447700900123", "type": "interactive",
		"interactive":              map[string]any{"type": kind, "body": map[string]any{"text": "Pick"}, "action": action},
		"biz_opaque_callback_data": "c1-1",
	})
	return string(b)
}

// The player tells every status in order, again until it is answered with 200.
func TestGraphPlaysStatuses(t *testing.T) {
	t.Parallel()
	type post struct {
		body   []byte
		signed bool
	}
	posts := make(chan post, 100)
	var tries atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if tries.Add(1)%2 == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		posts <- post{body, meta.Verify(metatest.TestSecret, r.Header, body) == nil}
	}))
	defer receiver.Close()
	o := options()
	o.Statuses = []string{"sent", "delivered", "read"}
	g := metatest.NewGraph(t, o)
	g.SetCallback(receiver.URL)
	if status, answer := postOne(t, g); status != 200 {
		t.Fatal(answer)
	}
	for _, want := range o.Statuses {
		p := <-posts
		if !p.signed || !bytes.Contains(p.body, []byte(`"status":"`+want+`"`)) || !bytes.Contains(p.body, []byte(`"biz_opaque_callback_data":"c1-1"`)) {
			t.Errorf("want %s, got (signed %t) %s", want, p.signed, p.body)
		}
	}
}

func postOne(t *testing.T, g *metatest.Graph) (int, string) {
	return post(t, g, whatsappPath, goodText)
}

// Close ends what hangs, and a player whose receiver never answers.
func TestGraphCloses(t *testing.T) {
	t.Parallel()
	came := make(chan struct{})
	o := options()
	o.Statuses = []string{"sent"}
	o.Fail = func(n int, _ metatest.Request) *metatest.Fault {
		close(came)
		return &metatest.Fault{Accept: true, Hang: true}
	}
	g, err := metatest.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	g.SetCallback("http://127.0.0.1:1/")
	done := make(chan error, 1)
	go func() {
		client := metatest.Client()
		defer client.CloseIdleConnections()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, g.URL()+whatsappPath, strings.NewReader(goodText))
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		done <- err
	}()
	<-came
	g.Close()
	g.Close()
	if err := <-done; err == nil {
		t.Error("a hanging request was answered")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := g.Wait(ctx, 100); err == nil {
		t.Error("Wait found what never came")
	}
	g.Violations()
}

func TestClientStaysHere(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, _, err := metatest.SignedPost(ctx, metatest.Client(), "http://192.0.2.1/", metatest.TestSecret, nil)
	if err == nil || !strings.Contains(err.Error(), "leave this machine") {
		t.Errorf("got %v", err)
	}
}

func TestEscapeIsASCIIAndTheSameJSON(t *testing.T) {
	t.Parallel()
	plain, err := json.Marshal("Grüße 🙂 \u2028 \u007f")
	if err != nil {
		t.Fatal(err)
	}
	escaped := metatest.Escape(plain)
	if slices.ContainsFunc(escaped, func(b byte) bool { return b >= 0x80 }) {
		t.Errorf("not ASCII: %s", escaped)
	}
	var a, b string
	if json.Unmarshal(plain, &a) != nil || json.Unmarshal(escaped, &b) != nil || a != b {
		t.Errorf("%q became %q", a, b)
	}
}

package load

import (
	"testing"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/adapters/whatsapp"
	"frontdesk/bot"
)

// decoded is what the program reads of a webhook that load writes.
func decoded(t *testing.T, body []byte) bot.Batch {
	t.Helper()
	c, err := whatsapp.New(whatsapp.Config{
		Name: "load1", PhoneNumberID: "7001", AccessToken: "token", AppSecret: "secret", VerifyToken: "verify",
		GraphURL: "http://127.0.0.1:1", GraphVersion: meta.DefaultVersion, UnknownWait: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := c.Decode(metatest.Signed("secret", body), body, map[string]string{"7001": "load1"})
	if err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	metatest.Sound(t, b)
	if len(b.Events) > 0 {
		t.Fatalf("not understood: %s", b.Events[0].Body)
	}
	return b
}

func testWriter() *writer {
	return &writer{run: "012345", channels: []Channel{{Name: "load1", Number: "7001", Secret: "secret"}}}
}

func TestTheProgramReadsWhatCustomersWrite(t *testing.T) {
	t.Parallel()
	at := time.Unix(1795341600, 0).UTC()
	b := decoded(t, testWriter().messages(nil, 0, []person{{slot{17, 4}, 1}, {slot{mostSenders, 12}, 12}}, at))
	if len(b.Messages) != 2 {
		t.Fatalf("%d messages", len(b.Messages))
	}
	for i, want := range []struct{ text, name, user, phone string }{
		{"17-4", "17-1", "GB.LOAD0123450000017", "440123450000017"},
		{"9999999-12", "9999999-12", "GB.LOAD0123459999999", "440123459999999"},
	} {
		m := b.Messages[i]
		if m.Message.Text != want.text || m.Name != want.name || !m.Message.At.Equal(at) {
			t.Errorf("message %d is %q of %q at %s", i, m.Message.Text, m.Name, m.Message.At)
		}
		if len(m.From) != 2 || m.From[0].Value != want.user || m.From[1].Value != want.phone {
			t.Errorf("message %d is from %v", i, m.From)
		}
		if m.Event != "load1/wamid.LOAD012345."+want.text {
			t.Errorf("message %d is the event %s", i, m.Event)
		}
	}
}

func TestTheProgramReadsStatuses(t *testing.T) {
	t.Parallel()
	at := time.Unix(1795341600, 0).UTC()
	b := decoded(t, testWriter().statuses(nil, 0, []told{{id: "wamid.OUT1", status: "sent", sender: 3}, {id: "wamid.OUT2", status: "read", sender: 4}}, at))
	if len(b.Receipts) != 2 {
		t.Fatalf("%d statuses", len(b.Receipts))
	}
	for i, want := range []bot.Receipt{
		{Channel: "load1", ExternalID: "wamid.OUT1", State: bot.StateSent, At: at},
		{Channel: "load1", ExternalID: "wamid.OUT2", State: bot.StateRead, At: at},
	} {
		if got := b.Receipts[i]; got.Channel != want.Channel || got.ExternalID != want.ExternalID || got.State != want.State || !got.At.Equal(want.At) {
			t.Errorf("status %d: got %+v", i, got)
		}
	}
}

func TestWhoIsMeant(t *testing.T) {
	t.Parallel()
	r := run("012345")
	for _, c := range []struct {
		recipient string
		sender    int
		ok        bool
	}{
		{"GB.LOAD0123450000017", 17, true},
		{"+440123450000017", 17, true},
		{"440123459999999", mostSenders, true},
		{"GB.LOAD9999990000017", 0, false}, // of another run
		{"+441234500017", 0, false},
		{"GB.LOAD012345000001x", 0, false},
		{"", 0, false},
	} {
		if sender, ok := r.sender(c.recipient); ok != c.ok || ok && sender != c.sender {
			t.Errorf("%s: customer %d, %t", c.recipient, sender, ok)
		}
	}
}

func TestWhichMessageIsAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want slot
		ok   bool
	}{
		{"You said 17-4\n\nGo on.", slot{17, 4}, true},
		{"You said 0-1", slot{0, 1}, true},
		{"You said 17-0", slot{}, false},
		{"You said -1-1", slot{}, false},
		{"You said nothing", slot{}, false},
		{"Sorry, I did not understand that.", slot{}, false},
	} {
		if got, ok := parseAnswer(c.text); ok != c.ok || ok && got != c.want {
			t.Errorf("%q: %v, %t", c.text, got, ok)
		}
	}
	for _, s := range []slot{{0, 1}, {17, 4}, {mostSenders, 123456}} {
		if got, ok := parseAnswer(said + string(appendLabel(nil, s))); !ok || got != s {
			t.Errorf("the label of %v is read as %v", s, got)
		}
	}
}

func BenchmarkMessage(b *testing.B) {
	w := testWriter()
	people := []person{{slot{17, 4}, 1}}
	body := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		body = w.messages(body[:0], 0, people, time.Unix(1795341600, 0))
		_ = meta.Sign("secret", body)
	}
	b.ReportMetric(float64(len(body)), "bytes")
}

package boltstore

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// kept is a record that the file testdata/records.golden holds as format 3 wrote
// it first: what is stored must be read for ever.
type kept struct {
	name   string
	bytes  []byte
	decode func(b []byte) (any, error)
	want   any
}

func keptRecords(t *testing.T) []kept {
	t.Helper()
	at := time.Date(2026, time.March, 2, 12, 0, 0, 7, time.UTC)
	conversation := bot.Conversation{
		ID: "a", Channel: "whatsapp", Contact: "ka", Status: handoff.Queued, Ticket: "t1", NewestInbound: at, ShutAt: at,
		Call: &bot.Call{ID: "c1", Attempts: 2, BegunAt: at, DueAt: at, Code: "timeout", Request: flows.Call{
			Method: "POST", URL: "https://example.com", Headers: map[string]string{"A": "b"}, Body: []byte("{}"), Timeout: time.Second, Tries: 3,
		}},
		Gathered: []string{"one", ""}, AnswerAt: at, SilentAt: at.Add(1), CloseAt: at.Add(2), Rungs: 1, Epoch: 3, LastSeq: 300, Version: 7,
		CreatedAt: at, UpdatedAt: at,
		Flow: flows.State{
			Version: "v1", Flow: "start", Node: "ask", Language: "de", Chosen: true, Told: true, Tries: 1, Misses: 2, Missed: []string{"hm"},
			Stack: []flows.Place{{Flow: "f", Node: "n"}}, Trace: []flows.Place{{Flow: "g", Node: "m"}, {}},
			Vars: map[string]any{
				"number": 1.5, "text": "Ada", "yes": true, "no": false, "nothing": nil, "list": []any{"x", 2.0, nil, []any{}},
				"map": map[string]any{"deep": map[string]any{"text": strings.Repeat("long ", 60)}}, "empty": map[string]any{}, "void": "",
			},
		},
	}
	message := bot.Message{
		Conversation: "a", Seq: 2, Author: bot.AuthorBot, Agent: "ana", Kind: bot.KindText, Text: "What is its number?", ChoiceID: "c",
		Choices: []bot.Choice{{ID: "i", Title: "t"}, {}}, Layout: bot.LayoutButtons, Wants: bot.WantsLocation, ExternalID: "wamid.1",
		Media:    &bot.Media{Kind: "image", ID: "m", URL: "u", MIME: "image/png", Filename: "f"},
		Template: &bot.Template{Name: "n", Language: "en_US", Params: []string{"p"}}, Location: &bot.Location{Latitude: 1, Longitude: 2, Name: "n", Address: "a"},
		At: at, State: bot.StateSent, StateAt: at.Add(time.Hour), Code: "131056", Reason: "too fast",
	}
	answer, writer := message, conversation // with what later versions added
	answer.Author, answer.Hand = bot.AuthorAgent, bot.StoredHand("ana")
	writer.WroteAt = at.Add(-time.Hour)
	priced := message
	priced.Start, priced.Courtesy = window.StartAd, true
	priced.Cost = bot.Cost{
		Month: window.MonthOf(at), Category: window.Service, Market: "Brazil", Predicted: window.Amount{Micros: 6800, Currency: "USD", Known: true},
		Free: window.BecauseEntry, Saved: 2, Flow: "main", Queue: "sales",
		Reported: &bot.Pricing{Category: "marketing_lite", Type: "regular", Model: "PMP", Billable: true}, ReportedAt: at, Actual: window.Free(),
	}
	traffic := bot.Traffic{
		Queue: "sales", Hour: at.Truncate(time.Hour), Opened: 3, Windows: 2, Window: 40 * time.Hour, Handled: 5, Handling: 31 * time.Minute,
	}
	miss := bot.Miss{
		At: at, Conversation: "a", Seq: 2, Channel: "whatsapp", Language: "de", Words: "wann?", Outcome: flows.OutcomePicked, Answer: "delivery",
		Guesses: []flows.Guess{{Answer: "hours", Share: 0.625}, {Answer: "delivery"}}, Version: "v1",
	}
	charge := priced.Charge("whatsapp")
	charge.Void = true
	month := bot.Month{
		Channel: "whatsapp", Month: window.MonthOf(at), Messages: 9, Sent: 8, Unknown: 7, Saved: 6,
		Spent: []bot.Spent{{Currency: "INR", Micros: 1}, {Currency: "USD", Micros: 6800}},
	}
	strange := bot.Message{Conversation: "a", Seq: 2, Author: "martian", Kind: "smell", State: "evaporated", Layout: "round"}
	out := delivery{
		Delivery: bot.Delivery{
			Conversation: "a", Seq: 2, Author: bot.AuthorAgent, Epoch: 2, Attempts: 4, DueAt: at, BegunAt: at, Unknown: true, Cancel: true, Courtesy: true,
			Tally: bot.Tally{Faults: 1, Waits: 2, Alarms: 3, AlarmedAt: at, Unknowns: 4, Lost: 5},
		},
		lease: lease{Until: at, BegunAt: at, Unknown: true, Held: true},
	}
	contact := bot.Contact{ID: "ka", Name: "Ada", Language: "de-AT", Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: "1"}}, CreatedAt: at}
	ticket := handoff.Ticket{
		ID: "t1", Conversation: "a", Queue: "sales", Reason: "asked", Note: "n", Words: []string{"one"}, OpenedAt: at, PromisedBy: at,
		WindowCloses: time.Time{}.Add(24 * time.Hour), Agent: "ana", ClaimedAt: at, FirstReplyAt: at, ClosedAt: at,
	}
	agent := handoff.Agent{Name: "ana", Display: "Ana", Password: "hash", CreatedAt: at}
	session := handoff.Session{TokenHash: "h", Agent: "ana", ExpiresAt: at}
	event := bot.Event{Channel: "whatsapp", Kind: "account_update", At: at, Body: []byte("{ }")}
	files := flows.Files{Root: "r", Content: map[string][]byte{"r": []byte("?"), "void": {}}}
	must2 := func(b []byte, err error) []byte {
		t.Helper()
		must(t, err)
		return b
	}
	key := messageKey("a", 2)
	return []kept{
		{"conversation", must2(encodeConversation(conversation)), func(b []byte) (any, error) { return decodeConversation("a", b) }, conversation},
		{"message", must2(encodeMessage(message)), func(b []byte) (any, error) { return decodeMessage(key, b) }, message},
		{"answer", must2(encodeMessage(answer)), func(b []byte) (any, error) { return decodeMessage(key, b) }, answer},
		{"priced", must2(encodeMessage(priced)), func(b []byte) (any, error) { return decodeMessage(key, b) }, priced},
		{"charge", encodeCharge(charge), func(b []byte) (any, error) { return decodeCharge(chargeKey(charge), b) }, charge},
		{"month", encodeMonth(month), func(b []byte) (any, error) { return decodeMonth("whatsapp", month.Month, b) }, month},
		{"traffic", encodeTraffic(traffic), func(b []byte) (any, error) { return decodeTraffic(trafficKey("sales", traffic.Hour), b) }, traffic},
		{"miss", encodeMiss(miss), func(b []byte) (any, error) { return decodeMiss(missKey(miss), b) }, miss},
		{"writer", must2(encodeConversation(writer)), func(b []byte) (any, error) { return decodeConversation("a", b) }, writer},
		{"strange", must2(encodeMessage(strange)), func(b []byte) (any, error) { return decodeMessage(key, b) }, strange},
		{"delivery", encodeDelivery(out), func(b []byte) (any, error) { return decodeDelivery(key, b) }, out},
		{"contact", encodeContact(contact), func(b []byte) (any, error) { return decodeContact("ka", b) }, contact},
		{"ticket", encodeTicket(ticket), func(b []byte) (any, error) { return decodeTicket("a", "t1", b) }, ticket},
		{"agent", encodeAgent(agent), func(b []byte) (any, error) { return decodeAgent("ana", b) }, agent},
		{"session", encodeSession(session), func(b []byte) (any, error) { return decodeSession("h", b) }, session},
		{"event", encodeEvent(event), func(b []byte) (any, error) { return decodeEvent(b) }, event},
		{"files", encodeFiles(files), func(b []byte) (any, error) { return decodeFiles("", b) }, files},
	}
}

func same(t *testing.T, name string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(delivery{}), cmp.Comparer(func(a, b lease) bool { return a == b })); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Whoever changes how records are written makes a new form, and reads the old.
func TestWhatIsStoredIsReadForEver(t *testing.T) {
	t.Parallel()
	golden := make(map[string][]byte)
	file, err := os.ReadFile(filepath.Join("testdata", "records.golden"))
	must(t, err)
	for line := range strings.Lines(string(file)) {
		name, digits, _ := strings.Cut(strings.TrimSpace(line), " ")
		golden[name], err = hex.DecodeString(digits)
		must(t, err)
	}
	for _, k := range keptRecords(t) {
		got, err := k.decode(golden[k.name])
		must(t, err)
		same(t, k.name+" of the golden file", k.want, got)
		if hex.EncodeToString(golden[k.name]) != hex.EncodeToString(k.bytes) {
			t.Errorf("%s is written otherwise now:\n%x", k.name, k.bytes)
		}
	}
}

// There is a row of the books for each message that is sent.
func TestARowOfTheBooksIsShort(t *testing.T) {
	t.Parallel()
	c := bot.Charge{
		Channel: "whatsapp", Conversation: "mzxw6ytboi2dsmrt", Seq: 300, At: time.Date(2026, time.March, 2, 12, 0, 0, 7, time.UTC), Author: bot.AuthorBot,
		Cost: bot.Cost{
			Month: window.MonthOf(time.Now()), Category: window.Service, Market: "United Kingdom", Flow: "main",
			Predicted: window.Amount{Micros: 15_900, Currency: "GBP", Known: true},
		},
	}
	if row := len(encodeCharge(c)); row > 60 {
		t.Errorf("it has %d bytes", row)
	}
	c.Reported, c.ReportedAt, c.Actual = &bot.Pricing{Category: "service", Type: "regular", Model: "PMP", Billable: true}, c.At, c.Predicted
	if row := len(encodeCharge(c)); row > 110 {
		t.Errorf("with what the platform told it has %d bytes", row)
	}
}

// No bit of a record can change, nor its end be missing, without that being seen.
func TestADamagedRecordIsNeverRead(t *testing.T) {
	t.Parallel()
	for _, k := range keptRecords(t) {
		for i := range len(k.bytes) * 8 {
			b := append([]byte(nil), k.bytes...)
			b[i/8] ^= 1 << (i % 8)
			if _, err := k.decode(b); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s with bit %d flipped: %v", k.name, i, err)
			}
		}
		for size := range len(k.bytes) {
			if _, err := k.decode(k.bytes[:size]); !errors.Is(err, ErrDamaged) {
				t.Fatalf("%s cut at %d: %v", k.name, size, err)
			}
		}
	}
}

// A checksum is no proof: what has one and is nonsense is an error, and nothing worse.
func FuzzRecord(f *testing.F) {
	f.Add([]byte{form, 0, 0x0a, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		b = seal(append([]byte{form}, b...))
		key := messageKey("a", 2)
		for _, decode := range []func() error{
			func() error { _, err := decodeConversation("a", b); return err },
			func() error { _, err := decodeMessage(key, b); return err },
			func() error { _, err := decodeDelivery(key, b); return err },
			func() error { _, err := decodeContact("a", b); return err },
			func() error { _, err := decodeTicket("a", "t", b); return err },
			func() error { _, err := decodeEvent(b); return err },
			func() error { _, err := decodeCharge(append(appendTime(nil, time.Time{}), key...), b); return err },
			func() error { _, err := decodeMonth("a", 1, b); return err },
			func() error { _, err := decodeFiles("", b); return err },
		} {
			if err := decode(); err != nil && !errors.Is(err, ErrDamaged) {
				t.Errorf("%v is not ErrDamaged", err)
			}
		}
	})
}

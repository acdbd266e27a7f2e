package load

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

// standIn is a program that answers messages, and makes mistakes on purpose.
type standIn struct {
	t        *testing.T
	graph    string // HOST:PORT
	mistake  func(n int, m bot.Inbound, answer func(to, text string))
	refuse   func(n int64) int // the status of the n-th webhook; nil: always 200
	requests atomic.Int64
	receipts atomic.Int64
	messages int
	mu       sync.Mutex // answers go out one after the other
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n := s.requests.Add(1)
	if r.URL.Path == "/metrics" {
		_, _ = io.WriteString(w, "process_cpu_seconds_total 1.5\nprocess_resident_memory_bytes 5e+07\ngo_memstats_sys_bytes 4e+07\ngo_memstats_heap_released_bytes 1e+07\ngo_goroutines 12\n")
		return
	}
	body, _ := io.ReadAll(r.Body)
	if s.refuse != nil {
		if status := s.refuse(n); status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
	}
	b := decoded(s.t, body)
	s.receipts.Add(int64(len(b.Receipts)))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range b.Messages {
		s.messages++
		s.mistake(s.messages, m, s.answer)
	}
}

func (s *standIn) answer(to, text string) {
	body := fmt.Sprintf(`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":%q,"type":"text","text":{"body":"You said %s\n\nGo on."},"biz_opaque_callback_data":"c.1"}`, to, text)
	req, _ := http.NewRequest(http.MethodPost, "http://"+s.graph+"/v26.0/7001/messages", strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer token")
	resp, err := metatest.Client().Do(req)
	if err != nil {
		s.t.Error(err)
		return
	}
	_ = resp.Body.Close()
}

// played puts a stand-in under a short load.
func played(t *testing.T, s *standIn, change func(o *Options)) *Report {
	t.Helper()
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.t, s.graph = t, at.Addr().String()
	server := httptest.NewServer(s)
	defer server.Close()
	o := Options{
		Target: server.URL, Ops: server.URL, Channels: []Channel{{Name: "load1", Number: "7001", Secret: "secret"}},
		Rate: 200, Concurrency: 8, Senders: 20, Batch: 1, Duration: 200 * time.Millisecond, Grace: 2 * time.Second,
	}
	if change != nil {
		change(&o)
	}
	r, err := Play(t.Context(), o, at, func(Window) {})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rightly(_ int, m bot.Inbound, answer func(to, text string)) {
	answer(m.From[0].Value, m.Message.Text)
}

func TestARightProgramIsFoundRight(t *testing.T) {
	t.Parallel()
	s := &standIn{mistake: rightly}
	r := played(t, s, func(o *Options) {
		o.Statuses, o.Batch = []string{"sent", "delivered", "read"}, 4
		o.Grace = 20 * time.Second
	})
	if missed := r.Missed(Bounds{}); missed != nil {
		t.Errorf("missed %q", missed)
	}
	if r.Messages != 40 || r.Taken != 40 || r.Answered != 40 || r.Webhook.Count != 10 || r.Answer.Count != 40 {
		t.Errorf("%d messages, %d taken, %d answered; %d webhooks and %d answers measured", r.Messages, r.Taken, r.Answered, r.Webhook.Count, r.Answer.Count)
	}
	if r.Told.Told != 120 || s.receipts.Load() != 120 || r.Told.Webhooks > 60 {
		t.Errorf("%d statuses told in %d webhooks, %d came; want 120, gathered a little", r.Told.Told, r.Told.Webhooks, s.receipts.Load())
	}
	if p := r.Program; p == nil || p.After.Memory != 3e7 || p.After.Goroutines != 12 || p.After.Resident != 5e7 {
		t.Errorf("the program told %+v", p)
	}
}

func TestMistakesAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		mistake func(n int, m bot.Inbound, answer func(to, text string))
		want    Verdict
	}{
		{"a message without an answer", func(n int, m bot.Inbound, answer func(to, text string)) {
			if n != 7 {
				rightly(n, m, answer)
			}
		}, Verdict{Lost: 1}},
		{"an answer twice", func(n int, m bot.Inbound, answer func(to, text string)) {
			rightly(n, m, answer)
			if n == 7 {
				rightly(n, m, answer)
			}
		}, Verdict{Doubled: 1}},
		{"an answer to somebody else", func(n int, m bot.Inbound, answer func(to, text string)) {
			to := m.From[0].Value
			if n == 7 {
				to = to[:len(to)-2] + "19"
			}
			answer(to, m.Message.Text)
		}, Verdict{Strayed: 1, Lost: 1}},
		{"an answer that tells nothing", func(n int, m bot.Inbound, answer func(to, text string)) {
			rightly(n, m, answer)
			if n == 7 {
				answer(m.From[0].Value, "nothing")
			}
		}, Verdict{Unheard: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := played(t, &standIn{mistake: c.mistake}, nil)
			if r.Verdict != c.want {
				t.Errorf("got %+v, want %+v", r.Verdict, c.want)
			}
			if r.Missed(Bounds{}) == nil {
				t.Error("nothing is missed")
			}
		})
	}
}

func TestAnswersInTheWrongOrderAreFound(t *testing.T) {
	t.Parallel()
	var kept bot.Inbound
	r := played(t, &standIn{mistake: func(n int, m bot.Inbound, answer func(to, text string)) {
		switch n {
		case 1: // is kept until the same customer's second was answered
			kept = m
		case 2:
			rightly(n, m, answer)
			rightly(n, kept, answer)
		default:
			rightly(n, m, answer)
		}
	}}, func(o *Options) { o.Senders, o.Rate, o.Concurrency = 1, 20, 1 })
	if want := (Verdict{Reordered: 1}); r.Verdict != want {
		t.Errorf("got %+v, want %+v", r.Verdict, want)
	}
}

func TestWebhooksAreSentAgainWithRetry(t *testing.T) {
	t.Parallel()
	refuse := func(n int64) int {
		if n%4 == 2 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}
	r := played(t, &standIn{mistake: rightly, refuse: refuse}, func(o *Options) { o.Retry, o.Grace = true, 20*time.Second })
	if r.Verdict != (Verdict{}) || r.Taken != 40 || r.Statuses["503"] == 0 {
		t.Errorf("%+v, %d taken, answered with %v", r.Verdict, r.Taken, r.Statuses)
	}
	r = played(t, &standIn{mistake: rightly, refuse: refuse}, nil)
	if r.Verdict.Refused == 0 || r.Verdict.Refused != r.Statuses["503"] || r.Verdict.Lost != 0 {
		t.Errorf("without retry: %+v, answered with %v", r.Verdict, r.Statuses)
	}
}

func TestAFaultOfTheGraphAPIIsToldAsMetaDoes(t *testing.T) {
	t.Parallel()
	r := played(t, &standIn{mistake: rightly}, func(o *Options) { o.Trouble.Fail = 0.25 })
	if r.Graph.Failed != 10 || r.Verdict.Lost != 10 || r.Answer.Count != 40 {
		t.Errorf("%+v, %+v, %d measured; a stand-in that does not try again loses what was refused", r.Graph, r.Verdict, r.Answer.Count)
	}
}

func TestALoadThatIsStoppedReportsWhatWas(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	s := &standIn{t: t, mistake: func(n int, m bot.Inbound, answer func(to, text string)) {
		rightly(n, m, answer)
		if n == 5 {
			stop()
		}
	}}
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.graph = at.Addr().String()
	server := httptest.NewServer(s)
	defer server.Close()
	r, err := Play(ctx, Options{
		Target: server.URL, Channels: []Channel{{Name: "load1", Number: "7001", Secret: "secret"}},
		Rate: 100, Concurrency: 4, Senders: 20, Batch: 1, Duration: time.Hour, Grace: time.Hour,
	}, at, func(Window) {})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Stopped || r.Answered < 5 || r.Verdict != (Verdict{}) || r.Seconds > 60 {
		t.Errorf("stopped %t after %g s, %d answered, %+v", r.Stopped, r.Seconds, r.Answered, r.Verdict)
	}
}

func TestAProgramThatLeavesARequestMakesItUnknown(t *testing.T) {
	t.Parallel()
	l := newLedger(1)
	l.send(slot{0, 1}, 0, 1)
	g := &graph{
		run: "012345", begun: time.Now(), trouble: Trouble{Delay: time.Hour}, channels: map[string]int{"7001": 0},
		ledger: l, answers: newMeter(), counts: &counts{}, teller: newTeller(nil, nil, &poster{}, nil),
	}
	server := httptest.NewServer(g)
	defer server.Close()
	ctx, leave := context.WithCancel(t.Context())
	body := `{"recipient":"GB.LOAD0123450000000","type":"text","text":{"body":"You said 0-1"}}`
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/v26.0/7001/messages", strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer token")
	var client sync.WaitGroup
	client.Go(func() {
		if resp, err := metatest.Client().Do(req); err == nil {
			_ = resp.Body.Close()
			t.Error("it was answered")
		}
	})
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for g.answers.lap().Count == 0 { // it has not come yet
		<-tick.C
	}
	leave()
	client.Wait()
	server.Close() // returns when the request's handler has
	l.accept(slot{0, 1}, 0)
	l.accept(slot{0, 1}, 0)
	if v := l.verdict(); v.Unsure != 1 || v.Doubled != 0 {
		t.Errorf("a second answer after an unknown result: %+v", v)
	}
}

func TestOptionsTellEveryFault(t *testing.T) {
	t.Parallel()
	right := Options{
		Target: "http://127.0.0.1:8080", Channels: []Channel{{}}, Rate: 1, Concurrency: 1, Senders: 1, Batch: 1,
		Duration: time.Second, Statuses: []string{"sent"},
	}
	for _, c := range []struct {
		name   string
		change func(o *Options)
		want   string
	}{
		{"right", func(*Options) {}, ""},
		{"localhost", func(o *Options) { o.Target = "http://localhost:8080" }, ""},
		{"IPv6", func(o *Options) { o.Target = "http://[::1]:8080/" }, ""},
		{"another machine", func(o *Options) { o.Target = "https://desk.example" }, "--target: desk.example is not this machine; load for another one needs --anywhere, and its owner's consent"},
		{"a name that begins like ours", func(o *Options) { o.Target = "http://127.0.0.1.example:80" }, "--target: 127.0.0.1.example:80 is not this machine; load for another one needs --anywhere, and its owner's consent"},
		{"another machine, with consent", func(o *Options) { o.Target, o.Anywhere = "https://desk.example", true }, ""},
		{"no address", func(o *Options) { o.Target = "8080" }, `--target: "8080" is no address like http://127.0.0.1:8080`},
		{"a path", func(o *Options) { o.Target += "/webhooks/x" }, `--target: "http://127.0.0.1:8080/webhooks/x" has a path; write http://HOST:PORT, the webhooks are below it`},
		{"several", func(o *Options) { o.Batch, o.Senders, o.Channels = 1001, 0, nil }, "there is no WhatsApp channel to write to\n" +
			"--senders: 0 is not between 1 and 9999999\n--batch: 1001 is not between 1 and 1000, the most that Meta puts into a webhook"},
		{"a status", func(o *Options) { o.Statuses = []string{"seen"} }, `--statuses: "seen" is none of sent, delivered, read`},
		{"no time", func(o *Options) { o.Duration = 0 }, "--duration: 0s is no time"},
		{"too much", func(o *Options) { o.Rate, o.Duration = 1e6, time.Hour }, "--rate: 1e+06 messages a second cannot be played; write 0 for as many as possible"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := right
			c.change(&o)
			got := ""
			if err := o.Check(); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

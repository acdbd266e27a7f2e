package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/adapters/meta/metatest"
)

// shopSystem is a system of the business: it knows one order, and is down for the
// first request for another.
type shopSystem struct {
	*httptest.Server
	mu   sync.Mutex
	seen []string // "METHOD path authorization body"
	keys map[string]int
}

func newShopSystem(t *testing.T) *shopSystem {
	t.Helper()
	s := &shopSystem{keys: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		var body any
		_ = json.NewDecoder(r.Body).Decode(&body) // a GET has none
		key := r.Header.Get("Idempotency-Key")
		s.keys[key]++
		s.seen = append(s.seen, fmt.Sprintf("%s %s %s %v", r.Method, r.URL.Path, r.Header.Get("Authorization"), body))
		w.Header().Set("Content-Type", "application/json")
		switch {
		case key == "":
			w.WriteHeader(http.StatusBadRequest)
		case strings.HasSuffix(r.URL.Path, "/222222") && s.keys[key] == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case strings.HasSuffix(r.URL.Path, "/404404"):
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = fmt.Fprintf(w, `{"state": "on its way", "secret": "not for the store", "parcels": 2}`)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// TestAFlowCallsTheBusiness has customers ask for orders: one that is there, one
// that is not, one for which the system is down at first; and one writes while the
// answer is awaited. The secret is the operator's and nobody else's.
func TestAFlowCallsTheBusiness(t *testing.T) {
	t.Parallel()
	shop := newShopSystem(t)
	flows := filepath.Join(t.TempDir(), "flows.yaml")
	err := os.WriteFile(flows, fmt.Appendf(nil, `
version: 1
business: Calls
gather: 500ms
languages: [en, de]
handoff: {words: [person please]}
flows:
  main:
    start: number
    states:
      number:
        ask: order_number
        say: {en: "Which order?", de: "Welche Bestellung?"}
        pattern: '\b(\d{6})\b'
        go: lookup
      lookup:
        call:
          post: %s/orders/{{ order_number }}
          headers: {Authorization: "Bearer {{ secret.shop_token }}"}
          json: {number: "{{ order_number }}", lines: [1, true]}
          timeout: 5s
          tries: 3
          as: order
          expects: {state: text, parcels: number}
        on:
          - if: order.ok
            go: found
          - if: order.status == 404
            say: {en: "There is no {{ order_number }}.", de: "Es gibt keine {{ order_number }}."}
            go: number
          - else: handoff
            note: "failed with {{ order.status }} {{ order.error }}"
      found:
        say:
          en: {plural: order.body.parcels, one: "One parcel is {{ order.body.state }}.", other: "{{ order.body.parcels }} parcels are {{ order.body.state }}."}
          de: {plural: order.body.parcels, one: "Ein Paket ist {{ order.body.state }}.", other: "{{ order.body.parcels }} Pakete sind {{ order.body.state }}."}
        end: true
`, shop.URL), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(t, flows, metatest.Options{})
	config, err := os.OpenFile(filepath.Join(p.dir, "frontdesk.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := config.WriteString("calls:\n  allow: [127.0.0.1/32]\n  secrets: {shop_token: \"tok-1234567890\"}\n"); err != nil {
		t.Fatal(err)
	}
	if err := config.Close(); err != nil {
		t.Fatal(err)
	}
	p.start()
	say := func(i, n int, text string) {
		t.Helper()
		p.accept("whatsapp", metatest.WhatsApp(number).Text(customer(i), fmt.Sprintf("wamid.c.%d.%d", i, n), time.Now(), text).Body())
	}
	to := func(i int) string { return "+" + customer(i).Phone }
	for i := range 4 {
		say(i, 0, []string{"hi", "hi", "hi", "Guten Tag, wo ist denn bitte meine Bestellung geblieben?"}[i])
		p.sent(to(i), 1)
	}
	say(0, 1, "it is")
	say(0, 2, "number 123456") // gathered: one answer
	say(1, 1, "404404")
	say(2, 1, "222222")
	say(3, 1, "123456")
	diff(t, "an order that is there", []string{"Which order?", "2 parcels are on its way."}, texts(p.sent(to(0), 2)))
	diff(t, "one that is not", []string{"Which order?", "There is no 404404.\n\nWhich order?"}, texts(p.sent(to(1), 2)))
	diff(t, "one for which the system was down", []string{"Which order?", "2 parcels are on its way."}, texts(p.sent(to(2), 2)))
	diff(t, "one in German", []string{"Welche Bestellung?", "2 Pakete sind on its way."}, texts(p.sent(to(3), 2)))
	p.stop()

	shop.mu.Lock()
	defer shop.mu.Unlock()
	if len(shop.seen) != 5 || len(shop.keys) != 4 {
		t.Errorf("%d requests with %d keys, want 5 with 4: %q", len(shop.seen), len(shop.keys), shop.seen)
	}
	for _, line := range shop.seen {
		if !strings.Contains(line, "Bearer tok-1234567890 map[lines:[1 true] number:") {
			t.Errorf("the request was %q", line)
		}
	}
	for _, path := range []string{"data/frontdesk.db"} {
		stored, err := os.ReadFile(filepath.Join(p.dir, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, private := range []string{"tok-1234567890", "not for the store"} {
			if strings.Contains(string(stored), private) {
				t.Errorf("%s holds %q", path, private)
			}
		}
	}
}

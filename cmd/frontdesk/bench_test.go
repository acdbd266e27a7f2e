package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/adapters/web"
	"frontdesk/adapters/whatsapp"
	"frontdesk/bot"
)

// intake is everything between a webhook and its commit, on the real store:
// router, signature, decoding, flow step, commit. Nothing is sent.
func intake(b *testing.B, o boltstore.Options) http.Handler {
	b.Helper()
	set, err := loadFlows(example)
	if err != nil {
		b.Fatal(err)
	}
	store, err := boltstore.Open(filepath.Join(b.TempDir(), "frontdesk.db"), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	ch, err := whatsapp.New(whatsapp.Config{
		Name: "whatsapp", PhoneNumberID: number, AccessToken: token, AppSecret: secret, VerifyToken: verify,
		GraphURL: "http://127.0.0.1:1", GraphVersion: "v26.0", UnknownWait: time.Minute,
	})
	if err != nil {
		b.Fatal(err)
	}
	channels := map[string]bot.Channel{ch.Name(): ch}
	stats := bot.NewStats(channels)
	log := slog.New(slog.DiscardHandler)
	engine := bot.NewEngine(bot.EngineConfig{
		Ledger: store, Channels: channels, Set: set, Hub: &bot.Hub{}, Wake: func() {}, Hold: func(string) {}, Stats: stats, Log: log,
	})
	router, err := web.NewRouter(nil, log)
	if err != nil {
		b.Fatal(err)
	}
	web.Mount(router, []web.Webhook{{
		Name:      ch.Name(),
		Challenge: func(url.Values) (string, bool) { return "", false },
		Decode: func(h http.Header, body []byte) (bot.Batch, error) {
			return ch.Decode(h, body, map[string]string{number: ch.Name()})
		},
	}}, web.MountConfig{
		Handle: engine.Handle, Log: log,
		Metrics: web.NewMetrics(prometheus.NewRegistry(), web.MetricsConfig{Stats: stats, Channels: []string{ch.Name()}}),
	})
	return router
}

// webhook is a signed message of one of a thousand customers; each n is another message.
func webhook(n int64) *http.Request {
	body := metatest.WhatsApp(number).Text(
		metatest.Person{Phone: strconv.FormatInt(447700900000+n%1000, 10), Name: "Mara Test"},
		"wamid."+strconv.FormatInt(n, 10), time.Now(), "what are your opening hours?").Body()
	req := httptest.NewRequest(http.MethodPost, "/webhooks/whatsapp", bytes.NewReader(body))
	req.Header = metatest.Signed(secret, body)
	return req
}

// BenchmarkWebhook is a webhook to its commit: the message, the conversation's
// new state and the reply are on disk when it is answered. The rows to compare
// are grouped against alone, with the same disk and as many senders.
func BenchmarkWebhook(b *testing.B) {
	disks := []struct {
		name  string
		flush time.Duration
	}{{"real", 0}, {"1ms", time.Millisecond}}
	commits := []struct {
		name string
		most int
	}{{"grouped", 0}, {"alone", 1}}
	for _, disk := range disks {
		for _, commit := range commits {
			for _, senders := range []int{1, 64} {
				b.Run(fmt.Sprintf("disk=%s/commits=%s/senders=%d", disk.name, commit.name, senders), func(b *testing.B) {
					var flushes, n atomic.Int64
					handler := intake(b, boltstore.Options{MaxBatch: commit.most, Flush: func() {
						flushes.Add(1)
						time.Sleep(disk.flush)
					}})
					flushes.Store(0)
					b.ReportAllocs()
					serve := func() {
						w := httptest.NewRecorder()
						handler.ServeHTTP(w, webhook(n.Add(1)))
						if w.Code != http.StatusOK {
							b.Errorf("answered with %d", w.Code)
						}
					}
					if senders == 1 {
						for b.Loop() {
							serve()
						}
					} else {
						b.SetParallelism(max(1, senders/runtime.GOMAXPROCS(0)))
						b.RunParallel(func(pb *testing.PB) {
							for pb.Next() {
								serve()
							}
						})
					}
					b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "webhooks/s")
					b.ReportMetric(float64(flushes.Load())/float64(n.Load()), "commits/webhook")
				})
			}
		}
	}
}

package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	bolt "go.etcd.io/bbolt"

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

// bare is what any program must do that keeps what it answers with 200: gin, the
// signature, decoding, and a record of 1 KB in a bbolt file, in transactions that
// share a flush as ours do. No flow, no state, no reply.
func bare(b *testing.B) http.Handler {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "bare.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, InitialMmapSize: 1 << 30})
	if err != nil {
		b.Fatal(err)
	}
	type job struct{ key, value []byte }
	type waiting struct {
		job
		done chan error
	}
	jobs := make(chan waiting)
	var writing sync.WaitGroup
	writing.Go(func() {
		for first := range jobs {
			batch := []waiting{first}
			for yielded := false; ; {
				select {
				case j, ok := <-jobs:
					if ok {
						batch, yielded = append(batch, j), false
						continue
					}
				default:
				}
				if yielded {
					break
				}
				runtime.Gosched()
				yielded = true
			}
			err := db.Update(func(tx *bolt.Tx) error {
				bucket, err := tx.CreateBucketIfNotExists([]byte("records"))
				for _, j := range batch {
					err = errors.Join(err, bucket.Put(j.key, j.value))
				}
				return err
			})
			for _, j := range batch {
				j.done <- err
			}
		}
	})
	b.Cleanup(func() {
		close(jobs)
		writing.Wait()
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	var n atomic.Uint64
	r.POST("/webhooks/whatsapp", func(c *gin.Context) {
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		got, err := hex.DecodeString(strings.TrimPrefix(c.GetHeader("X-Hub-Signature-256"), "sha256="))
		if err != nil || !hmac.Equal(got, mac.Sum(nil)) {
			c.Status(http.StatusUnauthorized)
			return
		}
		var decoded struct {
			Entry []struct {
				Changes []struct {
					Value struct {
						Metadata struct {
							PhoneNumberID string `json:"phone_number_id"`
						} `json:"metadata"`
						Contacts []struct {
							Profile struct{ Name string } `json:"profile"`
							WaID    string                `json:"wa_id"`
						} `json:"contacts"`
						Messages []struct {
							From, ID, Timestamp, Type string
							Text                      struct{ Body string }
						} `json:"messages"`
					} `json:"value"`
				} `json:"changes"`
			} `json:"entry"`
		}
		if json.Unmarshal(body, &decoded) != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		value := make([]byte, 1024)
		copy(value, body)
		done := make(chan error, 1)
		jobs <- waiting{job{binary.BigEndian.AppendUint64(nil, n.Add(1)), value}, done}
		if <-done != nil {
			c.Status(http.StatusInternalServerError)
			return
		}
		c.Status(http.StatusOK)
	})
	return r
}

// BenchmarkWhole is the whole way of a message against the bare one, with 64
// senders, in one run. Requests are made and signed beforehand, as the senders'
// work is not ours.
func BenchmarkWhole(b *testing.B) {
	const senders = 64
	for _, way := range []struct {
		name    string
		handler func(b *testing.B) http.Handler
	}{
		{"bare", bare},
		{"whole", func(b *testing.B) http.Handler { return intake(b, boltstore.Options{}) }},
	} {
		b.Run("way="+way.name, func(b *testing.B) {
			handler := way.handler(b)
			requests := make([]*http.Request, b.N)
			for i := range requests {
				requests[i] = webhook(int64(i))
			}
			b.ReportAllocs()
			var next atomic.Int64
			before := cpu(b)
			b.ResetTimer()
			var group sync.WaitGroup
			for range senders {
				group.Go(func() {
					for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
						w := httptest.NewRecorder()
						handler.ServeHTTP(w, requests[i])
						if w.Code != http.StatusOK {
							b.Errorf("answered with %d", w.Code)
						}
					}
				})
			}
			group.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "webhooks/s")
			b.ReportMetric((cpu(b)-before).Seconds()*1000/float64(b.N), "cpu-s/1000")
		})
	}
}

// cpu is the processor time that this process took so far.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

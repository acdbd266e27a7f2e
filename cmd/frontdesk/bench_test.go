package main

import (
	"bufio"
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
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"runtime"
	"runtime/debug"
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
// senders, in one run: over connections as webhooks come, and without them, so
// that what net/http costs both hides nothing. Requests are made and signed
// beforehand, as the senders' work is not ours.
func BenchmarkWhole(b *testing.B) {
	for _, over := range []string{"connections", "nothing"} {
		for _, way := range []struct {
			name    string
			handler func(b *testing.B) http.Handler
		}{
			{"bare", bare},
			{"whole", func(b *testing.B) http.Handler {
				asServed(b)
				return intake(b, boltstore.Options{})
			}},
		} {
			b.Run("over="+over+"/way="+way.name, func(b *testing.B) {
				handler := way.handler(b)
				send := direct(b, handler)
				if over == "connections" {
					send = connected(b, handler)
				}
				b.ReportAllocs()
				before := cpu(b)
				b.ResetTimer()
				send()
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "webhooks/s")
				b.ReportMetric((cpu(b)-before).Seconds()*1000/float64(b.N), "cpu-s/1000")
			})
		}
	}
}

// asServed lets the collector of memory work as it does when we serve.
func asServed(b *testing.B) {
	b.Helper()
	percent, limit := debug.SetGCPercent(rubbish), debug.SetMemoryLimit(memoryLimit)
	b.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})
}

const sendersAtOnce = 64

// direct makes b.N webhooks, and gives what hands them to a handler.
func direct(b *testing.B, handler http.Handler) (send func()) {
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = webhook(int64(i))
	}
	return func() {
		each(b.N, func() func(i int) {
			return func(i int) {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, requests[i])
				if w.Code != http.StatusOK {
					b.Errorf("answered with %d", w.Code)
				}
			}
		})
	}
}

// connected makes b.N webhooks as they go over a connection, and gives what sends
// them to a server, each sender over one connection. A sender costs as little as
// it can: it writes bytes and looks for a 200.
func connected(b *testing.B, handler http.Handler) (send func()) {
	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)
	requests := make([][]byte, b.N)
	for i := range requests {
		var wire bytes.Buffer
		r := webhook(int64(i))
		r.Host = server.Listener.Addr().String()
		if err := r.Write(&wire); err != nil {
			b.Fatal(err)
		}
		requests[i] = wire.Bytes()
	}
	return func() {
		each(b.N, func() func(i int) {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				b.Error(err)
				return func(int) {}
			}
			b.Cleanup(func() { _ = conn.Close() })
			answers := bufio.NewReader(conn)
			return func(i int) {
				if _, err := conn.Write(requests[i]); err != nil {
					b.Error(err)
					return
				}
				answer, err := http.ReadResponse(answers, nil)
				if err != nil || answer.StatusCode != http.StatusOK {
					b.Errorf("answered with %v, %v", answer, err)
					return
				}
				_, _ = io.Copy(io.Discard, answer.Body)
			}
		})
	}
}

// each lets the senders do n things between them; begin is called by each of them once.
func each(n int, begin func() func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range sendersAtOnce {
		group.Go(func() {
			do := begin()
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	group.Wait()
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

package web_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"frontdesk/adapters/web"
	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/handoff"
)

// measured is a program with one channel, "shop", of which everything is told.
func measured(t testing.TB) (*prometheus.Registry, *bot.Stats, *web.Metrics) {
	t.Helper()
	reg, stats := prometheus.NewRegistry(), bot.NewStats(map[string]bot.Channel{"shop": nil})
	m := web.NewMetrics(reg, web.MetricsConfig{
		Stats: stats, Channels: []string{"shop"},
		Build: web.Build{Version: "v1.2.3", Revision: "0123abcd", Go: "go1.26"},
		Flows: func() (string, []string) { return "f00d", []string{"sales", "support"} },
		Ready: func(context.Context) error { return nil },
		Forecasts: func() map[string]bot.Forecast {
			f := bot.Forecast{At: time.Unix(1_795_341_600, 0)}
			for h := range 48 {
				n := float64(h + 1)
				f.Hours = append(f.Hours, handoff.Missed{By: f.At.Add(time.Duration(h+1) * time.Hour), Planned: n, Fewer: 2 * n, More: n / 8})
			}
			return map[string]bot.Forecast{"support": f, "of yesterday": f}
		},
		Gauges: func(_ context.Context, now time.Time) (bot.Gauges, error) {
			return bot.Gauges{
				Outbox:   map[string]bot.OutboxGauge{"shop": {Conversations: 2, OldestDue: now.Add(-90 * time.Second)}, "off": {Conversations: 1}},
				Queues:   map[string]bot.QueueGauge{"support": {Waiting: 3, Claimed: 1}},
				Deadline: time.Unix(1_795_341_600, 0), Windows: bot.WindowGauge{Closed: 4, Within15: 5, Within1h: 6, Within4h: 7},
				FreeLeft: map[string]int{"shop": 17},
				Timers:   8, TimersDue: now.Add(-2 * time.Second), FileBytes: 1 << 20, FreeBytes: 4096,
			}, nil
		},
	})
	return reg, stats, m
}

// scrape gives the measurements as Prometheus reads them.
func scrape(t testing.TB, reg *prometheus.Registry) string {
	t.Helper()
	w := httptest.NewRecorder()
	web.NewOps(web.OpsConfig{Gatherer: reg, Log: slog.New(slog.DiscardHandler)}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Errorf("the scrape is answered with %d", w.Code)
	}
	return w.Body.String()
}

// series are the lines of a scrape but the buckets and sums of histograms.
func series(scraped string) []string {
	var lines []string
	for line := range strings.Lines(scraped) {
		if strings.HasPrefix(line, "frontdesk_") && !strings.Contains(line, "_bucket{") && !strings.Contains(line, "_sum") {
			lines = append(lines, strings.TrimSuffix(line, "\n"))
		}
	}
	return lines
}

// TestMetrics holds every measurement with its labels, so that a label that
// could grow without end, or a renamed measurement, is seen.
func TestMetrics(t *testing.T) {
	t.Parallel()
	reg, stats, m := measured(t)
	fill(stats)
	m.Reloaded(true)
	m.Reloaded(false)
	m.Reloaded(false)
	if diff := cmp.Diff(everything, series(scrape(t, reg))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// fill counts something of everything, each another number.
func fill(stats *bot.Stats) {
	stats.Escalations.Store(1)
	stats.Conflicts.Store(2)
	stats.Duplicates.Store(3)
	stats.Calls.Begun.Store(21)
	stats.Calls.Succeeded.Store(22)
	stats.Calls.Failed.Store(23)
	stats.Calls.Retried.Store(24)
	stats.Swept.Messages.Store(1)
	stats.Swept.Conversations.Store(2)
	stats.Swept.Contacts.Store(3)
	stats.Swept.Events.Store(4)
	stats.Swept.Audit.Store(5)
	stats.Swept.Costs.Store(7)
	stats.Swept.Misses.Store(9)
	stats.Heard.Answered.Store(1)
	stats.Heard.Offered.Store(2)
	stats.Heard.Picked.Store(3)
	stats.Heard.Refused.Store(4)
	stats.Heard.None.Store(5)
	stats.Swept.Marks.Store(6)
	stats.Swept.Traffic.Store(8)
	stats.Swept.Tickets.Store(7)
	stats.Steps.Answered.Store(31)
	stats.Steps.NotUnderstood.Store(32)
	stats.Steps.Escalated.Store(33)
	stats.Steps.Waiting.Store(34)
	stats.Steps.Silent.Store(35)
	stats.Steps.People.Store(36)
	c := stats.Channel("shop")
	c.Inbound.Store(4)
	c.Receipts.Store(5)
	c.Events.Store(6)
	c.Sent.Store(7)
	c.Cancelled.Store(8)
	c.Closed.Store(9)
	c.OptedOut.Store(18)
	c.Capped.Store(19)
	c.Retry.Store(10)
	c.Wait.Store(11)
	c.Fail.Store(12)
	c.Alarm.Store(13)
	c.Unknown.Store(14)
	c.Prices.Add(bot.Pricing{Category: "utility", Type: "regular", Billable: true})
	c.Prices.Add(bot.Pricing{Category: "of tomorrow", Type: "of tomorrow", Model: "CBP"})
	price := func(micros int64) window.Amount { return window.Amount{Micros: micros, Currency: "USD", Known: true} }
	c.Costs.Predict(bot.Cost{Predicted: price(6_800)})
	c.Costs.Predict(bot.Cost{Predicted: window.Free()})
	c.Costs.Predict(bot.Cost{})
	c.Costs.Report(bot.Cost{Predicted: price(6_800), Actual: price(6_800), Reported: &bot.Pricing{Billable: true}})
	c.Costs.Report(bot.Cost{Predicted: window.Free(), Actual: price(6_800), Reported: &bot.Pricing{Billable: true}})
	c.Costs.Report(bot.Cost{Predicted: window.Free(), Reported: &bot.Pricing{Billable: true}})
	c.Answer.Took(time.Second)
	stats.Sent("shop", "", time.Second)
	stats.Sent("shop", bot.ClassWait, time.Second)
	stats.Sent("shop", bot.ClassWait, time.Second)
	stats.Handle.Took(time.Millisecond)
	stats.Decide.Took(time.Microsecond)
	stats.CommitSeconds.Took(time.Millisecond)
	stats.CommitWrites.Observe(40)
	stats.Channel("a stranger's").Inbound.Store(99)
}

var everything = []string{
	`frontdesk_answer_seconds_count{channel="shop"} 1`,
	`frontdesk_answers_total{outcome="answered"} 1`,
	`frontdesk_answers_total{outcome="none"} 5`,
	`frontdesk_answers_total{outcome="offered"} 2`,
	`frontdesk_answers_total{outcome="picked"} 3`,
	`frontdesk_answers_total{outcome="refused"} 4`,
	`frontdesk_batch_seconds_count{result="failed"} 0`,
	`frontdesk_batch_seconds_count{result="ok"} 1`,
	`frontdesk_build_info{go_version="go1.26",revision="0123abcd",version="v1.2.3"} 1`,
	`frontdesk_calls_total{result="begun"} 21`,
	`frontdesk_calls_total{result="failed"} 23`,
	`frontdesk_calls_total{result="retried"} 24`,
	`frontdesk_calls_total{result="succeeded"} 22`,
	`frontdesk_channel_paused{channel="shop"} 0`,
	`frontdesk_channel_rate{channel="shop"} 0`,
	`frontdesk_commit_seconds_count 1`,
	`frontdesk_commit_writes_count 1`,
	`frontdesk_conflicts_total 2`,
	`frontdesk_cost_differences_total{channel="shop",kind="amount"} 0`,
	`frontdesk_cost_differences_total{channel="shop",kind="category"} 0`,
	`frontdesk_cost_differences_total{channel="shop",kind="charged"} 2`,
	`frontdesk_cost_differences_total{channel="shop",kind="free"} 0`,
	`frontdesk_cost_predicted_total{channel="shop",currency="USD"} 0.0068`,
	`frontdesk_cost_reported_total{channel="shop",currency="USD"} 0.0136`,
	`frontdesk_decide_seconds_count 1`,
	`frontdesk_duplicates_total 3`,
	`frontdesk_escalations_total 1`,
	`frontdesk_events_total{channel="shop"} 6`,
	`frontdesk_flows_info{version="f00d"} 1`,
	`frontdesk_free_messages_left{channel="shop"} 17`,
	`frontdesk_messages_dropped_total{channel="shop",reason="opted_out"} 18`,
	`frontdesk_messages_dropped_total{channel="shop",reason="spend_cap"} 19`,
	`frontdesk_messages_dropped_total{channel="shop",reason="stale"} 8`,
	`frontdesk_messages_dropped_total{channel="shop",reason="window_closed"} 9`,
	`frontdesk_messages_received_total{channel="shop"} 4`,
	`frontdesk_messages_sent_total{channel="shop"} 7`,
	`frontdesk_outbox_age_seconds{channel="off"} 0`,
	`frontdesk_outbox_age_seconds{channel="shop"} 90`,
	`frontdesk_outbox_conversations{channel="off"} 1`,
	`frontdesk_outbox_conversations{channel="shop"} 2`,
	`frontdesk_priced_messages_total{billable="false",category="other",channel="shop",type="other"} 1`,
	`frontdesk_priced_messages_total{billable="true",category="utility",channel="shop",type="regular"} 1`,
	`frontdesk_ready 1`,
	`frontdesk_receipts_total{channel="shop"} 5`,
	`frontdesk_reloads_total{result="ok"} 1`,
	`frontdesk_reloads_total{result="refused"} 2`,
	`frontdesk_send_failures_total{channel="shop",class="alarm"} 13`,
	`frontdesk_send_failures_total{channel="shop",class="fail"} 12`,
	`frontdesk_send_failures_total{channel="shop",class="retry"} 10`,
	`frontdesk_send_failures_total{channel="shop",class="unknown"} 14`,
	`frontdesk_send_failures_total{channel="shop",class="wait"} 11`,
	`frontdesk_send_seconds_count{channel="shop",class="alarm"} 0`,
	`frontdesk_send_seconds_count{channel="shop",class="fail"} 0`,
	`frontdesk_send_seconds_count{channel="shop",class="ok"} 1`,
	`frontdesk_send_seconds_count{channel="shop",class="retry"} 0`,
	`frontdesk_send_seconds_count{channel="shop",class="unknown"} 0`,
	`frontdesk_send_seconds_count{channel="shop",class="wait"} 2`,
	`frontdesk_spend_step{channel="shop"} 0`,
	`frontdesk_steps_total{result="answered"} 31`,
	`frontdesk_steps_total{result="escalated"} 33`,
	`frontdesk_steps_total{result="not_understood"} 32`,
	`frontdesk_steps_total{result="people"} 36`,
	`frontdesk_steps_total{result="silent"} 35`,
	`frontdesk_steps_total{result="waiting"} 34`,
	`frontdesk_store_file_bytes 1.048576e+06`,
	`frontdesk_store_free_bytes 4096`,
	`frontdesk_store_readable 1`,
	`frontdesk_swept_total{kind="audit"} 5`,
	`frontdesk_swept_total{kind="contacts"} 3`,
	`frontdesk_swept_total{kind="conversations"} 2`,
	`frontdesk_swept_total{kind="costs"} 7`,
	`frontdesk_swept_total{kind="events"} 4`,
	`frontdesk_swept_total{kind="marks"} 6`,
	`frontdesk_swept_total{kind="messages"} 1`,
	`frontdesk_swept_total{kind="misses"} 9`,
	`frontdesk_swept_total{kind="tickets"} 7`,
	`frontdesk_swept_total{kind="traffic"} 8`,
	`frontdesk_ticket_deadline_timestamp_seconds 1.7953416e+09`,
	`frontdesk_tickets_open{queue="sales",state="claimed"} 0`,
	`frontdesk_tickets_open{queue="sales",state="waiting"} 0`,
	`frontdesk_tickets_open{queue="support",state="claimed"} 1`,
	`frontdesk_tickets_open{queue="support",state="waiting"} 3`,
	`frontdesk_timers_age_seconds 2`,
	`frontdesk_timers_due 8`,
	`frontdesk_unpriced_messages_total{by="predicted",channel="shop"} 1`,
	`frontdesk_unpriced_messages_total{by="reported",channel="shop"} 1`,
	`frontdesk_windows_closed 4`,
	`frontdesk_windows_closing{within="15m"} 5`,
	`frontdesk_windows_closing{within="1h"} 6`,
	`frontdesk_windows_closing{within="4h"} 7`,
	`frontdesk_windows_missed_forecast{queue="support",staff="fewer",within="24h"} 48`,
	`frontdesk_windows_missed_forecast{queue="support",staff="fewer",within="48h"} 96`,
	`frontdesk_windows_missed_forecast{queue="support",staff="fewer",within="4h"} 8`,
	`frontdesk_windows_missed_forecast{queue="support",staff="more",within="24h"} 3`,
	`frontdesk_windows_missed_forecast{queue="support",staff="more",within="48h"} 6`,
	`frontdesk_windows_missed_forecast{queue="support",staff="more",within="4h"} 0.5`,
	`frontdesk_windows_missed_forecast{queue="support",staff="planned",within="24h"} 24`,
	`frontdesk_windows_missed_forecast{queue="support",staff="planned",within="48h"} 48`,
	`frontdesk_windows_missed_forecast{queue="support",staff="planned",within="4h"} 4`,
}

func TestWhatIsInBucketsIsToldInSeconds(t *testing.T) {
	t.Parallel()
	reg, stats, _ := measured(t)
	stats.Channel("shop").Answer.Took(40 * time.Millisecond)
	stats.CommitWrites.Observe(40)
	got := scrape(t, reg)
	for _, line := range []string{
		`frontdesk_answer_seconds_bucket{channel="shop",le="0.025"} 0`,
		`frontdesk_answer_seconds_bucket{channel="shop",le="0.05"} 1`,
		`frontdesk_answer_seconds_bucket{channel="shop",le="+Inf"} 1`,
		`frontdesk_answer_seconds_sum{channel="shop"} 0.04`,
		`frontdesk_commit_writes_bucket{le="20"} 0`,
		`frontdesk_commit_writes_bucket{le="50"} 1`,
		`frontdesk_commit_writes_sum 40`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("the metrics hold no %s", line)
		}
	}
}

func TestReloadsAreCountedFromTheStart(t *testing.T) {
	t.Parallel()
	got := newFace(t, nil, nil).metrics(t)
	for _, result := range []string{"ok", "refused"} {
		if line := fmt.Sprintf("frontdesk_reloads_total{result=%q} 0\n", result); !strings.Contains(got, line) {
			t.Errorf("the metrics hold no %s", line)
		}
	}
}

func TestMetricsAreRegisteredWithWhatWasPassedIn(t *testing.T) {
	t.Parallel()
	stats := bot.NewStats(nil)
	web.NewMetrics(prometheus.NewRegistry(), web.MetricsConfig{Stats: stats})
	web.NewMetrics(prometheus.NewRegistry(), web.MetricsConfig{Stats: stats}) // a global registry would panic here
}

func TestMetricsAreWellFormed(t *testing.T) {
	t.Parallel()
	reg, stats, _ := measured(t)
	fill(stats)
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if problems, err := promlint.NewWithMetricFamilies(families).Lint(); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
}

// TestAScrapeNeverFailsWhole asks a store that tells nothing: what is counted in
// memory is told all the same, in time.
func TestAScrapeNeverFailsWhole(t *testing.T) {
	t.Parallel()
	for name, gauges := range map[string]func(context.Context, time.Time) (bot.Gauges, error){
		"a store that fails": func(context.Context, time.Time) (bot.Gauges, error) {
			return bot.Gauges{Timers: 1}, errors.New("damaged")
		},
		"a store that panics": func(context.Context, time.Time) (bot.Gauges, error) { panic("a broken page") },
		"a store that waits": func(ctx context.Context, _ time.Time) (bot.Gauges, error) {
			<-ctx.Done()
			return bot.Gauges{}, ctx.Err()
		},
		"a store that does not look at time": func(context.Context, time.Time) (bot.Gauges, error) {
			time.Sleep(time.Hour)
			return bot.Gauges{Timers: 1}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				reg, stats := prometheus.NewRegistry(), bot.NewStats(map[string]bot.Channel{"shop": nil})
				web.NewMetrics(reg, web.MetricsConfig{
					Stats: stats, Channels: []string{"shop"}, Gauges: gauges,
					Ready: func(context.Context) error { return errors.New("stopping") },
				})
				for range 3 {
					begun, got := time.Now(), scrape(t, reg)
					for _, line := range []string{"frontdesk_store_readable 0", "frontdesk_ready 0", "frontdesk_escalations_total 0"} {
						if !strings.Contains(got, line+"\n") {
							t.Errorf("the metrics hold no %s", line)
						}
					}
					if strings.Contains(got, "frontdesk_timers_due") {
						t.Error("what the store did not tell in time is told")
					}
					if took := time.Since(begun); took > 5*time.Second {
						t.Errorf("the scrape took %v", took)
					}
				}
				time.Sleep(2 * time.Hour) // what still asks comes to its end
			})
		})
	}
}

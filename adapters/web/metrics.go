package web

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
)

// Metrics are the program's measurements. Labels come from closed sets: the
// configured channels, HTTP statuses, classes of errors.
type Metrics struct {
	stats    *bot.Stats
	channels []string
	webhooks *prometheus.HistogramVec
	reloads  *prometheus.CounterVec
}

const (
	reloadOK      = "ok"
	reloadRefused = "refused"
)

// NewMetrics makes the measurements and registers them with reg.
func NewMetrics(reg prometheus.Registerer, stats *bot.Stats, channels []string) *Metrics {
	m := &Metrics{
		stats: stats, channels: channels,
		webhooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "frontdesk_webhook_seconds",
			Help:    "Time from a webhook's first byte to its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"channel", "code"}),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "frontdesk_reloads_total", Help: "Attempts to load the flow file again.",
		}, []string{"result"}),
	}
	for _, result := range []string{reloadOK, reloadRefused} {
		m.reloads.WithLabelValues(result) // there from the start, so that the first one shows as a rise
	}
	reg.MustRegister(m.webhooks, m.reloads, m)
	return m
}

// Reloaded counts an attempt to load the flows.
func (m *Metrics) Reloaded(ok bool) {
	result := reloadRefused
	if ok {
		result = reloadOK
	}
	m.reloads.WithLabelValues(result).Inc()
}

func (m *Metrics) webhook(channel string, status int, begun time.Time) {
	m.webhooks.WithLabelValues(channel, strconv.Itoa(status)).Observe(time.Since(begun).Seconds())
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("frontdesk_"+name, help, labels, nil)
}

// The measurements that are read from bot.Stats when asked for.
var (
	descEscalations = desc("escalations_total", "Conversations handed to a person by the bot.")
	descConflicts   = desc("conflicts_total", "Decisions made again because the conversation had changed meanwhile.")
	descDuplicates  = desc("duplicates_total", "Messages that had been handled before.")
	descCalls       = desc("calls_total", "Attempts to call a system of the business, by what came of them; begun counts every attempt.", "result")
	descInbound     = desc("messages_received_total", "Messages from customers.", "channel")
	descReceipts    = desc("receipts_total", "Statuses from the platform.", "channel")
	descEvents      = desc("events_total", "Other events of the platform that were kept.", "channel")
	descSent        = desc("messages_sent_total", "Messages that the platform accepted.", "channel")
	descDropped     = desc("messages_dropped_total", "Messages that were not sent on purpose: stale after a takeover, or too late.", "channel", "reason")
	descFailures    = desc("send_failures_total", "Sends that were not accepted, by class.", "channel", "class")
	descPaused      = desc("channel_paused", "1 while nothing is sent on the channel because the platform refused the account or asked to wait.", "channel")
)

// Describe implements prometheus.Collector.
func (m *Metrics) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, ch) }

// Collect implements prometheus.Collector.
func (m *Metrics) Collect(ch chan<- prometheus.Metric) {
	count := func(d *prometheus.Desc, n int64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	count(descEscalations, m.stats.Escalations.Load())
	count(descConflicts, m.stats.Conflicts.Load())
	count(descDuplicates, m.stats.Duplicates.Load())
	count(descCalls, m.stats.Calls.Begun.Load(), "begun")
	count(descCalls, m.stats.Calls.Succeeded.Load(), "succeeded")
	count(descCalls, m.stats.Calls.Failed.Load(), "failed")
	count(descCalls, m.stats.Calls.Retried.Load(), "retried")
	swept(&m.stats.Swept, count)
	for _, name := range m.channels {
		c := m.stats.Channel(name)
		count(descInbound, c.Inbound.Load(), name)
		count(descReceipts, c.Receipts.Load(), name)
		count(descEvents, c.Events.Load(), name)
		count(descSent, c.Sent.Load(), name)
		count(descDropped, c.Cancelled.Load(), name, "stale")
		count(descDropped, c.Closed.Load(), name, "window_closed")
		count(descFailures, c.Retry.Load(), name, string(bot.ClassRetry))
		count(descFailures, c.Wait.Load(), name, string(bot.ClassWait))
		count(descFailures, c.Fail.Load(), name, string(bot.ClassFail))
		count(descFailures, c.Alarm.Load(), name, string(bot.ClassAlarm))
		count(descFailures, c.Unknown.Load(), name, string(bot.ClassUnknown))
		paused := 0.0
		if c.PausedUntil().After(time.Now()) {
			paused = 1
		}
		ch <- prometheus.MustNewConstMetric(descPaused, prometheus.GaugeValue, paused, name)
	}
}

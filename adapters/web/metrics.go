package web

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
)

// MetricsConfig is what there is to be measured. Only Stats is required.
type MetricsConfig struct {
	Stats    *bot.Stats
	Channels []string // names of those that are on
	Build    Build
	// Flows tells which flows new conversations begin on.
	Flows func() (version string, queues []string)
	// Gauges tells how the store stands at now. It is asked with every scrape.
	Gauges func(ctx context.Context, now time.Time) (bot.Gauges, error)
	// Forecasts tells how many windows of each queue will be missed. It is asked with every scrape.
	Forecasts func() map[string]bot.Forecast
	// Ready says why the program cannot serve now. It is asked with every scrape.
	Ready func(ctx context.Context) error
}

// Build is which program this is.
type Build struct{ Version, Revision, Go string }

// Metrics are the program's measurements. Labels come from closed sets: the
// configured channels and queues, HTTP statuses, classes of errors.
// docs/monitoring.md tells of each.
type Metrics struct {
	MetricsConfig
	webhooks *prometheus.HistogramVec
	reloads  *prometheus.CounterVec
	store    turn // who asks the store
	ready    turn
}

const (
	resultOK      = "ok"
	resultFailed  = "failed"
	reloadRefused = "refused"
)

// NewMetrics makes the measurements and registers them with reg.
func NewMetrics(reg prometheus.Registerer, c MetricsConfig) *Metrics {
	m := &Metrics{
		MetricsConfig: c, store: newTurn(), ready: newTurn(),
		webhooks: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "frontdesk_webhook_seconds",
			Help:    "Time from a webhook's first byte to its answer.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"channel", "code"}),
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "frontdesk_reloads_total", Help: "Attempts to load the flow file again.",
		}, []string{"result"}),
	}
	for _, result := range []string{resultOK, reloadRefused} {
		m.reloads.WithLabelValues(result) // there from the start, so that the first one shows as a rise
	}
	reg.MustRegister(m.webhooks, m.reloads, m)
	return m
}

// Reloaded counts an attempt to load the flows.
func (m *Metrics) Reloaded(ok bool) {
	result := reloadRefused
	if ok {
		result = resultOK
	}
	m.reloads.WithLabelValues(result).Inc()
}

func (m *Metrics) webhook(channel string, status int, begun time.Time) {
	m.webhooks.WithLabelValues(channel, strconv.Itoa(status)).Observe(time.Since(begun).Seconds())
}

// Describe implements prometheus.Collector. It describes what may not be there
// yet, too.
func (m *Metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, list := range [][]*prometheus.Desc{counted(), spread(), read(), {descSwept}} {
		for _, d := range list {
			ch <- d
		}
	}
}

// Collect implements prometheus.Collector. What cannot be told in time is left
// out, and the rest is told all the same.
func (m *Metrics) Collect(ch chan<- prometheus.Metric) {
	to := shown(ch)
	m.counts(to)
	m.spreads(to)
	m.about(to)
	m.stands(to)
	m.forecast(to)
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("frontdesk_"+name, help, labels, nil)
}

// shown takes the measurements of one scrape.
type shown chan<- prometheus.Metric

func (s shown) count(d *prometheus.Desc, n int64, labels ...string) {
	s.value(d, prometheus.CounterValue, float64(n), labels)
}

func (s shown) gauge(d *prometheus.Desc, v float64, labels ...string) {
	s.value(d, prometheus.GaugeValue, v, labels)
}

func (s shown) value(d *prometheus.Desc, kind prometheus.ValueType, v float64, labels []string) {
	metric, err := prometheus.NewConstMetric(d, kind, v, labels...)
	s.add(d, metric, err)
}

func (s shown) spread(d *prometheus.Desc, h bot.HistogramSnapshot, labels ...string) {
	buckets := make(map[float64]uint64, len(h.Buckets))
	for _, b := range h.Buckets {
		buckets[b.Bound] = b.Count
	}
	metric, err := prometheus.NewConstHistogram(d, h.Count, h.Sum, buckets, labels...)
	s.add(d, metric, err)
}

// add leaves a measurement that is none to the scrape's own report, which tells
// the others all the same.
func (s shown) add(d *prometheus.Desc, metric prometheus.Metric, err error) {
	if err != nil {
		metric = prometheus.NewInvalidMetric(d, err)
	}
	s <- metric
}

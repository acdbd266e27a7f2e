package web

import "time"

// forecast tells how many windows will be missed, of the queues of the flow file.
func (m *Metrics) forecast(to shown) {
	if m.Forecasts == nil || m.Flows == nil {
		return
	}
	forecasts := m.Forecasts()
	_, queues := m.Flows()
	for _, queue := range queues {
		f, told := forecasts[queue]
		if !told {
			continue // the flows were swapped a moment ago
		}
		for within, d := range map[string]time.Duration{"4h": 4 * time.Hour, "24h": 24 * time.Hour, "48h": 48 * time.Hour} {
			missed := f.Within(d)
			to.gauge(descMissed, missed.Planned, queue, "planned", within)
			to.gauge(descMissed, missed.Fewer, queue, "fewer", within)
			to.gauge(descMissed, missed.More, queue, "more", within)
		}
	}
}

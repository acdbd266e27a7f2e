package web

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"frontdesk/bot"
)

// What is counted in bot.Stats.
var (
	descEscalations = desc("escalations_total", "Conversations handed to a person by the bot.")
	descConflicts   = desc("conflicts_total", "Decisions made again because the conversation had changed meanwhile.")
	descDuplicates  = desc("duplicates_total", "Messages that had been handled before.")
	descCalls       = desc("calls_total", "Attempts to call a system of the business, by what came of them; begun counts every attempt.", "result")
	descSteps       = desc("steps_total", "Messages from customers, by what the bot did about them.", "result")
	descHeard       = desc("answers_total", "Texts that were compared with the examples of the common answers, by what came of them.", "outcome")
	descInbound     = desc("messages_received_total", "Messages from customers.", "channel")
	descReceipts    = desc("receipts_total", "Statuses from the platform.", "channel")
	descEvents      = desc("events_total", "Other events of the platform that were kept.", "channel")
	descSent        = desc("messages_sent_total", "Messages that the platform accepted.", "channel")
	descDropped     = desc("messages_dropped_total", "Messages that were not sent on purpose: stale after a takeover, too late, to somebody who opted out, or beyond what the number may spend.", "channel", "reason")
	descFailures    = desc("send_failures_total", "Sends that were not accepted, by class.", "channel", "class")
	descPriced      = desc("priced_messages_total", "Messages whose price the platform told, by its words.", "channel", "category", "type", "billable")
	descPredicted   = desc("cost_predicted_total", "Money that messages were predicted to cost, when they were decided.", "channel", "currency")
	descReported    = desc("cost_reported_total", "Money that messages cost by what the platform told.", "channel", "currency")
	descUnpriced    = desc("unpriced_messages_total", "Messages whose price nobody knows, as predicted or as reported.", "channel", "by")
	descDifferences = desc("cost_differences_total", "Messages that cost something else than predicted.", "channel", "kind")
	descThrift      = desc("spend_step", "How sparing the bot is because of spend_cap: 1 merges more, 2 says nothing unasked, 3 only answers questions, 4 is silent.", "channel")
	descPaused      = desc("channel_paused", "1 while nothing is sent on the channel: the platform refused the account, asked to wait, or does not answer.", "channel")
	descRate        = desc("channel_rate", "Messages a second that may be sent on the channel now; 0: without bound.", "channel")
)

func counted() []*prometheus.Desc {
	return []*prometheus.Desc{
		descEscalations, descConflicts, descDuplicates, descCalls, descSteps, descHeard, descInbound, descReceipts, descEvents,
		descSent, descDropped, descFailures, descPriced, descPredicted, descReported, descUnpriced, descDifferences, descThrift, descPaused, descRate,
	}
}

// What bot.Stats measures, in buckets.
var (
	descBatch   = desc("batch_seconds", "Time from a decoded batch to its being durable, or to its failing.", "result")
	descDecide  = desc("decide_seconds", "Time of one decision, without loading and committing.")
	descCommit  = desc("commit_seconds", "Time of one transaction of the store.")
	descWrites  = desc("commit_writes", "Writes that shared one transaction of the store.")
	descAnswers = desc("answer_seconds", "Time from a customer's message to the platform's taking the bot's first answer.", "channel")
	descSends   = desc("send_seconds", "Time of one request that sends a message, by what came of it.", "channel", "class")
)

func spread() []*prometheus.Desc {
	return []*prometheus.Desc{descBatch, descDecide, descCommit, descWrites, descAnswers, descSends}
}

func (m *Metrics) counts(to shown) {
	s := m.Stats
	to.count(descEscalations, s.Escalations.Load())
	to.count(descConflicts, s.Conflicts.Load())
	to.count(descDuplicates, s.Duplicates.Load())
	to.count(descCalls, s.Calls.Begun.Load(), "begun")
	to.count(descCalls, s.Calls.Succeeded.Load(), "succeeded")
	to.count(descCalls, s.Calls.Failed.Load(), "failed")
	to.count(descCalls, s.Calls.Retried.Load(), "retried")
	to.count(descSteps, s.Steps.Answered.Load(), "answered")
	to.count(descSteps, s.Steps.NotUnderstood.Load(), "not_understood")
	to.count(descSteps, s.Steps.Escalated.Load(), "escalated")
	to.count(descSteps, s.Steps.Waiting.Load(), "waiting")
	to.count(descSteps, s.Steps.Silent.Load(), "silent")
	to.count(descSteps, s.Steps.People.Load(), "people")
	heard(&s.Heard, to.count)
	swept(&s.Swept, to.count)
	for _, name := range m.Channels {
		channelCounts(to, name, s.Channel(name))
	}
}

// heard counts what the examples of the common answers made of texts.
func heard(s *bot.HeardStats, count func(d *prometheus.Desc, n int64, labels ...string)) {
	count(descHeard, s.Answered.Load(), "answered")
	count(descHeard, s.Offered.Load(), "offered")
	count(descHeard, s.Picked.Load(), "picked")
	count(descHeard, s.Refused.Load(), "refused")
	count(descHeard, s.None.Load(), "none")
}

func channelCounts(to shown, name string, c *bot.ChannelStats) {
	to.count(descInbound, c.Inbound.Load(), name)
	to.count(descReceipts, c.Receipts.Load(), name)
	to.count(descEvents, c.Events.Load(), name)
	to.count(descSent, c.Sent.Load(), name)
	to.count(descDropped, c.Cancelled.Load(), name, "stale")
	to.count(descDropped, c.Closed.Load(), name, "window_closed")
	to.count(descDropped, c.OptedOut.Load(), name, "opted_out")
	to.count(descDropped, c.Capped.Load(), name, "spend_cap")
	to.count(descFailures, c.Retry.Load(), name, string(bot.ClassRetry))
	to.count(descFailures, c.Wait.Load(), name, string(bot.ClassWait))
	to.count(descFailures, c.Fail.Load(), name, string(bot.ClassFail))
	to.count(descFailures, c.Alarm.Load(), name, string(bot.ClassAlarm))
	to.count(descFailures, c.Unknown.Load(), name, string(bot.ClassUnknown))
	for _, p := range c.Prices.All() {
		to.count(descPriced, p.Messages, name, p.Category, p.Type, strconv.FormatBool(p.Billable))
	}
	costs(to, name, c.Costs.Sums())
	paused := 0.0
	if c.HostShut() || c.PausedUntil().After(time.Now()) {
		paused = 1
	}
	to.gauge(descPaused, paused, name)
	to.gauge(descThrift, float64(c.Thrift()), name)
	to.gauge(descRate, c.Rate(), name)
}

func costs(to shown, channel string, c bot.CostSums) {
	for i, s := range c.Predicted {
		to.value(descPredicted, prometheus.CounterValue, inUnits(s.Micros), []string{channel, s.Currency})
		to.value(descReported, prometheus.CounterValue, inUnits(c.Reported[i].Micros), []string{channel, s.Currency})
	}
	to.count(descUnpriced, c.Unpredicted, channel, "predicted")
	to.count(descUnpriced, c.Unreported, channel, "reported")
	for _, d := range bot.Differences() {
		to.count(descDifferences, c.Differences[d], channel, string(d))
	}
}

func inUnits(micros int64) float64 { return float64(micros) / 1e6 }

func (m *Metrics) spreads(to shown) {
	s := m.Stats
	to.spread(descBatch, s.Handle.Snapshot(), resultOK)
	to.spread(descBatch, s.HandleFailed.Snapshot(), resultFailed)
	to.spread(descDecide, s.Decide.Snapshot())
	to.spread(descCommit, s.CommitSeconds.Snapshot())
	to.spread(descWrites, s.CommitWrites.Snapshot())
	for _, name := range m.Channels {
		c := s.Channel(name)
		to.spread(descAnswers, c.Answer.Snapshot(), name)
		for class, h := range c.Sends() {
			to.spread(descSends, h, name, class)
		}
	}
}

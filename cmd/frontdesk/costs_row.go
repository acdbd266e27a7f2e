package main

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// costRow is a row of the books as it is handed out: one message that was sent.
type costRow struct {
	At           time.Time  `json:"at"`
	Channel      string     `json:"channel"`
	Conversation string     `json:"conversation"`
	Number       uint64     `json:"number"` // of the message
	Author       string     `json:"author"`
	Template     bool       `json:"template,omitempty"`
	Void         bool       `json:"void,omitempty"` // it did not arrive, and costs nothing
	Month        string     `json:"month"`
	Market       string     `json:"market,omitempty"`
	Category     string     `json:"category,omitempty"`
	Flow         string     `json:"flow,omitempty"`
	Queue        string     `json:"queue,omitempty"`
	Saved        int        `json:"saved,omitempty"` // messages that merging spared
	Predicted    string     `json:"predicted"`       // as window.Amount.String
	Because      string     `json:"because,omitempty"`
	Reported     *toldPrice `json:"reported,omitempty"`
	Actual       string     `json:"actual,omitempty"` // what was reported, in money
	Differs      string     `json:"differs,omitempty"`
}

// toldPrice is what the platform told, in its own words.
type toldPrice struct {
	At       time.Time `json:"at,omitzero"`
	Category string    `json:"category"`
	Type     string    `json:"type"`
	Model    string    `json:"model,omitempty"`
	Billable bool      `json:"billable"`
}

func costRowOf(c bot.Charge) costRow {
	r := costRow{
		At: c.At, Channel: c.Channel, Conversation: c.Conversation, Number: c.Seq, Author: string(c.Author),
		Template: c.Template, Void: c.Void, Month: c.Month.String(), Market: c.Market, Category: string(c.Category),
		Flow: c.Flow, Queue: c.Queue, Saved: c.Saved, Predicted: c.Predicted.String(), Because: string(c.Free),
	}
	if p := c.Reported; p != nil {
		r.Reported = &toldPrice{At: c.ReportedAt, Category: p.Category, Type: p.Type, Model: p.Model, Billable: p.Billable}
		r.Actual = c.Actual.String()
	}
	if !c.Void {
		r.Differs = string(c.Differs())
	}
	return r
}

// amount is what the message costs, as well as it is known.
func (r costRow) amount() window.Amount {
	s := r.Predicted
	if r.Reported != nil {
		s = r.Actual
	}
	a, err := window.ParseAmount(s)
	if err != nil {
		return window.Amount{} // "unknown"
	}
	return a
}

// costColumns are the head of the CSV.
func costColumns() []string {
	return []string{
		"at", "channel", "conversation", "number", "author", "template", "void", "month", "market", "category", "flow", "queue", "saved",
		"predicted", "because", "reported_at", "reported_category", "reported_type", "billable", "actual", "differs",
	}
}

func (r costRow) columns() []string {
	told, billable, at := toldPrice{}, "", ""
	if r.Reported != nil {
		told, billable = *r.Reported, strconv.FormatBool(r.Reported.Billable)
		at = told.At.Format(time.RFC3339)
	}
	return []string{
		r.At.Format(time.RFC3339), r.Channel, r.Conversation, strconv.FormatUint(r.Number, 10), r.Author,
		strconv.FormatBool(r.Template), strconv.FormatBool(r.Void), r.Month, r.Market, r.Category, r.Flow, r.Queue, strconv.Itoa(r.Saved),
		r.Predicted, r.Because, at, told.Category, told.Type, billable, r.Actual, r.Differs,
	}
}

// costCSV writes rows as they come.
type costCSV struct{ *csv.Writer }

func newCostCSV(w io.Writer) (costCSV, error) {
	c := costCSV{csv.NewWriter(w)}
	return c, c.Write(costColumns())
}

func (c costCSV) row(r costRow) error { return c.Write(r.columns()) }

func (c costCSV) end() error {
	c.Flush()
	return c.Error()
}

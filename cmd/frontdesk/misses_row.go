package main

import (
	"time"

	"frontdesk/bot"
	"frontdesk/flows"
)

// missRow is a miss as it is handed out.
type missRow struct {
	At           time.Time   `json:"at"`
	Channel      string      `json:"channel"`
	Conversation string      `json:"conversation"`
	Number       uint64      `json:"number"` // of the newest message then
	Language     string      `json:"language,omitempty"`
	Words        string      `json:"words"`
	Outcome      string      `json:"outcome"`
	Answer       string      `json:"answer,omitempty"` // that the customer chose
	Guesses      []missGuess `json:"guesses,omitempty"`
	Version      string      `json:"version,omitempty"` // of the flows
}

type missGuess struct {
	Answer string  `json:"answer"`
	Share  float64 `json:"share,omitempty"`
}

func missRowOf(m bot.Miss) missRow {
	r := missRow{
		At: m.At, Channel: m.Channel, Conversation: m.Conversation, Number: m.Seq, Language: m.Language, Words: m.Words,
		Outcome: string(m.Outcome), Answer: m.Answer, Version: m.Version,
	}
	for _, g := range m.Guesses {
		r.Guesses = append(r.Guesses, missGuess(g))
	}
	return r
}

func missRows(list []bot.Miss) []missRow {
	rows := make([]missRow, len(list))
	for i, m := range list {
		rows[i] = missRowOf(m)
	}
	return rows
}

func (r missRow) miss() bot.Miss {
	m := bot.Miss{
		At: r.At, Channel: r.Channel, Conversation: r.Conversation, Seq: r.Number, Language: r.Language, Words: r.Words,
		Outcome: flows.Outcome(r.Outcome), Answer: r.Answer, Version: r.Version,
	}
	for _, g := range r.Guesses {
		m.Guesses = append(m.Guesses, flows.Guess(g))
	}
	return m
}

// missReport is what answers misses prints.
type missReport struct {
	From      time.Time   `json:"from"`
	Until     time.Time   `json:"until"` // not any more
	Times     int         `json:"times"`
	Customers int         `json:"customers"`
	More      bool        `json:"more,omitempty"` // there are older ones, which are not counted
	Groups    []missGroup `json:"groups"`
	Left      int         `json:"left,omitempty"` // groups that are not listed
}

type missGroup struct {
	Number    int            `json:"number"`
	Times     int            `json:"times"`
	Customers int            `json:"customers"`
	Answer    string         `json:"answer,omitempty"` // that is meant most likely
	Chosen    bool           `json:"chosen"`           // as customers chose it
	Picked    []missAnswer   `json:"picked,omitempty"`
	Guessed   []missAnswer   `json:"guessed,omitempty"`
	Outcomes  map[string]int `json:"outcomes"`
	First     time.Time      `json:"first"`
	Last      time.Time      `json:"last"`
	Words     []missWords    `json:"words"`
}

type missAnswer struct {
	Answer string `json:"answer"`
	Times  int    `json:"times"`
}

type missWords struct {
	Text  string `json:"text"`
	Times int    `json:"times"`
}

func missGroupOf(number int, g bot.MissGroup) missGroup {
	out := missGroup{Number: number, Times: g.Times, Customers: g.Customers, Outcomes: map[string]int{}, First: g.First, Last: g.Last}
	out.Answer, out.Chosen = g.Answer()
	for _, c := range g.Picked {
		out.Picked = append(out.Picked, missAnswer{c.Name, c.Times})
	}
	for _, c := range g.Guessed {
		out.Guessed = append(out.Guessed, missAnswer{c.Name, c.Times})
	}
	for outcome, n := range g.Outcomes {
		out.Outcomes[string(outcome)] = n
	}
	for _, w := range g.Words {
		out.Words = append(out.Words, missWords(w))
	}
	return out
}

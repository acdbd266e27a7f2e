package webchat

import (
	"math"
	"strconv"

	"frontdesk/bot"
)

// place is where the customer says to be.
type place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// onEarth reports whether there is such a place.
func (p place) onEarth() bool { return math.Abs(p.Latitude) <= 90 && math.Abs(p.Longitude) <= 180 }

// message is the place as the engine takes it. Six decimals tell a place to the
// width of a hand; browsers give what their arithmetic left.
func (p place) message() bot.Message {
	round := func(f float64) float64 { return math.Round(f*1e6) / 1e6 }
	l := &bot.Location{Latitude: round(p.Latitude), Longitude: round(p.Longitude)}
	return bot.Message{Kind: bot.KindLocation, Text: coordinates(l), Location: l}
}

// coordinates are a place in words, as the other channels write them.
func coordinates(l *bot.Location) string {
	write := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return write(l.Latitude) + "," + write(l.Longitude)
}

package meta

import (
	"encoding/json"
	"strconv"

	"frontdesk/bot"
)

// placeLimit bounds what a place is called, in bytes.
const placeLimit = 1024

// Place reads a place of a webhook, or gives nil when its coordinates are not on
// the earth: a store could not write what is no number.
func Place(latitude, longitude json.Number, name, address string) *bot.Location {
	lat, ok := degrees(latitude, 90)
	long, also := degrees(longitude, 180)
	if !ok || !also {
		return nil
	}
	return &bot.Location{Latitude: lat, Longitude: long, Name: Clip(name, placeLimit), Address: Clip(address, placeLimit)}
}

func degrees(n json.Number, most float64) (float64, bool) {
	f, err := strconv.ParseFloat(n.String(), 64)
	return f, err == nil && f >= -most && f <= most
}

package meta_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

func TestPlaceIsOnTheEarth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lat, long string
		want      *bot.Location
	}{
		"a city":                 {"48.1371", "11.5754", &bot.Location{Latitude: 48.1371, Longitude: 11.5754}},
		"where the lines cross":  {"0", "0", &bot.Location{}},
		"the ends of the scales": {"-90", "180", &bot.Location{Latitude: -90, Longitude: 180}},
		"too far north":          {"90.1", "0", nil},
		"too far west":           {"0", "-180.1", nil},
		"half a place":           {"48.1371", "", nil},
		"more than a number":     {"1e999", "0", nil},
		"no number":              {"NaN", "0", nil},
		"words":                  {"north", "0", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := meta.Place(json.Number(c.lat), json.Number(c.long), "", "")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlaceBoundsWhatItIsCalled(t *testing.T) {
	t.Parallel()
	got := meta.Place("1", "2", "Shop\x00", strings.Repeat("ä", 1000))
	if got.Name != "Shop" || got.Address != strings.Repeat("ä", 512) {
		t.Errorf("got %q, %d bytes of address", got.Name, len(got.Address))
	}
}

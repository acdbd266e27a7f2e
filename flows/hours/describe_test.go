package hours

import (
	"strings"
	"testing"
	"time"
)

func TestAWeekIsToldInWords(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	usual := [][2]string{{"mon-fri", "09:00-18:00"}, {"sat", "10:00-14:00"}, {"12-25", "closed"}}
	for _, c := range []struct {
		lang string
		said [][2]string
		want string
	}{
		{"en", usual, "Mon-Fri 09:00-18:00\nSat 10:00-14:00"},
		{"", usual, "Mon-Fri 09:00-18:00\nSat 10:00-14:00"},
		{"en_US", usual, "Mon-Fri 9:00 am-6:00 pm\nSat 10:00 am-2:00 pm"},
		{"en-GB", usual, "Mon-Fri 09:00-18:00\nSat 10:00-14:00"},
		{"de-AT", usual, "Mo-Fr 09:00-18:00\nSa 10:00-14:00"},
		{"fr", usual, "lun.-ven. 09h00-18h00\nsam. 10h00-14h00"},
		{"es", usual, "lun-vie 09:00-18:00\nsáb 10:00-14:00"},
		{"it", usual, "lun-ven 09:00-18:00\nsab 10:00-14:00"},
		{"pt", usual, "seg-sex 09:00-18:00\nsáb 10:00-14:00"},
		{"nl", usual, "ma-vr 09:00-18:00\nza 10:00-14:00"},
		{"pl", usual, "pon.-pt. 09:00-18:00\nsob. 10:00-14:00"},
		{"tr", usual, "Pzt-Cum 09:00-18:00\nCmt 10:00-14:00"},
		{"cs", usual, "1-5 09:00-18:00\n6 10:00-14:00"},
		{"en", [][2]string{{"mon-wed,fri", "09:00-12:30, 13:30-18:00"}, {"thu", "09:00-20:00"}}, "Mon-Wed, Fri 09:00-12:30, 13:30-18:00\nThu 09:00-20:00"},
		{"en", [][2]string{{"sat-sun", "18:00-02:00"}}, "Sat-Sun 18:00-02:00"},
		{"en", [][2]string{{"daily", "24h"}}, "Mon-Sun 24 hours"},
		{"en-US", [][2]string{{"sun", "00:00-12:00"}, {"sat", "12:30-24:00"}}, "Sat 12:30 pm-12:00 am\nSun 12:00 am-12:00 pm"},
		{"en", nil, "closed"},
	} {
		if got := build(t, berlin, c.said...).Describe(c.lang); got != c.want {
			t.Errorf("%v in %q is\n%s\nwant\n%s", c.said, c.lang, got, c.want)
		}
	}
	if got := (Week{}).Describe("de"); got != "rund um die Uhr geöffnet" {
		t.Error(got)
	}
}

func TestADayIsToldWithItsOwnHours(t *testing.T) {
	t.Parallel()
	w := build(t, zone(t, "Asia/Tokyo"), [2]string{"mon-sat", "09:00-12:30, 13:30-18:00"}, [2]string{"2026-12-24", "10:00-12:00"}, [2]string{"12-25", "closed"})
	for _, c := range []struct{ now, lang, want string }{
		{"2026-12-23T14:59:00Z", "en", "09:00-12:30, 13:30-18:00"},
		{"2026-12-23T15:00:00Z", "en", "10:00-12:00"},
		{"2026-12-25T03:00:00Z", "en", "closed"},
		{"2026-12-25T03:00:00Z", "de", "geschlossen"},
		{"2026-12-25T03:00:00Z", "ja", "–"},
		{"2026-12-27T03:00:00Z", "fr", "fermé"},
	} {
		if got := w.DescribeDay(at(t, c.now), c.lang); got != c.want {
			t.Errorf("%s in %q is %q, want %q", c.now, c.lang, got, c.want)
		}
	}
	if got := (Week{}).DescribeDay(at(t, "2026-12-25T03:00:00Z"), "nl"); got != "24 uur" {
		t.Error(got)
	}
}

func TestTheNextOpeningIsToldFromWhereTheCustomerStands(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	shop := build(t, berlin, [2]string{"mon-fri", "09:00-12:30, 13:00-18:00"}, [2]string{"2026-12-24..2026-12-31", "closed"})
	night := build(t, berlin, [2]string{"mon", "01:00-02:00"}, [2]string{"2026-12-08", "01:00-02:00"})
	for _, c := range []struct {
		week      Week
		now, lang string
		want      string
	}{
		{shop, "2026-11-18T10:00:00+01:00", "en", "now"},
		{shop, "2026-11-18T12:45:00+01:00", "en", "today at 13:00"},
		{shop, "2026-11-18T11:45:00Z", "en", "today at 13:00"},
		{shop, "2026-11-18T12:45:00+01:00", "en-US", "today at 1:00 pm"},
		{shop, "2026-11-18T18:00:00+01:00", "en", "tomorrow at 09:00"},
		{shop, "2026-11-20T18:00:00+01:00", "en", "on Monday at 09:00"},
		{shop, "2026-12-23T18:00:00+01:00", "en", "on 1 January at 09:00"},
		{shop, "2026-12-23T18:00:00+01:00", "en-US", "on January 1 at 9:00 am"},
		{shop, "2026-11-18T10:00:00+01:00", "de", "jetzt"},
		{shop, "2026-11-18T12:45:00+01:00", "de", "heute um 13:00 Uhr"},
		{shop, "2026-11-18T18:00:00+01:00", "de", "morgen um 09:00 Uhr"},
		{shop, "2026-11-20T18:00:00+01:00", "de", "am Montag um 09:00 Uhr"},
		{shop, "2026-12-23T18:00:00+01:00", "de", "am 1. Januar um 09:00 Uhr"},
		{shop, "2026-11-18T12:45:00+01:00", "fr", "aujourd'hui à 13h00"},
		{shop, "2026-12-23T18:00:00+01:00", "fr", "le 1er janvier à 09h00"},
		{shop, "2026-11-20T18:00:00+01:00", "es", "el lunes a las 09:00"},
		{shop, "2026-12-23T18:00:00+01:00", "es", "el 1 de enero a las 09:00"},
		{shop, "2026-12-23T18:00:00+01:00", "it", "il 1º gennaio alle 09:00"},
		{shop, "2026-11-20T18:00:00+01:00", "pt-BR", "na segunda-feira às 09:00"},
		{shop, "2026-11-18T18:00:00+01:00", "nl", "morgen om 09:00 uur"},
		{shop, "2026-11-20T18:00:00+01:00", "pl", "w poniedziałek o 09:00"},
		{shop, "2026-11-20T18:00:00+01:00", "tr", "Pazartesi günü saat 09:00"},
		{shop, "2026-11-18T18:00:00+01:00", "cs", "2026-11-19 09:00"},
		{shop, "2026-11-18T10:00:00+01:00", "cs", ""},
		{night, "2026-11-18T18:00:00+01:00", "es", "el lunes a la 01:00"},
		{night, "2026-11-18T18:00:00+01:00", "it", "lunedì all'01:00"},
		{night, "2026-11-18T18:00:00+01:00", "pt", "na segunda-feira à 01:00"},
		{night, "2026-12-07T18:00:00+01:00", "it", "domani all'01:00"},
		{build(t, berlin), "2026-11-18T18:00:00+01:00", "en", ""},
		{Week{}, "2026-11-18T18:00:00+01:00", "en", "now"},
	} {
		if got := c.week.DescribeNext(at(t, c.now), c.lang); got != c.want {
			t.Errorf("at %s in %q it is %q, want %q", c.now, c.lang, got, c.want)
		}
	}
}

func TestEveryLanguageHasAllItsWords(t *testing.T) {
	t.Parallel()
	w := build(t, time.UTC, [2]string{"daily", "09:00-18:00"})
	for lang, words := range languages {
		if words.closed == "" || words.allDay == "" || words.always == "" || words.now == "" || words.today == "" || words.tomorrow == "" || words.at == "" {
			t.Errorf("%s lacks a word", lang)
		}
		for i := range 12 {
			if words.months[i] == "" || words.short[i%7] == "" || words.on[i%7] == "" {
				t.Errorf("%s lacks a name", lang)
			}
		}
		for i := range 400 {
			now := time.Date(2026, 1, 1+i, 18, 0, 0, 0, time.UTC)
			if got := w.DescribeNext(now, lang); strings.ContainsAny(got, "{}") || !strings.HasPrefix(got, words.tomorrow) {
				t.Errorf("%s: %q", lang, got)
			}
		}
	}
}

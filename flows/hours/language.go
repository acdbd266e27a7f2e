package hours

import (
	"strconv"
	"strings"
	"time"
)

// words is how a language tells hours. Lists of days begin on Monday.
type words struct {
	closed, allDay, always, now string
	short                       [7]string // days of the week, short
	colon                       string    // between hours and minutes
	twelve                      bool      // the clock has twelve hours

	today, tomorrow string
	on              [7]string      // on a day of the week
	dated           string         // on {d} {m}
	odd             map[int]string // dated for the days of the month that have another form
	months          [12]string     // as they stand in dated
	at, atOne       string         // before a time; before one o'clock, if that is another
	after           string         // after a time
}

// language gives the words of a tag such as "de-AT" or "pt_BR", or the neutral
// ones. No tag is English.
func language(tag string) words {
	base, rest, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")), "-")
	if base == "" {
		base = "en"
	}
	l, ok := languages[base]
	if !ok {
		return neutral
	}
	if base == "en" && strings.HasSuffix("-"+rest, "-us") {
		l.twelve, l.dated = true, "on {m} {d}"
	}
	return l
}

// relative is a moment seen from a day, which is a midnight in UTC.
func (l words) relative(at, today time.Time) string {
	day := date(at)
	clock := at.Hour()*60 + at.Minute()
	if l.today == "" {
		return day.Format(time.DateOnly) + " " + l.clock(clock)
	}
	before := l.at
	if l.atOne != "" && at.Hour() == 1 {
		before = l.atOne
	}
	var when string
	switch ahead := int(day.Sub(today).Hours() / 24); {
	case ahead == 0:
		when = l.today
	case ahead == 1:
		when = l.tomorrow
	case ahead < 7:
		when = l.on[(day.Weekday()+6)%7]
	default:
		when = l.date(day)
	}
	return when + " " + before + l.clock(clock) + l.after
}

func (l words) date(day time.Time) string {
	form, ok := l.odd[day.Day()]
	if !ok {
		form = l.dated
	}
	return strings.NewReplacer("{d}", strconv.Itoa(day.Day()), "{m}", l.months[day.Month()-1]).Replace(form)
}

// neutral is for every language that we have no words of.
var neutral = words{
	closed: "–", allDay: "00:00-24:00", always: "24/7", short: [7]string{"1", "2", "3", "4", "5", "6", "7"}, colon: ":",
}

var languages = map[string]words{
	"en": {
		closed: "closed", allDay: "24 hours", always: "always open", now: "now", colon: ":",
		short: [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
		today: "today", tomorrow: "tomorrow", at: "at ", dated: "on {d} {m}",
		on:     [7]string{"on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	},
	"de": {
		closed: "geschlossen", allDay: "24 Stunden", always: "rund um die Uhr geöffnet", now: "jetzt", colon: ":",
		short: [7]string{"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"},
		today: "heute", tomorrow: "morgen", at: "um ", after: " Uhr", dated: "am {d}. {m}",
		on:     [7]string{"am Montag", "am Dienstag", "am Mittwoch", "am Donnerstag", "am Freitag", "am Samstag", "am Sonntag"},
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	},
	"fr": {
		closed: "fermé", allDay: "24h/24", always: "ouvert 24h/24, 7j/7", now: "maintenant", colon: "h",
		short: [7]string{"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
		today: "aujourd'hui", tomorrow: "demain", at: "à ", dated: "le {d} {m}", odd: map[int]string{1: "le 1er {m}"},
		on:     [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	},
	"es": {
		closed: "cerrado", allDay: "24 horas", always: "abierto las 24 horas", now: "ahora", colon: ":",
		short: [7]string{"lun", "mar", "mié", "jue", "vie", "sáb", "dom"},
		today: "hoy", tomorrow: "mañana", at: "a las ", atOne: "a la ", dated: "el {d} de {m}",
		on:     [7]string{"el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado", "el domingo"},
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	},
	"it": {
		closed: "chiuso", allDay: "24 ore", always: "sempre aperto", now: "adesso", colon: ":",
		short: [7]string{"lun", "mar", "mer", "gio", "ven", "sab", "dom"},
		today: "oggi", tomorrow: "domani", at: "alle ", atOne: "all'", dated: "il {d} {m}",
		odd:    map[int]string{1: "il 1º {m}", 8: "l'8 {m}", 11: "l'11 {m}"},
		on:     [7]string{"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
		months: [12]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},
	},
	"pt": {
		closed: "fechado", allDay: "24 horas", always: "aberto 24 horas", now: "agora", colon: ":",
		short: [7]string{"seg", "ter", "qua", "qui", "sex", "sáb", "dom"},
		today: "hoje", tomorrow: "amanhã", at: "às ", atOne: "à ", dated: "em {d} de {m}", odd: map[int]string{1: "em 1º de {m}"},
		on:     [7]string{"na segunda-feira", "na terça-feira", "na quarta-feira", "na quinta-feira", "na sexta-feira", "no sábado", "no domingo"},
		months: [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
	},
	"nl": {
		closed: "gesloten", allDay: "24 uur", always: "altijd open", now: "nu", colon: ":",
		short: [7]string{"ma", "di", "wo", "do", "vr", "za", "zo"},
		today: "vandaag", tomorrow: "morgen", at: "om ", after: " uur", dated: "op {d} {m}",
		on:     [7]string{"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	},
	"pl": {
		closed: "zamknięte", allDay: "całą dobę", always: "czynne całą dobę", now: "teraz", colon: ":",
		short: [7]string{"pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz."},
		today: "dziś", tomorrow: "jutro", at: "o ", dated: "{d} {m}",
		on:     [7]string{"w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę", "w niedzielę"},
		months: [12]string{"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"},
	},
	"tr": {
		closed: "kapalı", allDay: "24 saat", always: "24 saat açık", now: "şimdi", colon: ":",
		short: [7]string{"Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"},
		today: "bugün", tomorrow: "yarın", at: "saat ", dated: "{d} {m} günü",
		on:     [7]string{"Pazartesi günü", "Salı günü", "Çarşamba günü", "Perşembe günü", "Cuma günü", "Cumartesi günü", "Pazar günü"},
		months: [12]string{"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"},
	},
}

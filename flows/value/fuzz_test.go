package value

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		"", "about 12 please", "1.234,5", "-3 ½", "on iki", "ada@shop.example", "<a@b.c>, @", "+49 171 2345678", "24.-27.12.",
		"Thursday, 24 December 2026", "après-demain", "1º de março", "\xff12.\u0301", "２０２６-１２-２４", "'26 dec '26", "a a a 24 a 27",
	} {
		f.Add(s, "de", "DE")
		f.Add(s, "en-US", "")
		f.Add(s, "pt_BR", "BR")
	}
	today := time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text, lang, country string) {
		begun := time.Now()
		a, okA := Number(text, lang)
		b, okB := Number(" "+text+" ", lang)
		if okA != okB || okA && a != b {
			t.Fatalf("spaces around %q make %v, %t into %v, %t", text, a, okA, b, okB)
		}
		if address, ok := Email(text); ok {
			again, ok := Email("<" + address + ">")
			if !ok || again != address || len(address) > 254 {
				t.Fatalf("%q gives %q, and that gives %q, %t", text, address, again, ok)
			}
		}
		if number, ok := Phone(text, country); ok {
			again, ok := Phone(number, "")
			if !ok || again != number || !strings.HasPrefix(number, "+") {
				t.Fatalf("%q gives %q, and that gives %q, %t", text, number, again, ok)
			}
		}
		if day, ok := Date(text, lang, country, today); ok {
			again, ok := Date(ISO(day), lang, country, today)
			if !ok || !again.Equal(day) || day.Hour() != 0 {
				t.Fatalf("%q gives %v, and that gives %v, %t", text, day, again, ok)
			}
		}
		if told := DayText(text, lang); utf8.ValidString(text) && !utf8.ValidString(told) {
			t.Fatalf("%q is told as %q", text, told)
		}
		Weekday(text, lang)
		if took := time.Since(begun); took > time.Second {
			t.Fatalf("%q took %v", text, took)
		}
	})
}

package value

import (
	"strings"
	"testing"
)

// Texts of a thousand characters that keep the readers busy.
var long = map[string]string{
	"prose":   repeat("we would like to come on some day, if that is right with you. "),
	"numbers": repeat("1.234,5 "),
	"dates":   repeat("18.30 Uhr "),
	"marks":   repeat("a@1.-+/"),
	"accents": repeat("größe très même "),
	"chinese": repeat("我想预订一张桌子。"),
	"arabic":  repeat("أريد حجز طاولة "),
}

func repeat(s string) string {
	return string([]rune(strings.Repeat(s, 1000))[:1000])
}

func BenchmarkNumber(b *testing.B) { each(b, func(s string) { Number(s, "de") }) }
func BenchmarkEmail(b *testing.B)  { each(b, func(s string) { Email(s) }) }
func BenchmarkPhone(b *testing.B)  { each(b, func(s string) { Phone(s, "DE") }) }

func BenchmarkDate(b *testing.B) {
	today := wednesday(b)
	each(b, func(s string) { Date(s, "de", "DE", today) })
}

func each(b *testing.B, read func(string)) {
	for name, text := range long {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read(text)
			}
		})
	}
}

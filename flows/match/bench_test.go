package match

import (
	"strings"
	"testing"
)

func BenchmarkNormalise(b *testing.B) {
	for _, c := range []struct{ name, text string }{
		{"english", "What are your opening hours on Saturday, please?"},
		{"french", "Où est mon vélo électrique, s'il vous plaît ? Je l'ai commandé à Noël."},
		{"russian", "Где мой заказ? Я жду его уже целую неделю, ответьте, пожалуйста."},
		{"arabic", "أين طلبي؟ أنتظره منذ أسبوع كامل، من فضلكم أجيبوا."},
		{"hindi", "मेरा ऑर्डर कहाँ है? कृपया जवाब दें।"},
		{"chinese", "我想退货，请问怎么办理？我上周买的自行车。"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.text)))
			for b.Loop() {
				Normalise(c.text)
			}
		})
	}
}

func BenchmarkLearn(b *testing.B) {
	lessons := generated(77, 10)
	b.Run("words", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Learn(lessons, Options{Languages: []string{"en"}})
		}
	})
}

func BenchmarkAsk(b *testing.B) {
	lessons := generated(77, 10)
	m := Learn(lessons, Options{Languages: []string{"en"}})
	for _, c := range []struct{ name, text string }{
		{"known", "how long does my parcel take to arrive here?"},
		{"mistyped", "how long does my parcl take to arive heer?"},
		{"unrelated", "tell me who won the football match last night"},
		{"long", strings.Repeat("where is my parcel and why does it not arrive ", 2000)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m.Ask(c.text)
			}
		})
	}
}

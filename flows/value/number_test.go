package value

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumberIsFoundInWhatCustomersWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, lang string
		want       float64
	}{
		{"12", "en", 12},
		{"about 12 please", "en", 12},
		{"We are 4.", "en", 4},
		{"4, thanks!", "en", 4},
		{"-3", "en", -3},
		{"it is −3 outside", "en", -3},
		{"(5)", "en", 5},
		{"€12", "en", 12},
		{"12€", "de", 12},
		{"$1,200.50", "en", 1200.5},
		{"12kg", "en", 12},
		{"2x", "de", 2},
		{"the 3rd", "en", 3},
		{"50%", "fr", 50},
		{".5", "en", 0.5},
		{"0,5", "de", 0.5},
		{"0.500", "de", 0.5},
		{"1.234,5", "de", 1234.5},
		{"1,234.5", "en", 1234.5},
		{"1.234,5", "en", 1234.5},
		{"1 234,50", "fr", 1234.5},
		{"1\u00a0234,50", "fr", 1234.5},
		{"1\u202f234", "fr", 1234},
		{"1'234.50", "de-CH", 1234.5},
		{"1’234", "de", 1234},
		{"12,34,567", "en-IN", 1234567},
		{"1.500", "de", 1500},
		{"1.500", "de-AT", 1500},
		{"1.500", "en", 1.5},
		{"1,500", "en", 1500},
		{"1,500", "en_US", 1500},
		{"1,500", "de", 1.5},
		{"1,500", "es-MX", 1500},
		{"1.500", "es", 1500},
		{"1.5", "de", 1.5},
		{"1,5", "en", 1.5},
		{"1.000.000", "de", 1000000},
		{"12,50", "cs", 12.5},
		{"1,500", "zh-Hant-TW", 1500},
		{"１２", "ja", 12},
		{"٣", "ar", 3},
		{"۱۲", "fa", 12},
		{"4人です", "ja", 4},
		{"我们4个人", "zh", 4},
		{"3️⃣", "en", 3},
		{"2, yes 2", "en", 2},
		{"two", "en", 2},
		{"Two, please", "", 2},
		{"twelve people", "en", 12},
		{"zero", "en", 0},
		{"2 (two)", "en", 2},
		{"zwei", "de", 2},
		{"wir sind zu fünft, also fünf", "de", 5},
		{"zwölf", "de", 12},
		{"zwoelf", "de", 12},
		{"eins", "de", 1},
		{"eine", "de", 1},
		{"eine Person", "de", 1},
		{"Einen Tisch für 4 bitte", "de", 4},
		{"Einen Tisch für vier bitte", "de", 4},
		{"une table pour deux personnes", "fr", 2},
		{"une personne", "fr", 1},
		{"una mesa para 6", "es", 6},
		{"somos siete", "es", 7},
		{"un tavolo per quattro", "it", 4},
		{"são três", "pt", 3},
		{"duas", "pt", 2},
		{"een tafel voor acht", "nl", 8},
		{"sześć osób", "pl", 6},
		{"dört kişi", "tr", 4},
		{"on iki", "tr", 12},
		{"on bir kişiyiz", "tr", 11},
		{"bir", "tr", 1},
		{"A4 paper, 20 sheets", "en", 20},
		{"wegen Covid-19 nur 2", "de", 2},
		{"room B12, 2 guests", "en", 2},
	} {
		if got, ok := Number(c.text, c.lang); !ok || got != c.want {
			t.Errorf("Number(%q, %q) is %v, %t; want %v", c.text, c.lang, got, ok, c.want)
		}
	}
}

func TestNumberIsNoneWhereThereIsAChoice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, lang string }{
		{"", "en"},
		{"many", "en"},
		{"2 or 3", "en"},
		{"10-12", "en"},
		{"10 - 12", "en"},
		{"between two and three", "en"},
		{"one or two", "en"},
		{"eine oder zwei", "de"},
		{"un ou deux", "fr"},
		{"2 adults and 1 child", "en"},
		{"2 adults, one child", "en"},
		{"1/2", "en"},
		{"2½", "en"},
		{"3²", "en"},
		{"10:30", "en"},
		{"12:12", "en"},
		{"2 million", "en"},
		{"twenty two", "en"},
		{"twenty-two", "en"},
		{"two hundred", "en"},
		{"zwei tausend", "de"},
		{"ein paar", "de"},
		{"dix-sept", "fr"},
		{"treinta y dos", "es"},
		{"5k", "en"},
		{"1e5", "en"},
		{"2x4", "en"},
		{"A4", "en"},
		{"24.12.2026", "de"},
		{"1.2.3", "en"},
		{"1,2,3", "en"},
		{"1.500", "xx"},
		{"0171 234 567", "de"},
		{"1234567890123456", "en"},
		{"Ich hätte gern eine Auskunft", "de"},
		{"un moment s'il vous plaît", "fr"},
		{"two", "de"},
		{"EUR12,50", "de"},
		{"minus 3", "en"},
		{"einen Moment", "de"},
		{"um instante", "pt"},
		{strings.Repeat("1 ", 4000), "en"},
	} {
		if got, ok := Number(c.text, c.lang); ok {
			t.Errorf("Number(%q, %q) is %v, want none", c.text, c.lang, got)
		}
	}
}

func TestNumberReadsWhatALanguageWrites(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom([]string{"en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr"}).Draw(t, "lang")
		cents := rapid.Int64Range(-1e13, 1e13).Draw(t, "cents")
		grouped := rapid.Bool().Draw(t, "grouped")
		group, decimal := ".", ","
		if lang == "en" {
			group, decimal = ",", "."
		}
		if rapid.Bool().Draw(t, "spaces") {
			group = rapid.SampledFrom([]string{" ", "\u00a0", "\u202f", "'"}).Draw(t, "space")
		}
		if !grouped {
			group = ""
		}
		text := written(cents, group, decimal)
		got, ok := Number("ca. "+text+" !", lang)
		if want := float64(cents) / 100; !ok || got != want {
			t.Fatalf("Number(%q, %q) is %v, %t; want %v", text, lang, got, ok, want)
		}
	})
}

// written writes hundredths with two decimals, or none where there are none.
func written(cents int64, group, decimal string) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	whole := strconv.FormatInt(cents/100, 10)
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + group + whole[at:]
	}
	if cents%100 == 0 {
		return sign + whole
	}
	return sign + whole + decimal + strconv.FormatInt(100+cents%100, 10)[1:]
}

package flows

import (
	"math"
	"slices"
	"time"

	"github.com/expr-lang/expr/types"
)

// quoteFields are what expressions know of one more message now. All but known may
// be nothing.
var quoteFields = []string{"price", "currency", "known", "free_left", "later", "minutes_left"}

// Quotes reports whether anything in the file asks for Env.Quote.
func (s *Set) Quotes() bool { return s.quotes }

// quoted is a part of the quote; nil when it is not known.
func (e Env) quoted(part string) any {
	q := e.Quote
	number := func(n float64, ok bool) any {
		if !ok {
			return nil
		}
		return n
	}
	switch part {
	case "price":
		return number(q.Price, q.Known)
	case "currency":
		return known(q.Currency)
	case "known":
		return q.Known
	case "free_left":
		return number(float64(q.FreeLeft), q.FreeLeft >= 0 && q != Quote{})
	case "later":
		return number(q.Later, q.LaterKnown)
	case "minutes_left":
		return number(math.Floor(max(q.Closes.Sub(e.Now), 0).Minutes()), !q.Closes.IsZero())
	default:
		return nil
	}
}

// typesOfQuote are the kinds of its parts, where they are known.
func typesOfQuote() types.Map {
	out := types.Map{}
	for _, part := range quoteFields {
		switch kindOfQuote(part) {
		case isBool:
			out[part] = types.Bool
		case isText:
			out[part] = types.String
		default:
			out[part] = types.Float64
		}
	}
	return out
}

func kindOfQuote(part string) varKind {
	switch part {
	case "known":
		return isBool
	case "currency":
		return isText
	default:
		return isNumber
	}
}

// sampleQuote is one in which all is known.
func sampleQuote(now time.Time) Quote {
	return Quote{Price: 0.05, Known: true, Currency: "EUR", FreeLeft: 3, Closes: now.Add(time.Hour), Later: 0.1, LaterKnown: true}
}

// forgetPrice makes a sample true: where the price is missing, it is not known.
func forgetPrice(v values, missing []string) {
	if quote, ok := v["quote"].(map[string]any); ok && slices.Contains(missing, "quote.price") {
		quote["known"] = false
	}
}

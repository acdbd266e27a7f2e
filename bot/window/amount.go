package window

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

const (
	micro     = 1_000_000
	digitsMax = 6 // behind the point
	freeWord  = "free"
)

// Amount is money that a message costs. The zero Amount is not known, which is
// never the same as free.
type Amount struct {
	Micros   int64  // millionths of the currency
	Currency string // ISO 4217; empty when it is free
	Known    bool
}

// Free costs nothing.
func Free() Amount { return Amount{Known: true} }

// plus is the sum of two amounts; not known when one is not, or when their
// currencies are not the same.
func (a Amount) plus(b Amount) Amount {
	switch {
	case !a.Known || !b.Known:
		return Amount{}
	case a.Micros == 0:
		return b
	case b.Micros == 0:
		return a
	case a.Currency != b.Currency:
		return Amount{}
	}
	a.Micros += b.Micros
	return a
}

// String is for people: "free", "0.0068 USD", "unknown".
func (a Amount) String() string {
	switch {
	case !a.Known:
		return "unknown"
	case a.Micros == 0:
		return freeWord
	}
	whole, part := a.Micros/micro, a.Micros%micro
	digits := strings.TrimRight(strconv.FormatInt(micro+part, 10)[1:], "0")
	for len(digits) < 2 {
		digits += "0"
	}
	return strconv.FormatInt(whole, 10) + "." + digits + " " + a.Currency
}

// ErrAmount is returned for a text that is no amount.
var ErrAmount = errors.New("no price")

var amount = regexp.MustCompile(`^([0-9]{1,9})(?:\.([0-9]{1,6}))? ([A-Z]{3})$`)

// ParseAmount reads what String writes of an amount that is known: free, or
// digits with at most six behind the point and a currency. Else it is ErrAmount.
func ParseAmount(s string) (Amount, error) {
	if s == freeWord {
		return Free(), nil
	}
	m := amount.FindStringSubmatch(s)
	if m == nil {
		return Amount{}, ErrAmount
	}
	micros, _ := strconv.ParseInt(m[1]+m[2]+strings.Repeat("0", digitsMax-len(m[2])), 10, 64) // the pattern bounds it
	if micros == 0 {
		return Amount{}, ErrAmount // who means free says so
	}
	return Amount{Micros: micros, Currency: m[3], Known: true}, nil
}

package boltstore

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"frontdesk/bot"
)

// costs checks that the rows of the books can be read, and agree with the messages
// that are there still: retention and erasure leave rows without one.
func (i *inspection) costs() error {
	return i.each(inCosts, func(k, b []byte) {
		c, err := decodeCharge(k, b)
		if err != nil {
			i.damaged(fmt.Sprintf("costs of %s", eventTime(k)), err)
			return
		}
		at := string(monthKey(c.Channel, c.Month))
		sum, known := i.months[at]
		if !known {
			sum.Channel, sum.Month = c.Channel, c.Month
		}
		i.months[at] = sum.With(c, 1)
	})
}

// booked checks that the books say of a message what it says itself.
func (i *inspection) booked(where string, c bot.Charge) {
	if !c.Kept() {
		return
	}
	if row := i.get(inCosts, chargeKey(c)); row != nil && !bytes.Equal(row, encodeCharge(c)) {
		i.found(where, "the books say something else of what it costs", func(w *writer) error { return w.book(c, false) })
	}
}

// sums checks each month against its rows.
func (i *inspection) sums() error {
	err := i.each(inMonths, func(k, b []byte) {
		if _, _, err := splitMonthKey(k); err != nil || i.months[string(k)].Empty() {
			i.found("months", fmt.Sprintf("%q is counted, and there is nothing to count", k), removing(inMonths, k))
		}
	})
	for _, k := range slices.Sorted(maps.Keys(i.months)) {
		sum := i.months[k]
		if right := encodeMonth(sum); !sum.Empty() && !bytes.Equal(i.get(inMonths, []byte(k)), right) {
			where := fmt.Sprintf("months, %s in %s", sum.Channel, sum.Month)
			i.found(where, "the sum is not that of its messages", writing(inMonths, []byte(k), right))
		}
	}
	return err
}

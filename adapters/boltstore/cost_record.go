package boltstore

import (
	"frontdesk/bot"
	"frontdesk/bot/window"
)

// A row of the books is a message's cost and what tells it from others; its time,
// conversation and number are its key. It is written with every message that is
// sent, so it is short: what both have in common is stored once.

var (
	categoryWords = words{string(window.Service), string(window.Utility), string(window.Marketing), string(window.Authentication)}
	freeWords     = words{string(window.BecauseChannel), string(window.BecauseAllotment), string(window.BecauseEntry)}
)

// appendCost writes fields from 1 to 14.
func appendCost(b []byte, c bot.Cost) []byte {
	b = appendInt(b, 1, int(c.Month))
	b = appendWord(b, 2, categoryWords, c.Category)
	b = appendText(b, 3, c.Market)
	b = appendAmount(b, 4, c.Predicted)
	b = appendWord(b, 5, freeWords, c.Free)
	b = appendInt(b, 6, c.Saved)
	b = appendText(b, 7, c.Flow)
	b = appendText(b, 8, c.Queue)
	if p := c.Reported; p != nil {
		b = appendPart(b, 9, func(b []byte) []byte {
			b = appendWord(b, 1, categoryWords, p.Category)
			return appendBool(appendText(appendText(b, 2, p.Type), 3, p.Model), 4, p.Billable)
		})
	}
	b = appendMoment(b, 10, c.ReportedAt)
	return appendAmount(b, 11, c.Actual)
}

// appendAmount writes nothing of what is not known.
func appendAmount(b []byte, n number, a window.Amount) []byte {
	if !a.Known {
		return b
	}
	return appendPart(b, n, func(b []byte) []byte { return appendText(appendInt(b, 1, int(a.Micros)), 2, a.Currency) })
}

func readAmount(b []byte) (window.Amount, error) {
	a := window.Amount{Known: true}
	return a, eachField(b, func(f field) error {
		switch f.number {
		case 1:
			a.Micros = int64(f.int())
		case 2:
			a.Currency = f.text()
		}
		return nil
	})
}

// readCost takes in one field that appendCost wrote.
func readCost(c *bot.Cost, f field) (err error) {
	switch f.number {
	case 1:
		c.Month = window.Month(f.int())
	case 2:
		err = readWord(&c.Category, f, categoryWords)
	case 3:
		c.Market = f.text()
	case 4:
		c.Predicted, err = readAmount(f.b)
	case 5:
		err = readWord(&c.Free, f, freeWords)
	case 6:
		c.Saved = f.int()
	case 7:
		c.Flow = f.text()
	case 8:
		c.Queue = f.text()
	case 9:
		c.Reported, err = readPricing(f.b)
	case 10:
		err = readMoment(&c.ReportedAt, f)
	case 11:
		c.Actual, err = readAmount(f.b)
	}
	return err
}

func readPricing(b []byte) (*bot.Pricing, error) {
	p := new(bot.Pricing)
	return p, eachField(b, func(f field) (err error) {
		switch f.number {
		case 1:
			err = readWord(&p.Category, f, categoryWords)
		case 2:
			p.Type = f.text()
		case 3:
			p.Model = f.text()
		case 4:
			p.Billable = f.bool()
		}
		return err
	})
}

func encodeCharge(c bot.Charge) []byte {
	b := appendText(append(make([]byte, 0, 96), form), 15, c.Channel)
	b = appendWord(b, 16, authorWords, c.Author)
	b = appendBool(appendBool(b, 17, c.Template), 18, c.Void)
	return seal(appendCost(b, c.Cost))
}

func decodeCharge(key, b []byte) (c bot.Charge, err error) {
	if len(key) < timeSize {
		return c, ErrDamaged
	}
	c.At = readTime(key)
	if c.Conversation, c.Seq, err = splitMessageKey(key[timeSize:]); err != nil {
		return c, err
	}
	return c, decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 15:
			c.Channel = f.text()
		case 16:
			err = readWord(&c.Author, f, authorWords)
		case 17:
			c.Template = f.bool()
		case 18:
			c.Void = f.bool()
		default:
			err = readCost(&c.Cost, f)
		}
		return err
	})
}

func encodeMonth(m bot.Month) []byte {
	b := appendInt(append(make([]byte, 0, 64), form), 1, m.Messages)
	b = appendInt(appendInt(appendInt(b, 2, m.Sent), 3, m.Unknown), 4, m.Saved)
	for _, s := range m.Spent {
		b = appendPart(b, 5, func(b []byte) []byte { return appendInt(appendText(b, 1, s.Currency), 2, int(s.Micros)) })
	}
	return seal(b)
}

func decodeMonth(channel string, month window.Month, b []byte) (bot.Month, error) {
	m := bot.Month{Channel: channel, Month: month}
	return m, decode(b, 1, func(f field) (err error) {
		switch f.number {
		case 1:
			m.Messages = f.int()
		case 2:
			m.Sent = f.int()
		case 3:
			m.Unknown = f.int()
		case 4:
			m.Saved = f.int()
		case 5:
			var s bot.Spent
			s, err = readSpent(f.b)
			m.Spent = append(m.Spent, s)
		}
		return err
	})
}

func readSpent(b []byte) (s bot.Spent, err error) {
	return s, eachField(b, func(f field) error {
		switch f.number {
		case 1:
			s.Currency = f.text()
		case 2:
			s.Micros = int64(f.int())
		}
		return nil
	})
}

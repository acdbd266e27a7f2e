package boltstore

import (
	"frontdesk/bot"
	"frontdesk/bot/window"
)

// A message's header is the form and one byte: may a watermark speak of it?
const (
	messageHeaderSize = 2
	messageSettled    = 0
	messageOpen       = 1
)

func outgoing(m bot.Message) bool {
	return m.Author != bot.AuthorCustomer && m.State != bot.StateNoted
}

// underway reports whether m was accepted and a watermark may still move it.
func underway(m bot.Message) bool {
	return outgoing(m) && (m.State == bot.StateSent || m.State == bot.StateDelivered)
}

func encodeMessage(m bot.Message) ([]byte, error) {
	open := byte(messageSettled)
	if underway(m) {
		open = messageOpen
	}
	b := append(make([]byte, 0, 160+len(m.Text)), form, open)
	b = appendWord(b, 1, authorWords, m.Author)
	b = appendText(b, 2, m.Agent)
	b = appendWord(b, 3, kindWords, m.Kind)
	b = appendText(b, 4, m.Text)
	b = appendText(b, 5, m.ChoiceID)
	for _, c := range m.Choices {
		b = appendPart(b, 6, func(b []byte) []byte { return appendText(appendText(b, 1, c.ID), 2, c.Title) })
	}
	b = appendWord(b, 7, layoutWords, m.Layout)
	b = appendText(b, 8, m.Wants)
	b = appendText(b, 9, m.ExternalID)
	b = appendMoment(b, 10, m.At)
	b = appendWord(b, 11, stateWords, m.State)
	b = appendMoment(b, 12, m.StateAt)
	b = appendText(b, 13, m.Code)
	b = appendText(b, 14, m.Reason)
	return appendRare(b, m)
}

func appendRare(b []byte, m bot.Message) (_ []byte, err error) {
	b, err = keepErr(err)(appendJSON(b, 15, m.Media))
	b, err = keepErr(err)(appendJSON(b, 16, m.Template))
	b, err = keepErr(err)(appendJSON(b, 17, m.Location))
	b = appendText(b, 18, m.Hand.By())
	if m.Cost.Kept() {
		b = appendPart(b, 19, func(b []byte) []byte { return appendCost(b, m.Cost) })
	}
	b = appendBool(b, 20, m.Courtesy)
	return seal(appendText(b, 21, string(m.Start))), err
}

func decodeMessage(key, b []byte) (m bot.Message, err error) {
	if m.Conversation, m.Seq, err = splitMessageKey(key); err != nil {
		return m, err
	}
	err = decode(b, messageHeaderSize, func(f field) (err error) {
		switch f.number {
		case 1:
			err = readWord(&m.Author, f, authorWords)
		case 2:
			m.Agent = f.text()
		case 3:
			err = readWord(&m.Kind, f, kindWords)
		case 4:
			m.Text = f.text()
		case 5:
			m.ChoiceID = f.text()
		case 6:
			var c bot.Choice
			c, err = readChoice(f.b)
			m.Choices = append(m.Choices, c)
		case 7:
			err = readWord(&m.Layout, f, layoutWords)
		case 8:
			m.Wants = f.text()
		case 9:
			m.ExternalID = f.text()
		case 10:
			err = readMoment(&m.At, f)
		case 11:
			err = readWord(&m.State, f, stateWords)
		case 12:
			err = readMoment(&m.StateAt, f)
		case 13:
			m.Code = f.text()
		case 14:
			m.Reason = f.text()
		case 15:
			err = readJSON(&m.Media, f)
		case 16:
			err = readJSON(&m.Template, f)
		case 17:
			err = readJSON(&m.Location, f)
		case 18:
			m.Hand = bot.StoredHand(f.text())
		case 19:
			err = eachField(f.b, func(f field) error { return readCost(&m.Cost, f) })
		case 20:
			m.Courtesy = f.bool()
		case 21:
			m.Start = window.Start(f.text())
		}
		return err
	})
	return m, err
}

func readChoice(b []byte) (c bot.Choice, err error) {
	return c, eachField(b, func(f field) error {
		switch f.number {
		case 1:
			c.ID = f.text()
		case 2:
			c.Title = f.text()
		}
		return nil
	})
}

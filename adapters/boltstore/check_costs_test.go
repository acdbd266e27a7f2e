package boltstore

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
)

// A row of the books that says something else than its message is told, and made anew.
func TestBooksThatContradictAMessageAreToldAndMended(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := openFast(t, path)
	m := bot.Message{
		Conversation: "ada", Seq: 1, Author: bot.AuthorBot, Kind: bot.KindText, At: at, State: bot.StateSent,
		Cost: bot.Cost{Month: window.MonthOf(at), Predicted: window.Amount{Micros: 6800, Currency: "USD", Known: true}},
	}
	c := bot.Conversation{ID: "ada", Channel: "x", Contact: "kada", Version: 1, LastSeq: 1, CreatedAt: at, UpdatedAt: at}
	must(t, s.Commit(t.Context(), []bot.Change{{Contact: &bot.Contact{ID: "kada"}, Conversation: c, Messages: []bot.Message{m}}}))
	wrong := m.Charge("x")
	wrong.Predicted.Micros = 1
	must(t, s.update(t.Context(), func(w *writer) error { return w.put(inCosts, chargeKey(wrong), encodeCharge(wrong)) }))
	checked, err := s.Inspect(t.Context(), nil)
	must(t, err)
	if len(checked.Findings) != 2 || !strings.Contains(checked.Findings[0].What+checked.Findings[1].What, "the books say something else") {
		t.Errorf("found %+v", checked.Findings)
	}
	must(t, s.Close())
	_, err = Mend(t.Context(), path)
	must(t, err)
	s = openFast(t, path)
	defer finish(t, s)
	if checked, err = s.Inspect(t.Context(), nil); err != nil || len(checked.Findings) > 0 {
		t.Errorf("after mending: %+v, %v", checked.Findings, err)
	}
	want := bot.Month{Channel: "x", Month: window.MonthOf(at), Messages: 1, Spent: []bot.Spent{{Currency: "USD", Micros: 6800}}}
	got, err := s.Month(t.Context(), "x", want.Month)
	must(t, err)
	same(t, "the month", want, got)
}

// One run mends what hangs together: a sum is that of the rows as they are afterwards.
func TestBooksAreMendedInOneRun(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "frontdesk.db")
	s := openFast(t, path)
	var messages []bot.Message
	for seq := range uint64(4) {
		messages = append(messages, bot.Message{
			Conversation: "ada", Seq: seq + 1, Author: bot.AuthorBot, Kind: bot.KindText, At: at, State: bot.StateSent,
			Cost: bot.Cost{Month: window.MonthOf(at), Predicted: window.Amount{Micros: 6800, Currency: "USD", Known: true}},
		})
	}
	c := bot.Conversation{ID: "ada", Channel: "x", Contact: "kada", Version: 1, LastSeq: 4, CreatedAt: at, UpdatedAt: at}
	must(t, s.Commit(t.Context(), []bot.Change{{Contact: &bot.Contact{ID: "kada"}, Conversation: c, Messages: messages}}))
	must(t, s.update(t.Context(), func(w *writer) error {
		for i, m := range messages[:3] {
			wrong := m.Charge("x")
			if wrong.Predicted.Micros = 1; i == 1 {
				wrong.Month-- // counted in another month
			}
			if err := w.put(inCosts, chargeKey(wrong), encodeCharge(wrong)); err != nil {
				return err
			}
		}
		return w.put(inMonths, monthKey("x", window.MonthOf(at)), encodeMonth(bot.Month{Channel: "x", Month: window.MonthOf(at), Messages: 99}))
	}))
	must(t, s.Close())
	_, err := Mend(t.Context(), path)
	must(t, err)
	if again, err := Mend(t.Context(), path); err != nil || len(again) > 0 {
		t.Errorf("a second run mends %q, %v", again, err)
	}
	s = openFast(t, path)
	defer finish(t, s)
	want := bot.Month{Channel: "x", Month: window.MonthOf(at), Messages: 4, Spent: []bot.Spent{{Currency: "USD", Micros: 4 * 6800}}}
	got, err := s.Month(t.Context(), "x", want.Month)
	must(t, err)
	same(t, "the month", want, got)
	if other, err := s.Month(t.Context(), "x", want.Month-1); err != nil || !other.Empty() {
		t.Errorf("the month before: %+v, %v", other, err)
	}
}

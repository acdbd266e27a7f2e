package main

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"frontdesk/bot"
)

// fill sets every text, number and time below v, and gives the texts by where
// they are.
func fill(v reflect.Value, at string, texts map[string]string) {
	switch v.Kind() {
	case reflect.String:
		text := fmt.Sprintf("text%04d", len(texts))
		v.SetString(text)
		texts[at] = text
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), at, texts)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			text := fmt.Sprintf(`"text%04d"`, len(texts))
			v.SetBytes([]byte(text))
			texts[at] = text
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), at, texts)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		if value.Kind() == reflect.Interface {
			value.Set(reflect.ValueOf("text of a variable"))
			texts[at] = "text of a variable"
		} else {
			fill(value, at, texts)
		}
		v.SetMapIndex(reflect.ValueOf("name"), value)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)))
			return
		}
		if v.Type() == reflect.TypeFor[bot.Hand]() {
			return // it names the agent whom the message names
		}
		for i := range v.NumField() {
			fill(v.Field(i), at+"."+v.Type().Field(i).Name, texts)
		}
	default: // numbers tell nothing of a person
	}
}

// TestAnExportHoldsEveryWordOfAPerson finds a field that somebody adds and
// forgets here.
func TestAnExportHoldsEveryWordOfAPerson(t *testing.T) {
	t.Parallel()
	left := []string{ // how things are shown, where the flow was before, and what stands there under another name
		".Layout", ".Wants", ".Flow.Version", ".Flow.Stack", ".Flow.Trace", ".Call.ID", ".Call.Code", ".Conversation.Ticket",
		".Predicted.Currency", ".Actual.Currency",
		".Conversation.Contact", ".Messages.Conversation", ".Tickets.Conversation", ".Deliveries.",
	}
	var p bot.Person
	texts := map[string]string{}
	fill(reflect.ValueOf(&p).Elem(), "", texts)
	p.Conversations[0].Messages[0].Cost.Month = 1 // or nothing is kept of it
	if len(texts) < 50 {
		t.Fatalf("only %d texts", len(texts))
	}
	var b bytes.Buffer
	if err := exportOf(p).print(&b, false); err != nil {
		t.Fatal(err)
	}
	for at, text := range texts {
		told := false
		for _, suffix := range left {
			told = told || strings.HasSuffix(at, suffix) || strings.Contains(at, suffix+".") || (strings.HasSuffix(suffix, ".") && strings.Contains(at, suffix))
		}
		if !told && !strings.Contains(b.String(), text) {
			t.Errorf("%s is not in the export", at)
		}
	}
}

func TestWhatIsNoJSONIsExportedAsAText(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{`{"a": 1}`: `{"a": 1}`, "": "", "<html>": `"\u003chtml\u003e"`} {
		if got := string(asJSONText([]byte(body))); got != want {
			t.Errorf("%q is exported as %s", body, got)
		}
	}
}

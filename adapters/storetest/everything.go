package storetest

import (
	"reflect"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/handoff"
)

// testEverything has every field set, so that a store which forgets one is found
// when a field is added: see filled.
func testEverything(t *testing.T, f Fixture) {
	d := desk{t, f.Store}
	first := newcomer("a")
	first.Contact.Language = "de-AT"
	c := &first.Conversation
	c.Status, c.Ticket, c.NewestInbound, c.ShutAt = handoff.Queued, "t1", noon(), noon()
	c.Flow = flows.State{
		Version: "v1", Flow: "start", Node: "ask", Language: "de", Chosen: true, Tries: 1, Misses: 2, Missed: []string{"hm", "ähm"}, Told: true, Aside: true, Offer: flows.Offer{Words: "wann?", Answers: []string{"hours", "delivery"}},
		Vars: map[string]any{
			"text": "Ada", "größe": "M\x00\"<", "number": 1.5, "whole": 3.0, "yes": true, "nothing": nil,
			"list": []any{"a", 1.0, map[string]any{"b": false}}, "place": map[string]any{"latitude": 48.2},
		},
		Stack: []flows.Place{{Flow: "start", Node: "ask"}, {Flow: "orders", Node: "number"}},
		Trace: []flows.Place{{Flow: "start", Node: "hello"}},
	}
	c.Call = &bot.Call{
		ID: "call1", Attempts: 2, BegunAt: noon(), DueAt: noon().Add(30 * time.Second), Code: "timeout",
		Request: flows.Call{
			Method: "POST", URL: "https://example.com/orders", Headers: map[string]string{"Authorization": "{{ secret.shop }}"},
			Body: []byte("{\"a\": 1}\n"), Timeout: 5 * time.Second, Tries: 3,
		},
	}
	c.Gathered, c.AnswerAt, c.SilentAt = []string{"one", "two"}, noon().Add(time.Second), noon().Add(time.Hour)
	c.ReopenedAt = noon().Add(-time.Millisecond)
	c.WroteAt, c.RepliedAt, c.RankAt = noon().Add(-time.Minute), noon().Add(-time.Second), noon().Add(3*time.Hour)
	c.CloseAt, c.Rungs, c.Handed, c.Away, c.Epoch = noon().Add(2*time.Hour), 2, true, true, 3
	at := noon().Add(time.Second)
	first.hears("Here", noon()).says(bot.AuthorBot, "Where?", at)
	in, out := &first.Messages[0], &first.Messages[1]
	in.Kind, in.ChoiceID = bot.KindLocation, "start.ask:Here"
	in.Location = &bot.Location{Latitude: 48.2, Longitude: -16.37, Name: "Café", Address: "Here 1"}
	in.Media = &bot.Media{Kind: "image", ID: "m1", URL: "https://example.com/a", MIME: "image/jpeg", Filename: "a.jpg"}
	out.Agent, out.Wants, out.ExternalID, out.Code, out.Reason = "ada", bot.WantsLocation, "wamid.1", "1", "too fast"
	c.Labels = []string{"late delivery", "ö"}
	c.WordAt = noon().Add(-3 * time.Hour)
	c.CameAt, c.Entered = noon().Add(-time.Hour), noon().Add(-2*time.Hour)
	in.Start = window.StartAd
	out.Cost = bot.Cost{
		Month: window.MonthOf(noon()), Category: window.Service, Market: "Brazil", Predicted: window.Amount{Micros: 6800, Currency: "USD", Known: true},
		Free: window.BecauseEntry, Saved: 2, Flow: "start", Queue: "sales",
		Reported:   &bot.Pricing{Category: "marketing_lite", Type: "regular", Model: "PMP", Billable: true},
		ReportedAt: noon().Add(time.Minute), Actual: window.Amount{Micros: 1, Currency: "INR", Known: true},
	}
	out.Hand, out.Courtesy = bot.StoredHand("ada"), true
	first.Contact.OptedOutAt = noon().Add(-time.Hour)
	out.Choices, out.Layout = []bot.Choice{{ID: "start.ask:Orders", Title: "Orders"}}, bot.LayoutButtons
	out.Template = &bot.Template{Name: "order", Language: "en_US", Params: []string{"1", "2"}, Category: "utility"}
	first.opens(handoff.Ticket{
		ID: "t1", Queue: "orders", Reason: "asked", Note: "VIP", Words: []string{"person"}, OpenedAt: noon(), Agent: "ada",
		PromisedBy: noon().Add(time.Hour), WindowCloses: noon().Add(24 * time.Hour), AnswerBy: noon().Add(20 * time.Hour),
		Handling: 6 * time.Minute, Weight: 2, Place: handoff.Place{Class: handoff.Later, At: noon().Add(time.Hour), Next: noon().Add(3 * time.Hour)},
		ClaimedAt: noon().Add(time.Minute), FirstReplyAt: noon().Add(2 * time.Minute),
		Labels: []string{"bike", "late delivery"}, Priority: handoff.Urgent, Asleep: true, WakeAt: noon().Add(4 * time.Hour),
	})
	open := *first.Ticket
	open.ClosedAt = noon() // what is closed is not read with its conversation
	filled(t, "the ticket", open)
	filled(t, "the contact", *first.Contact)
	filled(t, "the conversation", *c)
	messages := []bot.Message{*in, *out}
	filled(t, "the messages", messages...)
	d.commit(first)
	for range 2 {
		snap := d.load(bot.Lookup{Conversation: "a"})
		same(t, "the conversation", snap.Conversation, *c)
		same(t, "the contact", snap.Contact, *first.Contact)
		same(t, "the ticket", snap.Ticket, *first.Ticket)
		list, err := d.Transcript(t.Context(), "a", 0, 10)
		if err != nil {
			t.Fatalf("Transcript: %v", err)
		}
		same(t, "the transcript", list, messages)
		d = desk{t, f.Reopen()}
	}
}

// filled fails when a field is zero in all the structs of list, at any depth.
func filled[T any](t *testing.T, what string, list ...T) {
	t.Helper()
	values := make([]reflect.Value, len(list))
	for i, v := range list {
		values[i] = reflect.ValueOf(v)
	}
	for _, name := range empty(what, values) {
		t.Errorf("%s is not filled in by the test", name)
	}
}

func empty(name string, values []reflect.Value) (names []string) {
	var set []reflect.Value
	for _, v := range values {
		switch {
		case v.IsZero():
		case v.Kind() == reflect.Pointer:
			set = append(set, v.Elem())
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				set = append(set, v.Index(i))
			}
		default:
			set = append(set, v)
		}
	}
	if len(set) == 0 {
		return []string{name}
	}
	if set[0].Kind() != reflect.Struct || set[0].Type() == reflect.TypeFor[time.Time]() {
		return nil
	}
	for i := range set[0].NumField() {
		fields := make([]reflect.Value, len(set))
		for j, v := range set {
			fields[j] = v.Field(i)
		}
		names = append(names, empty(name+"."+set[0].Type().Field(i).Name, fields)...)
	}
	return names
}

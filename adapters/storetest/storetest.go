// Package storetest is what every bot.Store must do. A store's own tests call
// Run, and RunPeople when it keeps agents and sessions too.
package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// Fixture is an empty store and what a test may do to it from outside.
type Fixture struct {
	Store bot.Store
	// Reopen ends the store and opens the same data again, as after a crash of
	// the only process that used it. The old Store is not used any more.
	Reopen func() bot.Store
	// Close ends the store, for tests that open many. Whoever made the fixture
	// closes it at the end of the test too.
	Close func()
}

// Run runs the suite. open is called once or more in every subtest, from many
// goroutines.
func Run(t *testing.T, open func(t *testing.T) Fixture) {
	t.Helper()
	tests := []struct {
		name string
		run  func(t *testing.T, f Fixture)
	}{
		{"nobody is known in an empty store", testNobody},
		{"contact, conversation, messages and reply are one commit", testFirstCommit},
		{"a commit is all or nothing", testAllOrNothing},
		{"an event is handled once", testDuplicate},
		{"an event committed by many at once wins once", testDuplicateRace},
		{"a duplicate counts more than a conflict", testDuplicateFirst},
		{"a decision from an older version conflicts", testConflict},
		{"the first known alias decides", testAliasOrder},
		{"an alias cannot be taken from another contact", testAliasTheft},
		{"an alias that a contact lost is free", testAliasFreed},
		{"a contact has one conversation on a channel", testOneConversation},
		{"changes of one conversation chain in one commit", testChain},
		{"changes that do not chain are refused", testBrokenChain},
		{"two conversations of one customer change together", testTwoTalks},
		{"messages follow each other without a gap", testSeq},
		{"messages are found by external id, by id and by watermark", testReceiptLookups},
		{"an incoming message is never taken for one of ours", testIncomingLookup},
		{"a ticket is loaded while it is open", testTicketLoaded},
		{"events are kept", testKeep},
		{"all that a conversation and its messages hold is stored", testEverything},

		{"the outbox gives the oldest due first, and none before its time", testDueOrder},
		{"the outbox does not wait for a clock that was wrong", testFarAhead},
		{"the outbox keeps the order of a conversation through a retry", testHeadOfLine},
		{"the outbox keeps the order of a conversation through a lease", testLeaseHolds},
		{"a lease that ran out is due again and tells the past", testLeaseRunsOut},
		{"channels without room are passed over and do not count for next", testNoRoom},
		{"room leaves the rest due", testRoom},
		{"conversations take turns", testTurns},
		{"a conversation waits for as long as its customer must be spared", testNextAt},
		{"courtesies go last, unless an answer stands behind them", testCourtesy},
		{"an attempt brings message, conversation and contact", testAttempt},
		{"a takeover cancels what the bot had not sent", testTakeover},
		{"a takeover leaves what a person said", testTakeoverKeepsAgent},
		{"a takeover during a send cancels its retry", testTakeoverLeased},
		{"a takeover does not call cancelled what may have been sent", testTakeoverUnknown},
		{"a delivery of an older epoch is cancelled in the commit that brings it", testStaleDelivery},
		{"a receipt settles a delivery, and Done comes later", testSettled},
		{"a receipt settles a waiting head, and the next moves up", testSettledHead},
		{"a message waits until it is leased, and when it was put back", testWaits},
		{"what follows a message that ended waits for its customer's pace", testSettledPace},
		{"Done comes later than a receipt that put the delivery back", testDoneAfterBack},
		{"Done only moves a message forward", testDoneForward},
		{"Done adds aliases that nobody has", testDoneAliases},
		{"Done may leave a message unknown", testDoneUnknown},
		{"Done for an unknown message is not found", testDoneNotFound},
		{"Retry with an unknown result waits for a receipt", testRetryUnknown},
		{"Retry never forgets that an earlier send may have been accepted", testRetryStaysUnknown},
		{"Retry of an attempt that never began changes nothing but the time", testRetryNotBegun},
		{"Retry of what is not leased does nothing", testRetryNotLeased},
		{"Retry counts what came of the sends", testTally},
		{"Shut closes the window that was refused", testShut},
		{"Shut closes the window of the open ticket, which moves in the list", testShutTicket},
		{"Shut leaves a closed ticket alone", testShutClosedTicket},
		{"Shut does not close a window that opened during the send", testShutLate},
		{"leases keep the version, results raise it", testVersionOfResults},

		{"the agenda lists who wakes, earliest first, and none before its time", testWakesOrder},
		{"a conversation wakes at the earliest of its times", testWakesSources},
		{"who wakes is listed in pages, by handling them", testWakesPages},
		{"only a commit moves when a conversation wakes", testWakesAtomic},
		{"Shut leaves when a conversation wakes and where it stands", testShutKeepsIndexes},
		{"flows are kept by version", testFlowsStored},
		{"flows in which nobody stands are removed unless they are in use", testFlowsRemoved},
		{"conversations are counted by where they stand", testStandings},
		{"many who walk at once are counted", testStandingsTogether},
		{"wakes, standings and flows are there after a crash", testAgendaReopen},
		{"agenda and library answer a cancelled context", testAgendaContext},

		{"open tickets are listed by deadline, without one last", testTickets},
		{"tickets are listed and counted by who has them", testTicketLists},
		{"a ticket moves in the list when its deadline changes", testTicketMoves},
		{"the whole line is read, as it stands", testLine},
		{"what comes to a queue is counted by hour", testTraffic},
		{"what was not understood is listed, newest first", testMisses},
		{"much that was not understood is listed to its end", testMissesLong},
		{"a transcript is read in pages", testTranscript},
		{"a contact's conversations are listed", testConversationsOfAContact},
		{"what is not there is not found", testNotFound},
		{"a cancelled context is answered", testContext},

		{"what messages cost is booked with them, and summed by month", testBooks},
		{"what is said and taken back in one commit costs nothing", testBooksChain},
		{"long books are read to their end", testBooksLong},

		{"everything is there after a crash", testReopen},
		{"sends that a crash cut off are due at once", testReopenLeases},
		{"many writers of one conversation leave no gap", testWriters},
		{"many workers send every message once and in order", testWorkers},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t, open(t))
		})
	}
	t.Run("the store behaves as its model", func(t *testing.T) {
		t.Parallel()
		testModel(t, open)
	})
	t.Run("the books say what the messages say", func(t *testing.T) {
		t.Parallel()
		testBooksModel(t, open)
	})
	t.Run("what was not understood is what was committed", func(t *testing.T) {
		t.Parallel()
		testMissesModel(t, open)
	})
	t.Run("the traffic is what was committed", func(t *testing.T) {
		t.Parallel()
		testTrafficModel(t, open)
	})
}

// noon is when every test begins.
func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// same compares what was stored with what is read: times as moments, an empty
// list like none.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := compared(want, got); diff != "" {
		t.Fatalf("%s differs (-want +got):\n%s", what, diff)
	}
}

func compared(want, got any) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

func wantError(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("%s: got error %v, want %v", what, got, want)
	}
}

// draft is a Change in the making.
type draft struct{ bot.Change }

func phone(id string) bot.Alias {
	return bot.Alias{Channel: "whatsapp", Kind: "phone", Value: "+" + id}
}

// newcomer is the first change of a conversation on whatsapp with a new contact.
func newcomer(id string) *draft { return newcomerOn("whatsapp", id) }

func newcomerOn(channel, id string) *draft {
	contact := bot.Contact{
		ID: "contact" + id, Name: "Ada " + id, CreatedAt: noon(),
		Aliases: []bot.Alias{{Channel: channel, Kind: "phone", Value: "+" + id}},
	}
	return &draft{bot.Change{Contact: &contact, Conversation: bot.Conversation{
		ID: id, Channel: channel, Contact: contact.ID, Status: handoff.Bot, Version: 1, CreatedAt: noon(), UpdatedAt: noon(),
	}}}
}

// byName asks for a message to the newcomer id by the platform's name for it.
func byName(id, message string) bot.Lookup {
	return bot.Lookup{Channel: "whatsapp", Aliases: newcomer(id).Contact.Aliases, ExternalID: message}
}

// after is the change that follows c.
func after(c bot.Conversation) *draft {
	d := &draft{bot.Change{Base: c.Version, Conversation: c}}
	d.Conversation.Version++
	return d
}

func (d *draft) event(e string) *draft {
	d.Event = e
	return d
}

// hears adds a message of the customer.
func (d *draft) hears(text string, at time.Time) *draft {
	d.Conversation.LastSeq++
	d.Conversation.NewestInbound = at
	d.Messages = append(d.Messages, bot.Message{
		Conversation: d.Conversation.ID, Seq: d.Conversation.LastSeq, Author: bot.AuthorCustomer, Kind: bot.KindText, Text: text,
		ExternalID: "in." + bot.MessageID(d.Conversation.ID, d.Conversation.LastSeq), At: at, State: bot.StateReceived, StateAt: at,
	})
	return d
}

// says adds a message to send, due at once.
func (d *draft) says(author bot.Author, text string, at time.Time) *draft {
	d.Conversation.LastSeq++
	m := bot.Message{
		Conversation: d.Conversation.ID, Seq: d.Conversation.LastSeq, Author: author, Kind: bot.KindText, Text: text,
		At: at, State: bot.StateQueued, StateAt: at,
	}
	d.Messages = append(d.Messages, m)
	d.Deliveries = append(d.Deliveries, bot.Delivery{
		Conversation: m.Conversation, Seq: m.Seq, Author: author, Epoch: d.Conversation.Epoch, DueAt: at,
	})
	return d
}

// kindly adds a message for which nobody waits.
func (d *draft) kindly(text string, at time.Time) *draft {
	d.says(bot.AuthorBot, text, at)
	d.Deliveries[len(d.Deliveries)-1].Courtesy = true
	return d
}

func (d *draft) takenOver(at time.Time) *draft {
	d.Conversation.Epoch++
	d.Conversation.UpdatedAt = at
	return d
}

func (d *draft) opens(ticket handoff.Ticket) *draft {
	ticket.Conversation = d.Conversation.ID
	d.Ticket, d.Conversation.Ticket = &ticket, ticket.ID
	return d
}

// desk is a store with checks around its methods.
type desk struct {
	t *testing.T
	bot.Store
}

func (d desk) commit(drafts ...*draft) bot.Conversation {
	d.t.Helper()
	if err := d.Commit(d.t.Context(), changes(drafts)); err != nil {
		d.t.Fatalf("Commit: %v", err)
	}
	return drafts[len(drafts)-1].Conversation
}

func changes(drafts []*draft) []bot.Change {
	list := make([]bot.Change, len(drafts))
	for i, d := range drafts {
		list[i] = d.Change
	}
	return list
}

func (d desk) refused(want error, drafts ...*draft) {
	d.t.Helper()
	err := d.Commit(d.t.Context(), changes(drafts))
	if err == nil || (want != nil && !errors.Is(err, want)) {
		d.t.Fatalf("Commit: got error %v, want %v", err, want)
	}
	if want == nil && (errors.Is(err, bot.ErrConflict) || errors.Is(err, bot.ErrDuplicate)) {
		d.t.Fatalf("Commit: got %v, which callers try again or pass over", err)
	}
}

func (d desk) load(l bot.Lookup) bot.Snapshot {
	d.t.Helper()
	s, err := d.Load(d.t.Context(), l)
	if err != nil {
		d.t.Fatalf("Load(%+v): %v", l, err)
	}
	return s
}

func (d desk) conversation(id string) bot.Conversation {
	d.t.Helper()
	return d.load(bot.Lookup{Conversation: id}).Conversation
}

func (d desk) message(conversation string, seq uint64) bot.Message {
	d.t.Helper()
	list, err := d.Transcript(d.t.Context(), conversation, seq-1, 1)
	if seq == 1 && err == nil { // after 0 means the newest
		list, err = d.Transcript(d.t.Context(), conversation, 0, 1000)
	}
	if err != nil || len(list) == 0 || list[0].Seq != seq {
		d.t.Fatalf("message %d of %s is not there: %v, %v", seq, conversation, list, err)
	}
	return list[0]
}

func (d desk) wantState(conversation string, seq uint64, want bot.MessageState) {
	d.t.Helper()
	if got := d.message(conversation, seq).State; got != want {
		d.t.Fatalf("message %d of %s is %s, want %s", seq, conversation, got, want)
	}
}

const leaseTime = time.Minute

// due hands out what is due, and has room for all of it; with channels, on these alone.
func (d desk) due(now time.Time, channels ...string) (due []bot.Attempt, next time.Time) {
	d.t.Helper()
	if len(channels) == 0 {
		channels = []string{"whatsapp", "x", "y"}
	}
	return d.dueIn(now, roomFor(100, channels...))
}

func (d desk) dueIn(now time.Time, room map[string]int) (due []bot.Attempt, next time.Time) {
	d.t.Helper()
	due, next, err := d.Due(d.t.Context(), now, leaseTime, room)
	if err != nil {
		d.t.Fatalf("Due: %v", err)
	}
	return due, next
}

// roomFor is room for n deliveries on each of these channels.
func roomFor(n int, channels ...string) map[string]int {
	room := make(map[string]int)
	for _, c := range channels {
		room[c] = n
	}
	return room
}

// wantDue checks which messages are handed out, by their ids.
func (d desk) wantDue(now time.Time, want ...string) []bot.Attempt {
	d.t.Helper()
	due, _ := d.due(now)
	same(d.t, "what is due", ids(due), want)
	return due
}

func ids(due []bot.Attempt) []string {
	var list []string
	for _, a := range due {
		list = append(list, a.Message.ID())
	}
	return list
}

func (d desk) done(o bot.Outcome) {
	d.t.Helper()
	if err := d.Done(d.t.Context(), o); err != nil {
		d.t.Fatalf("Done: %v", err)
	}
}

func (d desk) retry(r bot.Retry) {
	d.t.Helper()
	if err := d.Retry(d.t.Context(), r); err != nil {
		d.t.Fatalf("Retry: %v", err)
	}
}

// background is for the property test, whose T has no context of its own.
func background() context.Context { return context.Background() }

package bot

import (
	"context"
	"errors"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows"
	"frontdesk/flows/carry"
	"frontdesk/handoff"
)

// Errors of the ports. Callers compare with errors.Is.
var (
	// ErrDuplicate is returned by Commit when one of the changes' events was handled before.
	ErrDuplicate = errors.New("the event was handled before")
	// ErrConflict is returned by Commit when the conversation was changed since it was loaded.
	ErrConflict = errors.New("the conversation changed since it was loaded")
	// ErrNotFound is returned when an id names nothing.
	ErrNotFound = errors.New("not found")
	// ErrFull is wrapped by every method that writes, when the disk has no room for
	// it. Nothing was written; the same may be tried again when there is room.
	ErrFull = errors.New("the disk is full")
	// ErrWindowClosed is returned when the platform allows no answer any more.
	ErrWindowClosed = errors.New("the window is closed: the platform allows no answer until the customer writes again")
	// ErrSignature is returned by a channel's Decode when the request is not
	// signed by the platform. It carries no data on purpose.
	ErrSignature = errors.New("the signature is missing or wrong")
	// ErrMalformed is wrapped by a channel's Decode when a signed body is not
	// what the platform sends.
	ErrMalformed = errors.New("the body is not understood")
)

// Lookup names what a decision is about. Exactly one of the ways is used:
// Conversation; Channel with Aliases; these with ExternalID; Message.
type Lookup struct {
	Conversation string   // Conversation.ID
	Channel      string   //
	Aliases      []Alias  // the first that is known decides
	ExternalID   string   // the platform's id of one of our messages to whom Aliases name
	Message      string   // Message.ID of one of our messages
	Events       []string // which of these did the conversation handle before? see Snapshot.Seen
	// Until asks, with Channel and Aliases, for the outgoing messages whose At is
	// not after it and whose state is sent or delivered: what a read or delivery
	// watermark speaks of. What waits in the outbox, or may not have been
	// accepted, no watermark can have reached. Zero asks for none.
	Until time.Time
	// Around asks for what the conversation's channel sent in the calendar month of
	// a moment, on whatever clocks that is counted; zero asks for none.
	Around time.Time
}

// Snapshot is what a decision is made from: one consistent view of the store.
type Snapshot struct {
	Contact      Contact        // zero: nobody is known by these aliases
	Conversation Conversation   // zero: the contact has none on this channel
	Ticket       handoff.Ticket // the open one, or zero
	Seen         map[string]bool
	Messages     []Message // what ExternalID, Message or Until named, oldest first
	// Waits says that what Lookup.Message named stands in the outbox and nobody is
	// sending it: a receipt put it back, where somebody was.
	Waits bool
	// Taken are those of Lookup.Aliases that belong to another contact than
	// Contact. A Change must not claim them.
	Taken []Alias
	// Months are those that Lookup.Around asks for in which the channel sent anything.
	Months []Month
}

// Change is everything one decision writes, as data. It is committed whole or not at all.
type Change struct {
	Event        string          // what caused it, unique in the conversation; empty: an act that cannot come twice
	Base         uint64          // Conversation.Version it was decided from; 0: the conversation is new
	Contact      *Contact        // when new or changed
	Conversation Conversation    // as it is afterwards, with Version = Base+1
	Messages     []Message       // new ones, and known ones with another state
	Ticket       *handoff.Ticket // when new or changed
	Deliveries   []Delivery      // joins the outbox; one for each new outgoing message
	Settled      []uint64        // messages whose delivery leaves the outbox as their fate is known
	NextAt       time.Time       // with Settled: before when what waits behind them must not be sent; zero: as it is due
	Misses       []Miss          // what was not understood, or was chosen instead
	Heard        []flows.Outcome // what the examples of the common answers made of it, for the metrics; not stored
}

// Event is something a platform told that is no message and no receipt, or of a
// kind we do not know. It is kept as it came.
type Event struct {
	Channel string
	Kind    string // the platform's word for it
	At      time.Time
	Body    []byte // JSON
}

// Ledger is where decisions are made from and written to. Its methods may be
// called from many goroutines.
type Ledger interface {
	// Load gives a consistent view of what is durable. An unknown alias is no
	// error: the Snapshot has a zero Contact. An unknown Conversation, ExternalID
	// or Message is ErrNotFound. ExternalID reads the conversation's messages, the
	// newest first.
	Load(ctx context.Context, l Lookup) (Snapshot, error)
	// Commit writes the changes of one conversation, in order, all or nothing,
	// and returns when they are durable. Those of another conversation of the
	// same contact may follow. It returns ErrDuplicate when an Event was handled
	// before, and ErrConflict when a conversation's first Base is not the stored
	// version or an alias belongs to another contact; nothing is written then.
	// When Conversation.Epoch rises, every delivery of the bot with an older
	// epoch that is not being sent leaves the outbox and its message becomes
	// StateCancelled, in the same commit; or StateUnknown when an earlier send
	// of it may have been accepted.
	//
	// New messages must follow Conversation.LastSeq without a gap. When ctx ends
	// while the commit is under way, its error is returned and the commit may
	// still happen.
	Commit(ctx context.Context, changes []Change) error
	// Keep stores events and returns when they are durable.
	Keep(ctx context.Context, events []Event) error
}

// Delivery is an entry of the outbox: one message on its way. There is one for
// each outgoing message, and those of a conversation are sent in the order of Seq.
type Delivery struct {
	Conversation string
	Seq          uint64    // of the message
	Author       Author    //
	Epoch        uint64    // Conversation.Epoch it was decided under
	Attempts     int       // sends begun so far
	Tally        Tally     // what they came to
	DueAt        time.Time // not before
	BegunAt      time.Time // a send was begun then and its result not stored; zero: none. Set by Due, cleared by a Retry with Begun
	Unknown      bool      // an earlier send's result stayed unknown, and DueAt is the end of the wait for a receipt. Set by Retry
	Cancel       bool      // the epoch rose while it was being sent: it must not be tried again
	Courtesy     bool      // nobody waits for it: where not all can be sent at once, answers go first
}

// Tally counts the results of a delivery's sends that ended in a Retry. Each
// cause has its own count, as each has its own bound.
type Tally struct {
	Faults    int       // ClassRetry
	Waits     int       // ClassWait
	Alarms    int       // ClassAlarm
	AlarmedAt time.Time // the first of these
	Unknowns  int       // ClassUnknown
	Lost      int       // the process ended, or the result could not be stored
}

// Attempt is a leased delivery and all that is needed to judge and send it.
// Delivery is as it was before this lease: its BegunAt and Unknown tell the past.
type Attempt struct {
	Delivery     Delivery
	Message      Message
	Conversation Conversation
	Contact      Contact
	Month        Month // that the message is counted in, with it; zero where it costs nothing
}

// Outcome is how a delivery ended.
type Outcome struct {
	Conversation string
	Seq          uint64
	State        MessageState // StateSent, StateFailed, StateCancelled, or StateUnknown when it must not be sent again
	At           time.Time
	ExternalID   string  // when sent
	Aliases      []Alias // further names of the contact that the platform told
	Code         string  // when failed
	Reason       string  // when failed, in words, without secrets
	// ShutAt is the Conversation.NewestInbound that the send relied on, when the
	// platform answered that the window is closed; zero otherwise.
	ShutAt   time.Time
	OptedOut bool // when failed: because the customer told the platform that they want no such messages
	// NextAt is before when the conversation's next delivery must not be sent, as
	// the platform bounds how fast one customer is written to; zero: at once.
	NextAt time.Time
}

// Retry is a delivery that is to be tried again.
type Retry struct {
	Conversation string
	Seq          uint64
	At           time.Time // not before
	Unknown      bool      // the result is not known: the message becomes StateUnknown and a receipt may still settle it
	Begun        bool      // false: the attempt never left this machine: Attempts, Tally and BegunAt are as before it
	Tally        Tally     // with Begun: becomes Delivery.Tally
	Code         string
	Reason       string
}

// FarthestDue is how far ahead a delivery may be due, but for a pause of its whole
// channel, which the Dispatcher keeps itself. What is due later comes of a clock
// that was ahead, in a process that is gone, and must not wait for hours.
const FarthestDue = time.Hour

// Outbox is the queue of what was decided and not sent yet. Its methods may be
// called from many goroutines.
type Outbox interface {
	// Due leases the deliveries that are due at now, or else more than FarthestDue
	// after it, until now+lease: of each channel in room at most so many, and none
	// of others, only the first of each conversation, those with Courtesy after
	// those without, among equals the oldest due first. One with Courtesy counts as without when such a one stands
	// behind it. Due stores the lease, with Attempts and BegunAt, before it
	// returns. What is damaged is left out of due, leased all the same so that it
	// does not come first again at once, and told in err, beside the others. A
	// lease that ran out is due again. next is when the earliest delivery that is
	// not leased now, of the channels in room, becomes due, and not after now when
	// there was not room for all; zero: none waits. A room of nothing is as none.
	// An empty answer writes nothing.
	Due(ctx context.Context, now time.Time, lease time.Duration, room map[string]int) (due []Attempt, next time.Time, err error)
	// Done ends a delivery. Its message moves to the outcome's state if that is
	// forward, and the next of the conversation takes its turn behind those that
	// wait: it is not due before o.At and o.NextAt. A delivery that a receipt
	// settled meanwhile is no error: what the outcome tells is stored all the same.
	// One that a receipt put back meanwhile, so that it is not leased any more,
	// stays, and its message's state. Done and Retry raise Conversation.Version;
	// Due does not. ShutAt becomes Conversation.ShutAt
	// unless a newer message came in meanwhile: that opened a new window, of
	// which the refusal says nothing. Aliases of other contacts are left out.
	Done(ctx context.Context, o Outcome) error
	// Retry puts a leased delivery back; it stays first of its conversation. A
	// delivery with Cancel set leaves the outbox instead, and its message becomes
	// StateCancelled, or StateUnknown when a send of it may have been accepted.
	// A delivery that is not leased, or gone, is left alone and is no error.
	Retry(ctx context.Context, r Retry) error
}

// Row is a conversation in a list.
type Row struct {
	Conversation Conversation
	Contact      Contact
	Ticket       handoff.Ticket
	Last         Message // the newest message
}

// TicketFilter says which open tickets are listed. Its zero value is for all.
type TicketFilter struct {
	Waiting bool      // those that nobody has
	Agent   string    // or those of this agent; empty: whoever has them
	Asleep  bool      // or those that are snoozed; only All and these hold them
	Label   string    // or those with this label
	OpenAt  time.Time // only those that may be answered then; zero: those too that may not any more
	ShutAt  time.Time // only those that may not be answered then any more; zero: the others, too
	Ahead   bool      // without those that were put behind, see handoff.Behind
}

// TicketCounts are numbers of open tickets.
type TicketCounts struct {
	All     int
	Waiting int                   // those that nobody has
	Shut    int                   // of these, those that may not be answered any more
	Asleep  int                   // those that are snoozed, and count as nobody's
	Agents  map[string]int        // by who has them
	Labels  map[string]int        // by label
	Queues  map[string]QueueCount // by queue
}

// QueueCount are the numbers of a queue's open tickets.
type QueueCount struct{ Waiting, Claimed, Asleep int }

// Cursor is a place in a listing: the last row's key. Empty begins at the start.
type Cursor string

// Reader is what lists and pages need. Its methods may be called from many
// goroutines; none scans the whole store.
type Reader interface {
	// Tickets lists the open tickets that f asks for by their place in line, see
	// handoff.Compare. next is empty
	// at the end. A Cursor of another listing, or that is none, is ErrNotFound.
	Tickets(ctx context.Context, f TicketFilter, after Cursor, limit int) (rows []Row, next Cursor, err error)
	// Line calls each for the open tickets as they stand in line, or for those that
	// nobody has, until it returns an error, which Line returns. It is for who plans
	// with all of them: Reason, Note, Words and Labels are left out. Writes go on meanwhile, so
	// that one that moves may come twice or not at all. What is damaged is left out,
	// and told in err beside the rest.
	Line(ctx context.Context, waiting bool, each func(handoff.Ticket) error) error
	// Traffic gives what came to a queue in the hours from a moment on until another,
	// oldest first; hours in which nothing happened are left out. It is kept in the
	// commits that change tickets, and for TrafficFor.
	Traffic(ctx context.Context, queue string, from, until time.Time) ([]Traffic, error)
	// TicketCounts counts the open tickets as they stand at a moment.
	TicketCounts(ctx context.Context, at time.Time) (TicketCounts, error)
	// Misses lists what was not understood, newest first; f.Limit bounds what is read
	// unless a channel is asked for. What is damaged is left out.
	Misses(ctx context.Context, f MissFilter) ([]Miss, error)
	// Conversation gives one conversation with its contact and open ticket, or ErrNotFound.
	Conversation(ctx context.Context, id string) (Row, error)
	// Conversations lists those of a contact, by channel; none is no error.
	Conversations(ctx context.Context, contact string) ([]Row, error)
	// Transcript lists messages with Seq greater than after, oldest first. With
	// after 0 it gives the newest limit messages. An unknown conversation is ErrNotFound.
	Transcript(ctx context.Context, conversation string, after uint64, limit int) ([]Message, error)
}

// Agenda tells which conversations have something to do at a time, see
// Conversation.WakeAt. Its method may be called from many goroutines.
type Agenda interface {
	// Wakes lists conversations whose WakeAt is not after now, earliest first, at
	// most limit. next is when to look again: not after the earliest WakeAt of
	// those that it does not list, and zero only when there is none. A
	// conversation is listed until a Commit has moved its WakeAt.
	Wakes(ctx context.Context, now time.Time, limit int) (conversations []string, next time.Time, err error)
}

// Standing is how many conversations stand in one state of one version.
type Standing struct {
	Version       string // flows.Set.Version
	Place         flows.Place
	Conversations int
}

// Library keeps the flow files that conversations run on. Its methods may be
// called from many goroutines.
type Library interface {
	// KeepFlows stores the files of a version and returns when they are durable.
	// Versions in which no conversation stands, and which are none of those
	// given in use, are removed.
	KeepFlows(ctx context.Context, version string, files flows.Files, use ...string) error
	// Flows gives the files of a version, or ErrNotFound, also for a version whose
	// record is damaged.
	Flows(ctx context.Context, version string) (flows.Files, error)
	// Standings counts the conversations that have begun a flow, by version and
	// state, sorted by these.
	Standings(ctx context.Context) ([]Standing, error)
}

// Store is all of it: what an adapter for a database implements.
type Store interface {
	Ledger
	Outbox
	Reader
	Agenda
	Library
	Books
}

// Limits is what a channel can carry, until when it lets us answer, and how it
// treats what may have been sent.
type Limits struct {
	carry.Limits
	Kind   string       // of the channel, see carry.Kinds; flows may ask for it
	Window window.Terms // until when who may write, and at what price; none: always
	// UnknownWait is how long a receipt is waited for when the result of a send
	// is not known, before it is sent once more. 0: sending twice does no harm,
	// the channel recognises a message by its id.
	UnknownWait time.Duration
	Pace        Pace // how fast the platform lets us send
	Cap         Cap  // what the operator lets the number spend in a month
}

// Pace is how fast a platform lets us send on a channel. Zero values are without bound.
type Pace struct {
	Rate      float64       // messages a second
	Burst     int           // of them at once
	Pair      time.Duration // between two messages to one customer, in the long run
	PairBurst int           // of them at once, borrowed from the time to come
	Host      string        // what is out of reach together: channels of one host share it; empty: only itself
}

// Outgoing is a message to send and to whom.
type Outgoing struct {
	Message Message
	To      []Alias // of this channel, best first
	Tag     Tag     // what the platform is told of it; as a rule nothing
}

// Sent is a platform's acceptance.
type Sent struct {
	ExternalID string
	Aliases    []Alias // further names of the contact that the answer told
}

// Channel carries messages to one account of one platform. Its methods may be
// called from many goroutines.
type Channel interface {
	// Name is the channel's name in the operator's file, e.g. "whatsapp".
	Name() string
	// Limits is what the channel can carry. Its Window and Cap may change between
	// two calls, and nothing else does.
	Limits() Limits
	// Send hands one message to the platform. An error is a *SendError; any
	// other error counts as ClassUnknown.
	Send(ctx context.Context, o Outgoing) (Sent, error)
}

// Prober is a Channel that can ask whether its platform answers. Asking sends
// nothing to anybody and changes nothing.
type Prober interface {
	Channel
	// Probe returns nil when the platform answered, whatever it said.
	Probe(ctx context.Context) error
}

// Class says what a failed send means for what is sent next.
type Class string

// The classes of errors.
const (
	ClassRetry   Class = "retry"   // known not to be accepted: again, with backoff
	ClassWait    Class = "wait"    // too fast: again later
	ClassFail    Class = "fail"    // never again
	ClassAlarm   Class = "alarm"   // the account or its configuration: a person must act; again later
	ClassUnknown Class = "unknown" // may have been accepted: wait for a receipt first
)

// SendError is why a message was not accepted, or why that is not known.
type SendError struct {
	Class      Class
	Code       string        // the platform's code, or ours: "timeout", "connection", "http_502"
	Reason     string        // in words, without secrets
	RetryAfter time.Duration // what the platform asked for; 0: nothing
	Account    bool          // with ClassWait: the whole channel must slow down, not only this customer
	Shut       bool          // the window is closed
	OptedOut   bool          // the customer told the platform that they want no such messages
	Host       bool          // the platform's server is out of reach or silent, whatever is sent to it
	Attempts   int           // most attempts the platform's rules allow; 0: no limit of its own
}

func (e *SendError) Error() string { return string(e.Class) + " " + e.Code + ": " + e.Reason }

// Inbound is a message as a channel decoded it.
type Inbound struct {
	Channel string  // Channel.Name
	Event   string  // the platform's id of the message, unique on the channel
	From    []Alias // best first; never empty
	Name    string  // the profile name; may be empty
	// Language is what the channel says of the customer's language, as a tag
	// such as "de-AT"; empty when it says nothing.
	Language string
	Message  Message // Kind, Text, ChoiceID, Media, Location, ExternalID, At
}

// Receipt is what a platform told about a message of ours.
type Receipt struct {
	Channel    string
	Message    string    // Message.ID, when the platform echoed it; empty otherwise
	ExternalID string    // the platform's id; empty with a watermark
	From       []Alias   // whose messages, unless Message tells
	Until      time.Time // a watermark: all messages up to then; zero: only the one named
	State      MessageState
	At         time.Time
	Code       string   // when failed
	Reason     string   // when failed, without secrets
	Shut       bool     // failed because the window is closed
	OptedOut   bool     // failed because the customer told the platform that they want no such messages
	Class      Class    // when failed: what it means for what is sent next; empty counts as ClassFail
	Pricing    *Pricing // what the platform tells of the price; nil: nothing
}

// Batch is one webhook, decoded: in the order in which the platform wrote it.
type Batch struct {
	Messages []Inbound
	Receipts []Receipt
	Events   []Event
}

// Caller carries requests to systems of the business. Its method may be called
// from many goroutines.
type Caller interface {
	// Call makes one attempt and gives what came of it; it never fails otherwise.
	// id is the idempotency key, the same for every attempt. again says that the
	// same request may be sent once more: no answer came, or one that asks for it.
	// after is how long the other side asked to wait; 0: it did not.
	Call(ctx context.Context, id string, c flows.Call) (result flows.Called, again bool, after time.Duration)
}

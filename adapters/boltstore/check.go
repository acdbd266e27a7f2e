package boltstore

import (
	"context"
	"errors"
	"fmt"
	"os"

	"frontdesk/bot"
)

// Finding is something that is wrong in the file.
type Finding struct {
	Where    string `json:"where"` // e.g. "message 7hq3-12", "due"
	What     string `json:"what"`
	Mendable bool   `json:"mendable"` // by Mend, without losing anything
	mend     func(w *writer) error
}

// Checked is what a check read, and what it found wrong.
type Checked struct {
	Format        int       `json:"format"`
	Bytes         int64     `json:"bytes"`
	Contacts      int       `json:"contacts"`
	Conversations int       `json:"conversations"`
	Messages      int       `json:"messages"`
	Tickets       int       `json:"tickets"`
	Deliveries    int       `json:"deliveries"`
	Events        int       `json:"events"`
	Misses        int       `json:"misses"`
	Findings      []Finding `json:"findings"`
	More          int       `json:"more,omitempty"` // findings that are not listed
}

// mostFindings is how many findings are listed.
const mostFindings = 1000

// Inspect reads the whole file: that its pages hang together, that every record
// can be read, and that every index and the records agree, in both directions. A
// file that others write to is copied for it. tell, unless it is nil, is told now
// and then what is read, and how many rows of it were. When ctx ends, its error is
// returned.
func (s *Store) Inspect(ctx context.Context, tell func(what string, rows int)) (Checked, error) {
	if s.looks() {
		return s.inspect(ctx, tell)
	}
	c, err := s.Copy(ctx)
	if err != nil {
		return Checked{}, err
	}
	defer c.Close() //nolint:errcheck // only read
	copied, err := look(c.Name(), func(string, int, os.FileMode) (*os.File, error) { return c.File, nil })
	if err != nil {
		return Checked{}, fmt.Errorf("checking the copy: %w", err)
	}
	checked, err := copied.inspect(ctx, tell)
	return checked, errors.Join(err, copied.Close())
}

func (s *Store) inspect(ctx context.Context, tell func(string, int)) (checked Checked, err error) {
	err = s.view(func(v view) error {
		i := inspection{view: v, ctx: ctx, tell: tell, limit: mostFindings, out: &checked}
		checked.Format, checked.Bytes, checked.Findings = format, v.tx.Size(), []Finding{}
		i.pages()
		return i.run()
	})
	if err != nil {
		return checked, fmt.Errorf("checking the data file: %w", err)
	}
	return checked, nil
}

// inspection is one check on its way.
type inspection struct {
	view
	ctx   context.Context
	tell  func(what string, rows int)
	limit int  // of findings
	mends bool // only what can be mended is of interest
	out   *Checked

	standings map[string]uint64 // what is counted, by key
	tallies   map[string]uint64
	months    map[string]bot.Month
}

// pages asks bbolt for what is wrong with the file itself.
func (i *inspection) pages() {
	for err := range i.tx.Check() { // its goroutine ends with the channel
		i.found("pages", err.Error(), nil)
	}
}

// run looks into every bucket. A page that cannot be read ends the look into one.
func (i *inspection) run() error {
	i.standings, i.tallies, i.months = make(map[string]uint64), make(map[string]uint64), make(map[string]bot.Month)
	for _, part := range []struct {
		bucket string
		look   func() error
	}{
		{inContacts, i.contacts},
		{inAliases, i.aliases},
		{inConversations, i.conversations},
		{inByContact, i.byContact},
		{inOutbox, i.outbox},
		{inDue, i.due},
		{inWakes, i.wakes},
		{inOpenTickets, i.openTickets},
		{inStandings, func() error { return i.counts(inStandings, i.standings) }},
		{inTallies, func() error { return i.counts(inTallies, i.tallies) }},
		{inFlows, i.flows},
		{inEvents, i.events},
		{inAudit, i.audit},
		{inAgents, i.agents},
		{inSessions, i.sessions},
		{inCosts, i.costs},
		{inMonths, i.sums},
		{inTraffic, i.traffic},
		{inMisses, i.misses},
	} {
		if i.tx.Bucket([]byte(part.bucket)) == nil {
			i.found(part.bucket, "the bucket is not there", nil)
			continue
		}
		err := guard(part.look)
		if _, unread := errors.AsType[*panicError](err); unread {
			i.found(part.bucket, "a page of it cannot be read, and what is behind it was not checked", nil)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// found lists a finding. mend is nil when nothing can be done about it without
// losing something.
func (i *inspection) found(where, what string, mend func(w *writer) error) {
	switch {
	case i.mends && mend == nil:
		return
	case len(i.out.Findings) >= i.limit:
		i.out.More++
		return
	}
	i.out.Findings = append(i.out.Findings, Finding{Where: where, What: what, Mendable: mend != nil, mend: mend})
}

// damaged lists a record that cannot be read.
func (i *inspection) damaged(where string, err error) {
	i.found(where, err.Error(), nil)
}

// each calls f for every row of a bucket. k and b are those of the transaction.
func (i *inspection) each(bucket string, f func(k, b []byte)) error {
	const often = 4096
	c := i.cursor(bucket)
	n := 0
	for k, b := c.First(); k != nil; k, b = c.Next() {
		if n++; n%often == 0 {
			if err := i.ctx.Err(); err != nil {
				return err
			}
			if i.tell != nil {
				i.tell(bucket, n)
			}
		}
		f(k, b)
	}
	return nil
}

// Removing and writing are how indexes are mended.

func removing(bucket string, k []byte) func(w *writer) error {
	key := append([]byte(nil), k...)
	return func(w *writer) error { return w.delete(bucket, key) }
}

func writing(bucket string, k, b []byte) func(w *writer) error {
	key, value := append([]byte(nil), k...), append([]byte(nil), b...)
	return func(w *writer) error { return w.put(bucket, key, value) }
}

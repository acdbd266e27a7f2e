package main

import (
	"context"
	"io"
	"os"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/web"
	"frontdesk/bot"
)

// care is what is asked of a store: of its file, or of the program that has it
// open. See atHand and overOps.
type care interface {
	stats(ctx context.Context) (boltstore.Stats, error)
	check(ctx context.Context) (boltstore.Checked, error)
	copy(ctx context.Context, to io.Writer) (int64, error)
	audits(ctx context.Context, limit int) ([]bot.Audit, error)
	find(ctx context.Context, who string) ([]exportedContact, error)
	export(ctx context.Context, contact string) (export, error)
	erase(ctx context.Context, contact, by string) (bot.Audit, error)
	misses(ctx context.Context, f bot.MissFilter) ([]missRow, error)
	costs(ctx context.Context, from, until time.Time, each func(costRow) error) error
	close() error
}

var (
	_ care = atHand{}
	_ care = overOps{}
)

// atHand is a store that this process has open.
type atHand struct {
	store     *boltstore.Store
	retention bot.Retention
	tell      func(what string, rows int) // how far a check has come; nil: nobody wants to know
}

func (a atHand) close() error { return a.store.Close() }

func (a atHand) stats(ctx context.Context) (boltstore.Stats, error) {
	return a.store.Stats(ctx, time.Now().UTC(), a.retention)
}

func (a atHand) check(ctx context.Context) (boltstore.Checked, error) {
	return a.store.Inspect(ctx, a.tell)
}

func (a atHand) copy(ctx context.Context, to io.Writer) (int64, error) {
	return a.store.WriteTo(ctx, to)
}

func (a atHand) audits(ctx context.Context, limit int) ([]bot.Audit, error) {
	list, err := a.store.Audits(ctx, limit)
	return append([]bot.Audit{}, list...), err
}

func (a atHand) find(ctx context.Context, who string) ([]exportedContact, error) {
	found, err := a.store.Find(ctx, who)
	list := make([]exportedContact, 0, len(found))
	for _, c := range found {
		list = append(list, contactOf(c))
	}
	return list, err
}

func (a atHand) export(ctx context.Context, contact string) (export, error) {
	p, err := a.store.Person(ctx, contact)
	return exportOf(p), err
}

func (a atHand) erase(ctx context.Context, contact, by string) (bot.Audit, error) {
	return a.store.Erase(ctx, contact, bot.Audit{At: time.Now().UTC(), By: by, What: bot.AuditErase})
}

func (a atHand) costs(ctx context.Context, from, until time.Time, each func(costRow) error) error {
	return a.store.Charges(ctx, from, until, func(c bot.Charge) error { return each(costRowOf(c)) })
}

func (a atHand) misses(ctx context.Context, f bot.MissFilter) ([]missRow, error) {
	list, err := a.store.Misses(ctx, f)
	return missRows(list), err
}

// mostBy is the longest name of who asks for an erasure, in bytes.
const mostBy = 100

// care is what the operator's listener lets ask of the running program.
func (a *app) care(c config) *web.Care {
	at := atHand{store: a.store, retention: c.keep}
	return &web.Care{
		Holds:  func(path string) bool { return sameFile(path, c.file()) },
		Stats:  func(ctx context.Context) (any, error) { return at.stats(ctx) },
		Check:  func(ctx context.Context) (any, error) { return at.check(ctx) },
		Copy:   a.copy,
		Audits: func(ctx context.Context, limit int) (any, error) { return at.audits(ctx, limit) },
		Find:   func(ctx context.Context, who string) (any, error) { return at.find(ctx, who) },
		Costs: func(ctx context.Context, from, until time.Time, each func(any) error) error {
			return at.costs(ctx, from, until, func(r costRow) error { return each(r) })
		},
		Misses: func(ctx context.Context, f bot.MissFilter) (any, error) {
			f.Limit = min(f.Limit, mostMisses)
			return at.misses(ctx, f)
		},
		Person: func(ctx context.Context, contact string) (any, error) { return at.export(ctx, contact) },
		Erase: func(ctx context.Context, contact, by string) (any, error) {
			row, err := at.erase(context.WithoutCancel(ctx), contact, by[:min(len(by), mostBy)])
			if err == nil {
				a.hub.Publish(bot.Hint{}) // pages that show the contact are read again
			}
			return row, err
		},
	}
}

func (a *app) copy(ctx context.Context) (io.ReadCloser, int64, error) {
	c, err := a.store.Copy(ctx)
	if err != nil {
		return nil, 0, err
	}
	return c, c.Size, nil
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

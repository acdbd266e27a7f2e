package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/web"
	"frontdesk/bot"
)

// overOps asks the running program on its operator's address.
type overOps struct {
	at   string // HOST:PORT
	file string // which the program must work on; empty: whichever it works on
}

func (o overOps) close() error { return nil }

func (o overOps) stats(ctx context.Context) (s boltstore.Stats, err error) {
	return s, o.ask(ctx, http.MethodGet, "/-/store/stats", nil, nil, &s)
}

func (o overOps) check(ctx context.Context) (c boltstore.Checked, err error) {
	return c, o.ask(ctx, http.MethodPost, "/-/store/check", nil, nil, &c)
}

func (o overOps) audits(ctx context.Context, limit int) (list []bot.Audit, err error) {
	return list, o.ask(ctx, http.MethodGet, "/-/store/audit", url.Values{"limit": {strconv.Itoa(limit)}}, nil, &list)
}

func (o overOps) find(ctx context.Context, who string) (list []exportedContact, err error) {
	return list, o.ask(ctx, http.MethodPost, "/-/contact/find", nil, web.Asked{Who: who}, &list)
}

func (o overOps) export(ctx context.Context, contact string) (e export, err error) {
	return e, o.ask(ctx, http.MethodPost, "/-/contact/export", nil, web.Asked{Contact: contact}, &e)
}

func (o overOps) erase(ctx context.Context, contact, by string) (row bot.Audit, err error) {
	return row, o.ask(ctx, http.MethodPost, "/-/contact/erase", nil, web.Asked{Contact: contact, By: by}, &row)
}

func (o overOps) misses(ctx context.Context, f bot.MissFilter) (list []missRow, err error) {
	query := url.Values{"limit": {strconv.Itoa(f.Limit)}, "channel": {f.Channel}}
	for name, at := range map[string]time.Time{"from": f.From, "until": f.Until} {
		if !at.IsZero() {
			query.Set(name, at.Format(time.RFC3339Nano))
		}
	}
	return list, o.ask(ctx, http.MethodGet, "/-/answers/misses", query, nil, &list)
}

// costs reads a row after the other, as there may be many. The last line says that
// it is the end, or what went wrong.
func (o overOps) costs(ctx context.Context, from, until time.Time, each func(costRow) error) error {
	span := url.Values{"from": {from.Format(time.RFC3339Nano)}, "until": {until.Format(time.RFC3339Nano)}}
	resp, err := o.send(ctx, http.MethodGet, "/-/costs", span, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	lines := json.NewDecoder(resp.Body)
	for {
		var line struct {
			costRow
			web.Last
		}
		if err := lines.Decode(&line); err != nil {
			return fmt.Errorf("what the running program tells broke off: %w", err)
		}
		switch {
		case line.Error != "":
			return fmt.Errorf("the running program says: %s", line.Error)
		case line.End:
			return nil
		}
		if err := each(line.costRow); err != nil {
			return err
		}
	}
}

func (o overOps) copy(ctx context.Context, to io.Writer) (int64, error) {
	resp, err := o.send(ctx, http.MethodPost, "/-/store/copy", nil, nil)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	n, err := io.Copy(to, resp.Body)
	if err != nil {
		return n, fmt.Errorf("the copy broke off after %s: %w", inBytes(n), err)
	}
	return n, nil
}

func (o overOps) ask(ctx context.Context, method, path string, query url.Values, body, into any) error {
	resp, err := o.send(ctx, method, path, query, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("%s gave an answer that is not understood: %w", o.at, err)
	}
	return nil
}

// send gives an answer of 200, whose body the caller must close.
func (o overOps) send(ctx context.Context, method, path string, query url.Values, body any) (*http.Response, error) {
	if o.file != "" {
		if query == nil {
			query = url.Values{}
		}
		query.Set("file", o.file)
	}
	var sent io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		sent = bytes.NewReader(b)
	}
	at := "http://" + strings.TrimSuffix(strings.TrimPrefix(o.at, "http://"), "/") + path + "?" + query.Encode()
	req, err := http.NewRequestWithContext(ctx, method, at, sent)
	if err != nil {
		return nil, fmt.Errorf("--ops: %q is no address HOST:PORT", o.at)
	}
	resp, err := http.DefaultClient.Do(req)
	if _, refused := errors.AsType[*net.OpError](err); refused {
		return nil, fmt.Errorf("nothing answers on %s, the operator's address; name the one of the running program with --ops", o.at)
	}
	if err != nil {
		return nil, fmt.Errorf("asking the running program: %w", err)
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	return nil, o.refused(resp)
}

// refused is an answer of the running program that says why not.
func (o overOps) refused(resp *http.Response) error {
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 4096)) // what came is all there is to tell
	words := strings.TrimSpace(string(said))
	switch resp.StatusCode {
	case http.StatusNotFound:
		if strings.HasSuffix(words, bot.ErrNotFound.Error()) {
			return fmt.Errorf("%s: %w", strings.TrimSuffix(words, ": "+bot.ErrNotFound.Error()), bot.ErrNotFound)
		}
	case http.StatusConflict:
		return fmt.Errorf("another program answers on %s, not the one that has %s open; name its operator's address with --ops", o.at, o.file)
	case http.StatusInternalServerError:
		return fmt.Errorf("the running program says: %s", words)
	}
	return fmt.Errorf("%s answered %s; is it the operator's address of this frontdesk?", o.at, resp.Status)
}

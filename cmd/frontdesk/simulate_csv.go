package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows/hours"
)

// recordedColumns are those of a file of recorded conversations, in this order.
const recordedColumns = "opened_at,channel,queue,handling_seconds,window_closes"

// recorded reads conversations that people had to answer.
func (s *simulation) recorded(duty hours.Roster) (simTrace, error) {
	f, err := os.Open(s.csv)
	if err != nil {
		return simTrace{}, fmt.Errorf("--csv: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	tickets, err := readRecorded(f, s.csv)
	if err != nil {
		return simTrace{}, err
	}
	slices.SortStableFunc(tickets, func(a, b simTicket) int { return a.OpenedAt.Compare(b.OpenedAt) })
	t := simTrace{from: midnight(tickets[0].OpenedAt), to: midnight(tickets[len(tickets)-1].OpenedAt).AddDate(0, 0, 1), tickets: tickets}
	if days := int(t.to.Sub(t.from).Hours() / 24); days > mostRecorded {
		return t, fmt.Errorf("%s: %d days lie between the first and the last; at most %d may", s.csv, days, mostRecorded)
	}
	s.complete(&t, duty)
	return t, nil
}

// mostRecorded bounds the days of a file: a year that is mistyped is not waited for.
const mostRecorded = 400

// complete adds what the columns do not say.
func (s *simulation) complete(t *simTrace, duty hours.Roster) {
	t.clock = clockOf(duty, t.from, t.to)
	mean, work := means(t.tickets), time.Duration(0)
	for i := range t.tickets {
		ticket := &t.tickets[i]
		ticket.Handling = mean[ticket.Queue]
		if closes := ticket.WindowCloses; !closes.IsZero() {
			ticket.Weight = 1
			lastWord(&ticket.Ticket, duty, s.lead, ticket.OpenedAt, closes)
		}
		ticket.PromisedBy = ticket.OpenedAt.Add(s.firstReply)
		if ticket.settle(t.clock); !ticket.expires() {
			work += ticket.takes
		}
	}
	if there := t.clock.work(t.from, t.to); there > 0 {
		t.load = float64(work) / float64(there)
	}
}

// means are the average handling times of the queues: all that our order knows.
func means(tickets []simTicket) map[string]time.Duration {
	sums, numbers := make(map[string]time.Duration), make(map[string]time.Duration)
	for _, t := range tickets {
		sums[t.Queue] += t.takes
		numbers[t.Queue]++
	}
	for queue, n := range numbers {
		sums[queue] /= n
	}
	return sums
}

// readRecorded tells every fault of a file, with its line.
func readRecorded(from io.Reader, name string) ([]simTicket, error) {
	r := csv.NewReader(from)
	r.FieldsPerRecord = -1 // told with the others
	r.TrimLeadingSpace = true
	head, err := r.Read()
	if err != nil || strings.Join(head, ",") != recordedColumns {
		return nil, fmt.Errorf("%s:1: the first line must be %s", name, recordedColumns)
	}
	var list []simTicket
	var faults []error
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(append(faults, fmt.Errorf("%s: %w", name, err))...) // where the next row begins is not known
		}
		line, _ := r.FieldPos(0)
		t, wrong := readRow(row)
		for _, fault := range wrong {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, line, fault))
		}
		t.ID = fmt.Sprintf("%08d", line)
		list = append(list, t)
	}
	if len(list) == 0 {
		faults = append(faults, fmt.Errorf("%s:2: no conversations; write one a line under the first", name))
	}
	return list, errors.Join(faults...)
}

func readRow(row []string) (t simTicket, faults []error) {
	if want := strings.Count(recordedColumns, ",") + 1; len(row) != want {
		return t, []error{fmt.Errorf("%d columns; write %d: %s", len(row), want, recordedColumns)}
	}
	fault := func(bad bool, column, says string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf(column+": "+says, args...))
		}
	}
	moment := func(column, s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		fault(err != nil, column, "%q is no time; write e.g. 2026-11-02T09:30:00Z", s)
		return at.UTC()
	}
	t.channel, t.Queue = row[1], row[2]
	t.OpenedAt = moment("opened_at", row[0])
	kinds := window.Shipped().Channels()
	fault(!slices.Contains(kinds, t.channel), "channel", "unknown kind %q; %s", t.channel, oneOfHint(t.channel, kinds))
	seconds, err := strconv.ParseFloat(row[3], 64)
	fault(err != nil || !(seconds > 0 && seconds <= 24*60*60), "handling_seconds", "%q is not between 0 and 86400; write e.g. 360", row[3])
	t.takes = time.Duration(seconds * float64(time.Second))
	if row[4] != "" {
		t.WindowCloses = moment("window_closes", row[4])
		fault(len(faults) == 0 && !t.WindowCloses.After(t.OpenedAt), "window_closes",
			"it is not after opened_at; leave out what could not be answered any more")
	}
	return t, faults
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

package main

import (
	"time"

	"frontdesk/bot/window"
	"frontdesk/flows/source"
)

// calendars are the time zones of accounts, by channel. One that is missing or nil
// counts its months in UTC, as platforms do.
type calendars map[string]*time.Location

// read takes in the zone of a channel's account, nil where none is named. One that is
// none is passed over: the program itself refuses it, and a backup must not wait for that.
func (c calendars) read(e source.Entry) {
	c[e.Name] = nil
	for _, f := range e.Value.Entries() {
		if zone, err := time.LoadLocation(f.Value.Raw()); f.Name == "account_timezone" && err == nil && f.Value.Raw() != "" {
			c[e.Name] = zone
		}
	}
}

// of is the zone of a channel's account.
func (c calendars) of(channel string) *time.Location {
	if zone := c[channel]; zone != nil {
		return zone
	}
	return time.UTC
}

// common is the zone of all accounts that name one; UTC where they differ.
func (c calendars) common() *time.Location {
	var common *time.Location
	for _, zone := range c {
		if zone == nil {
			continue
		}
		if common != nil && common.String() != zone.String() {
			return time.UTC
		}
		common = zone
	}
	if common == nil {
		return time.UTC
	}
	return common
}

// month is the one that a channel's account is in at a moment.
func (c calendars) month(channel string, at time.Time) window.Month {
	return window.MonthOf(at.In(c.of(channel)))
}

// begins is when the month of the first account began that is in it at a moment.
func (c calendars) begins(at time.Time) time.Time {
	first := monthBegins(at.In(c.common()))
	for channel := range c {
		if begun := monthBegins(at.In(c.of(channel))); begun.Before(first) {
			first = begun
		}
	}
	return first
}

// monthBegins is the first moment of a month on the clocks of its location.
func monthBegins(at time.Time) time.Time {
	return time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, at.Location())
}

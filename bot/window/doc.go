// Package window tells what platforms allow and what it costs: until when who may
// write to a customer, how a message must be marked, at what price.
//
// All of that is data, a Table. Each row says for which time it holds and where
// the platform says so. Shipped is ours; an operator may replace it. What decides
// about one account needs its Terms only.
//
// The package is pure: it is given the platform's times of what the customer did,
// and the moment that is asked about. It counts in elapsed time: clocks that are
// set forward or back in a night change nothing.
package window

// Package caller carries the requests of flows to systems of the business: one
// attempt at a time, over HTTP.
//
// Whoever writes a flow names the addresses, and a customer's words may become a
// part of them. So a call reaches public addresses only, and of the inner network
// only what the operator allows; that is judged in the moment of dialling, on the
// address that is dialled, whatever a name server said before. The secrets of
// headers are filled in here and nowhere else.
//
// It keeps no calls and repeats none: what is called, when and how often is
// decided by bot.
package caller

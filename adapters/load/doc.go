// Package load plays both sides of WhatsApp for a running frontdesk, and judges
// it from outside: it posts the signed webhooks of many customers, is the Graph
// API to which the answers are sent, and tells their statuses back. It knows
// nothing of the program but what Meta would: its measurements and its verdict
// hold for whatever is inside.
package load

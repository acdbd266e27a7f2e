// Package web is the public HTTP face: the platforms' webhooks, and the router
// that the other faces are mounted on; and the operator's face on a listener of
// its own: health, metrics, reload.
//
// It reads, calls one function and answers. It verifies nothing and decodes
// nothing itself: a channel's Decode does both, in that order.
package web

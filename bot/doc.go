// Package bot is the walk of one message: Load, decide, Commit.
//
// It is the only place where a message is loaded, decided and committed; one
// commit holds the message, the new state, the ticket and the replies. Engine
// is the shell around the pure decide functions, Dispatcher sends what was
// decided, Hub tells open pages that something changed. Stores and channels are
// ports here and adapters elsewhere; the package does no I/O of its own and
// knows no platform.
package bot

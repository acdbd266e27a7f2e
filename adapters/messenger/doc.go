// Package messenger is the channel for a Facebook page's Messenger.
//
// Decode turns a signed webhook into a bot.Batch and does no I/O. Send hands a
// message to the Graph API. The package decides nothing about conversations:
// which message is stored, answered or ignored is bot's business.
package messenger

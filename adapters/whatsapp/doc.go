// Package whatsapp is the channel for WhatsApp's Cloud API.
//
// Decode turns a signed webhook into a bot.Batch and does no I/O. Send hands a
// message to the Graph API. The package decides nothing about conversations:
// which message is stored, answered or ignored is bot's business.
package whatsapp

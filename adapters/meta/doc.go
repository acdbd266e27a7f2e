// Package meta is what WhatsApp and Messenger share: both speak through Meta's
// Graph API.
//
// It checks the signature of webhooks, answers the verification challenge,
// sends requests and turns every error code into a class. It knows no message:
// the shapes of bodies belong to the channels. Facts about the platform are
// those of Meta's documentation and name the page and its date.
package meta

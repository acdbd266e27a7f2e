// Package page is what the pages of frontdesk share: static files with hashed
// names, security headers, a stream of hints, and limits of attempts and streams. It
// knows net/http and nothing of what the pages show.
package page

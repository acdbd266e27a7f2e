// Package page is what the pages of frontdesk share: static files with hashed
// names, security headers, a stream of hints and a limiter of attempts. It
// knows net/http and nothing of what the pages show.
package page

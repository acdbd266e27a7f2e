package meta

import (
	"strconv"
	"time"

	"frontdesk/bot"
)

// Platform is whose meaning a code has: the same number can mean different
// things on WhatsApp and on Messenger.
type Platform uint8

// The platforms.
const (
	WhatsApp Platform = iota + 1
	Messenger
)

// Failure is what the platform told about a message it did not take. Meta tells
// the same trouble as the answer to a request, as a failed status, or as both
// (Meta, error-codes, 2025-12-12).
type Failure struct {
	Status     int           // the HTTP status; 0: it came in a status webhook
	Graph      bool          // the Graph API spoke: Code counts, even 0
	Code       int           // error.code
	Subcode    int           // error.error_subcode; Messenger only
	Transient  bool          // error.is_transient
	RetryAfter time.Duration // the header
}

// Classify says what a failure means. The code decides, and the HTTP status
// only where the code is unknown or absent. The reason is in our words: the
// platform's may quote what was sent.
func Classify(p Platform, f Failure) *bot.SendError {
	e := classifyStatus(f)
	if f.Graph {
		e.Code = code(f)
		if r, ok := lookup(p, f.Code, f.Subcode); ok {
			e.Class, e.Reason, e.Attempts = r.class, r.reason, r.attempts
			e.Account, e.Shut, e.OptedOut, e.RetryAfter = r.account, r.shut, r.out, r.pause
		}
	}
	e.RetryAfter = max(e.RetryAfter, f.RetryAfter)
	// What is wrong with the account or with a message is so on a server in good
	// health, whatever status it says that with.
	e.Host = f.Status >= 500 && (e.Class == bot.ClassRetry || e.Class == bot.ClassUnknown)
	return e
}

func code(f Failure) string {
	s := strconv.Itoa(f.Code)
	if f.Subcode != 0 {
		s += "/" + strconv.Itoa(f.Subcode)
	}
	return s
}

// classifyStatus judges by the HTTP status alone.
//
// With a Graph error of unknown code the platform itself says that it failed:
// 5xx is tried again (Meta, Messenger error codes, 2026-03-18). Without one it is
// less clear who spoke. 500 and 503 come from a server that says that it did not
// do it: again. Any other 5xx, as 502 and 504, comes from a gateway that does not
// know what became of the request: the message may have been accepted. A 4xx or
// a redirect without a Graph error is no Graph API at all, or a proxy before it:
// a person must look at the address.
func classifyStatus(f Failure) *bot.SendError {
	e := &bot.SendError{Code: "http_" + strconv.Itoa(f.Status)}
	switch s := f.Status; {
	case s == 429:
		e.Class, e.Account, e.Reason = bot.ClassWait, true, "too many requests"
	case s == 408:
		e.Class, e.Reason = bot.ClassRetry, "the platform did not get the whole request in time"
	case s == 500 || s == 503 || f.Graph && s > 500:
		e.Class, e.Reason = bot.ClassRetry, "the platform has a fault"
	case s > 500:
		e.Class, e.Reason = bot.ClassUnknown, "a gateway answered in the platform's place"
	case f.Graph && f.Transient:
		e.Class, e.Reason = bot.ClassRetry, "the platform has a passing fault"
	case s == 401 || s == 403:
		e.Class, e.Reason = bot.ClassAlarm, "the platform refuses the access token"
	case f.Graph:
		e.Class, e.Reason = bot.ClassFail, "the platform refused it with a code that we do not know"
	case s == 413:
		e.Class, e.Reason = bot.ClassFail, "the request is too large"
	default:
		e.Class, e.Reason = bot.ClassAlarm, "this is no answer of the Graph API: is the address right?"
	}
	return e
}

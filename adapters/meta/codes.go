package meta

import (
	"time"

	"frontdesk/bot"
)

// rule is a row of the tables of codes.
type rule struct {
	code     int
	subcode  int // 0: any
	class    bot.Class
	reason   string
	attempts int           // most tries; 0: no limit of its own
	pause    time.Duration // not before
	account  bool          // the whole account must slow down
	shut     bool          // the window is closed
	out      bool          // the customer opted out
}

// lookup finds the rule of a code: the platform's own with this subcode, its
// own with any, then the Graph API's.
func lookup(p Platform, code, subcode int) (rule, bool) {
	own := whatsappRules
	if p == Messenger {
		own = messengerRules
	}
	for _, table := range [][]rule{own, graphRules} {
		for _, r := range table {
			if r.code == code && (r.subcode == 0 || r.subcode == subcode) {
				return r, true
			}
		}
	}
	if code >= 200 && code <= 299 {
		return rule{class: bot.ClassAlarm, reason: "a permission is missing or was revoked"}, true
	}
	return rule{}, false
}

// graphRules are the codes that every part of the Graph API shares (Meta,
// WhatsApp error-codes, 2025-12-12).
var graphRules = []rule{
	{code: 0, class: bot.ClassAlarm, reason: "authentication failed: the access token is invalid"},
	{code: 1, class: bot.ClassRetry, attempts: 2, reason: "bad request or unknown fault of the platform"},
	{code: 2, class: bot.ClassRetry, reason: "the service is down or overloaded"},
	{code: 3, class: bot.ClassAlarm, reason: "the app lacks a capability or permission"},
	{code: 4, class: bot.ClassWait, account: true, reason: "the app's call limit is reached"},
	{code: 10, class: bot.ClassAlarm, reason: "a permission is missing or was revoked"},
	{code: 33, class: bot.ClassAlarm, reason: "the business number or page was deleted"},
	{code: 100, class: bot.ClassFail, reason: "invalid or unsupported parameter"},
	{code: 190, class: bot.ClassAlarm, reason: "the access token is invalid or expired"},
	{code: 368, class: bot.ClassAlarm, reason: "temporarily blocked for a breach of policy"},
}

// messengerRules are Messenger's own (Meta, Messenger error codes, 2026-03-18;
// Messenger changelog, 2026-06-30).
var messengerRules = []rule{
	// Code 1 can hide a message that was sent: an echo is waited for before the
	// one more try.
	{code: 1, class: bot.ClassUnknown, attempts: 2, reason: "unknown fault of the platform: it may have been sent"},
	{code: 10, subcode: 2018278, class: bot.ClassFail, shut: true, reason: "outside the messaging window"},
	{code: 10, subcode: 2018065, class: bot.ClassFail, shut: true, reason: "outside the messaging window"},
	{code: 10, subcode: 2018108, class: bot.ClassFail, reason: "this person cannot be messaged now"},
	{code: 10, subcode: 1893063, class: bot.ClassAlarm, reason: "the page is restricted for a time"},
	{code: 17, class: bot.ClassWait, account: true, reason: "the user's call limit is reached"},
	{code: 32, class: bot.ClassWait, account: true, reason: "the page's call limit is reached"},
	{code: 100, subcode: 2018001, class: bot.ClassFail, reason: "no matching user"},
	{code: 200, subcode: 1545041, class: bot.ClassFail, reason: "this person is not available"},
	{code: 551, class: bot.ClassFail, reason: "this person is not available"},
	{code: 613, class: bot.ClassWait, account: true, reason: "too many calls"},
	{code: 1200, class: bot.ClassRetry, reason: "a passing fault of the platform"},
}

// whatsappRules are WhatsApp's own (Meta, WhatsApp error-codes, 2025-12-12).
var whatsappRules = []rule{
	{code: 80007, class: bot.ClassWait, account: true, reason: "the business account's rate limit is reached"},
	{code: 130403, class: bot.ClassFail, reason: "the business has blocked this customer"},
	{code: 130429, class: bot.ClassWait, account: true, reason: "the number's throughput is reached"},
	{code: 130472, class: bot.ClassFail, reason: "the customer is part of an experiment of Meta"},
	{code: 130497, class: bot.ClassFail, reason: "the business may not message this country"},
	{code: 131000, class: bot.ClassRetry, attempts: 3, reason: "unknown fault of the platform"},
	{code: 131005, class: bot.ClassAlarm, reason: "access denied"},
	{code: 131008, class: bot.ClassFail, reason: "a required parameter is missing"},
	{code: 131009, class: bot.ClassFail, reason: "a parameter's value is invalid"},
	{code: 131016, class: bot.ClassRetry, reason: "the service is unavailable"},
	{code: 131021, class: bot.ClassFail, reason: "the recipient is the sender"},
	{code: 131026, class: bot.ClassFail, reason: "undeliverable: no WhatsApp, terms not accepted or an old app"},
	{code: 131030, class: bot.ClassFail, reason: "the recipient is not on the test number's list"},
	{code: 131031, class: bot.ClassAlarm, reason: "the account is locked, or its data do not match"},
	{code: 131037, class: bot.ClassAlarm, reason: "the number's display name is not approved"},
	{code: 131042, class: bot.ClassAlarm, reason: "trouble with the payment method"},
	{code: 131045, class: bot.ClassAlarm, reason: "the number's registration or certificate is wrong"},
	{code: 131047, class: bot.ClassFail, shut: true, reason: "more than 24 hours since the customer's last message"},
	// "Hours" is all that is known about how long.
	{code: 131048, class: bot.ClassWait, account: true, pause: 2 * time.Hour, reason: "spam or quality limit"},
	{code: 131049, class: bot.ClassFail, reason: "withheld by Meta: too much marketing to this customer"},
	{code: 131050, class: bot.ClassFail, out: true, reason: "the customer stopped marketing from this business"},
	{code: 131051, class: bot.ClassFail, reason: "the type of message is not supported"},
	{code: 131052, class: bot.ClassFail, reason: "the customer's media could not be downloaded"},
	{code: 131053, class: bot.ClassRetry, attempts: 2, reason: "the media could not be uploaded or fetched"},
	{code: 131055, class: bot.ClassFail, reason: "the method is not allowed"},
	// One message in 6 s to one customer, and 4^X s after a refusal (Meta,
	// about-the-platform, 2025-12-05); the dispatcher counts the X.
	{code: 131056, class: bot.ClassWait, reason: "too many messages to this customer"},
	{code: 131057, class: bot.ClassRetry, pause: 2 * time.Minute, reason: "the account is in maintenance"},
	{code: 131060, class: bot.ClassFail, reason: "the message is not available"},
	{code: 131062, class: bot.ClassFail, reason: "this kind of message needs the phone number"},
	{code: 131063, class: bot.ClassFail, reason: "marketing messages are off"},
	{code: 131064, class: bot.ClassFail, reason: "limited for templates in a wrong category"},
	{code: 132000, class: bot.ClassFail, reason: "the template has another number of parameters"},
	{code: 132001, class: bot.ClassFail, reason: "the template is absent in this language or not approved"},
	{code: 132005, class: bot.ClassFail, reason: "the filled-in template is too long"},
	{code: 132007, class: bot.ClassFail, reason: "the template breaks a policy"},
	{code: 132012, class: bot.ClassFail, reason: "a template parameter has the wrong format"},
	{code: 132015, class: bot.ClassFail, reason: "the template is paused for its quality"},
	{code: 132016, class: bot.ClassFail, reason: "the template is disabled for its quality"},
	{code: 132068, class: bot.ClassFail, reason: "the form is blocked"},
	{code: 132069, class: bot.ClassWait, reason: "the form is throttled"},
	{code: 133000, class: bot.ClassAlarm, reason: "an earlier deregistration is incomplete"},
	{code: 133004, class: bot.ClassRetry, reason: "the server is temporarily unavailable"},
	{code: 133005, class: bot.ClassAlarm, reason: "the two-step PIN is wrong"},
	{code: 133006, class: bot.ClassAlarm, reason: "the number must be verified again"},
	{code: 133008, class: bot.ClassAlarm, reason: "too many guesses of the two-step PIN"},
	{code: 133009, class: bot.ClassAlarm, reason: "the two-step PIN was tried too fast"},
	{code: 133010, class: bot.ClassAlarm, reason: "the number is not registered"},
	{code: 133015, class: bot.ClassAlarm, pause: 5 * time.Minute, reason: "the number was just deleted"},
	{code: 133016, class: bot.ClassAlarm, pause: 72 * time.Hour, reason: "the number was registered too often"},
	{code: 134011, class: bot.ClassAlarm, reason: "the payment terms are not accepted"},
	{code: 135000, class: bot.ClassFail, reason: "a parameter of the request is wrong"},
}

package meta_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/adapters/meta"
	"frontdesk/bot"
)

// The tables are the documentation's, written down apart from the code: class,
// and in what a code differs from the others of its class.
//
//	R retry   R2, R3: at most so many tries   Rp: not at once
//	W wait    WA: the whole account   WL: the whole account, for hours
//	F fail    FS: the window is shut
//	C alarm   Cp: not at once
//	U unknown U2: at most two tries
var whatsappCodes = map[string]string{
	"0": "C", "1": "R2", "2": "R", "3": "C", "4": "WA", "10": "C", "33": "C", "100": "F", "190": "C",
	"200": "C", "210": "C", "299": "C", "368": "C", "80007": "WA",
	"130403": "F", "130429": "WA", "130472": "F", "130497": "F",
	"131000": "R3", "131005": "C", "131008": "F", "131009": "F", "131016": "R", "131021": "F", "131026": "F", "131030": "F",
	"131031": "C", "131037": "C", "131042": "C", "131045": "C", "131047": "FS", "131048": "WL", "131049": "F", "131050": "F",
	"131051": "F", "131052": "F", "131053": "R2", "131055": "F", "131056": "W", "131057": "Rp", "131060": "F", "131062": "F",
	"131063": "F", "131064": "F",
	"132000": "F", "132001": "F", "132005": "F", "132007": "F", "132012": "F", "132015": "F", "132016": "F", "132068": "F", "132069": "W",
	"133000": "C", "133004": "R", "133005": "C", "133006": "C", "133008": "C", "133009": "C", "133010": "C", "133015": "Cp", "133016": "Cp",
	"134011": "C", "135000": "F", "300": "F", "999999": "F",
}

var messengerCodes = map[string]string{
	"10/2018278": "FS", "10/2018065": "FS", "10/2018108": "F", "10/1893063": "C", "10": "C", "10/1": "C",
	"100/2018001": "F", "100": "F", "190": "C", "190/460": "C", "190/463": "C", "200/1545041": "F", "200": "C", "551": "F", "368": "C",
	"613": "WA", "4": "WA", "17": "WA", "32": "WA", "2": "R", "1200": "R", "1/99": "U2", "1/1357046": "U2", "1": "U2",
	"131047": "F", // WhatsApp's
}

func TestClassifyEveryCode(t *testing.T) {
	t.Parallel()
	for platform, codes := range map[meta.Platform]map[string]string{meta.WhatsApp: whatsappCodes, meta.Messenger: messengerCodes} {
		for code, want := range codes {
			f := meta.Failure{Graph: true, Status: 400}
			if _, err := fmt.Sscanf(strings.Replace(code, "/", " ", 1)+" 0", "%d %d", &f.Code, &f.Subcode); err != nil {
				t.Fatal(err)
			}
			// The same trouble comes as an answer and as a failed status.
			for _, f.Status = range []int{400, 0} {
				e := meta.Classify(platform, f)
				if got := short(e); got != want {
					t.Errorf("platform %d, code %s: %s, want %s (%v)", platform, code, got, want, e)
				}
				if e.Code != code || e.Reason == "" {
					t.Errorf("platform %d, code %s: %+v", platform, code, e)
				}
			}
		}
	}
}

func short(e *bot.SendError) string {
	s := map[bot.Class]string{bot.ClassRetry: "R", bot.ClassWait: "W", bot.ClassFail: "F", bot.ClassAlarm: "C", bot.ClassUnknown: "U"}[e.Class]
	switch {
	case e.Account && e.RetryAfter >= time.Hour:
		s += "L"
	case e.Account:
		s += "A"
	case e.Shut:
		s += "S"
	case e.RetryAfter > 0:
		s += "p"
	}
	if e.Attempts > 0 {
		s += fmt.Sprint(e.Attempts)
	}
	return s
}

// Without a known code the HTTP status tells, and who spoke.
func TestClassifyByStatus(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f    meta.Failure
		want string
	}{
		"too many requests":                     {meta.Failure{Status: 429}, "http_429 WA"},
		"too many requests, unknown code":       {meta.Failure{Status: 429, Graph: true, Code: 7777}, "7777 WA"},
		"the platform's fault, unknown code":    {meta.Failure{Status: 502, Graph: true, Code: 7777}, "7777 R"},
		"a passing fault, unknown code":         {meta.Failure{Status: 400, Graph: true, Code: 7777, Transient: true}, "7777 R"},
		"a server's fault":                      {meta.Failure{Status: 500}, "http_500 R"},
		"a server without room":                 {meta.Failure{Status: 503}, "http_503 R"},
		"a gateway without an answer":           {meta.Failure{Status: 502}, "http_502 U"},
		"a gateway that waited too long":        {meta.Failure{Status: 504}, "http_504 U"},
		"a proxy that waited for our request":   {meta.Failure{Status: 408}, "http_408 R"},
		"the token is refused, unknown code":    {meta.Failure{Status: 401, Graph: true, Code: 7777}, "7777 C"},
		"not found by something else":           {meta.Failure{Status: 404}, "http_404 C"},
		"a redirect":                            {meta.Failure{Status: 302}, "http_302 C"},
		"too large":                             {meta.Failure{Status: 413}, "http_413 F"},
		"a failed status with an unknown code":  {meta.Failure{Graph: true, Code: 7777}, "7777 F"},
		"the code counts more than the status":  {meta.Failure{Status: 500, Graph: true, Code: 131047}, "131047 FS"},
		"a code with a demand to wait":          {meta.Failure{Status: 400, Graph: true, Code: 131056, RetryAfter: time.Minute}, "131056 Wp"},
		"the longer of two pauses is the pause": {meta.Failure{Status: 400, Graph: true, Code: 131048, RetryAfter: time.Second}, "131048 WL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := meta.Classify(meta.WhatsApp, c.f)
			if got := e.Code + " " + short(e); got != c.want || e.Reason == "" {
				t.Errorf("got %s, want %s (%v)", got, c.want, e)
			}
		})
	}
}

// A server is away only when it says so itself: what is wrong with an account is
// so on a server in good health, whatever status it says that with.
func TestClassifySaysWhetherTheServerIsAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f    meta.Failure
		want bool
	}{
		"a server's fault":                         {meta.Failure{Status: 500}, true},
		"a server without room":                    {meta.Failure{Status: 503}, true},
		"a gateway without an answer":              {meta.Failure{Status: 502}, true},
		"a gateway that waited too long":           {meta.Failure{Status: 504}, true},
		"the platform's fault with a code":         {meta.Failure{Status: 503, Graph: true, Code: 2}, true},
		"an account's trouble under status 500":    {meta.Failure{Status: 500, Graph: true, Code: 131045}, false},
		"a refusal under status 500":               {meta.Failure{Status: 500, Graph: true, Code: 131047}, false},
		"a fault that came as a status of its own": {meta.Failure{Graph: true, Code: 131000}, false},
		"too many requests":                        {meta.Failure{Status: 429}, false},
		"a refused token":                          {meta.Failure{Status: 401}, false},
		"a refusal":                                {meta.Failure{Status: 400, Graph: true, Code: 131026}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := meta.Classify(meta.WhatsApp, c.f).Host; got != c.want {
				t.Errorf("away: %t, want %t", got, c.want)
			}
		})
	}
}

package load

import (
	"fmt"
	"time"
)

// Bounds are what a run must keep to besides losing nothing. Zero: no bound.
type Bounds struct {
	WebhookP99   time.Duration
	AnswerP99    time.Duration
	MemoryGrowth float64 // bytes
	Steady       bool    // memory and goroutines of the program must be flat in the second half
}

// Missed tells everything that is wrong with a run, a sentence each; nil: nothing is.
func (r *Report) Missed(b Bounds) []string {
	var all []string
	miss := func(wrong bool, format string, args ...any) {
		if wrong {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	v := r.Verdict
	miss(r.Answered == 0, "no message was answered")
	miss(v.Lost > 0, "%s got a 200 and no answer", some(v.Lost, "message"))
	miss(v.Doubled > 0, "%s came twice", some(v.Doubled, "answer"))
	miss(v.Reordered > 0, "%s came in another order than the messages", some(v.Reordered, "answer"))
	miss(v.Strayed > 0, "%s came to another customer", some(v.Strayed, "answer"))
	miss(v.Refused > 0, "%s never got a 200", some(v.Refused, "message"))
	miss(v.Unheard > 0, "%s to nothing that was sent", some(v.Unheard, "answer"))
	miss(r.Graph.Wrong > 0, "%s to the Graph API that it does not understand", some(r.Graph.Wrong, "request"))
	miss(r.Told.Untold > 0 && !r.Stopped, "statuses that never got a 200: %s", thousands(r.Told.Untold))
	miss(b.WebhookP99 > 0 && r.Webhook.P99 > millis(b.WebhookP99), "the 99th percentile of webhooks is %s, above %s", ms(r.Webhook.P99), b.WebhookP99)
	miss(b.AnswerP99 > 0 && r.Answer.P99 > millis(b.AnswerP99), "the 99th percentile of answers is %s, above %s", ms(r.Answer.P99), b.AnswerP99)
	if b.MemoryGrowth > 0 || b.Steady {
		miss(r.Program == nil, "the program told nothing of its memory; is its ops_listen right?")
	}
	if r.Program == nil {
		return all
	}
	miss(b.MemoryGrowth > 0 && r.Program.Growth > b.MemoryGrowth, "memory grew by %s, more than %s", bytesText(r.Program.Growth), bytesText(b.MemoryGrowth))
	for _, what := range r.Program.Unsteady {
		miss(b.Steady, "not steady: %s", what)
	}
	return all
}

func some(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return thousands(n) + " " + what + "s"
}

package inbox

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// forecastPage is what a supervisor sees: which windows will be missed, and what
// one person more or fewer would change.
type forecastPage struct {
	Business, Title string
	Me              string
	Queues          []forecastView
}

type forecastView struct {
	Queue   string
	Waiting string
	Duty    string
	Says    []string // what the numbers mean
	Chart   *chartView
	Within  []missedView // after some lengths of time
	Hours   []missedView // by the end of each hour
	Basis   string       // what it goes by
	At      string       // when it was made
}

// missedView is a row of a table: how many windows will have been missed.
type missedView struct{ By, Fewer, Planned, More string }

func (in *Inbox) forecast(c *gin.Context, me handoff.Agent) {
	v, err := in.viewer(c.Request.Context(), c.Request, me)
	if err != nil {
		in.fault(c, err)
		return
	}
	p := forecastPage{Business: in.Business(), Title: "Forecast", Me: v.display(me.Name)}
	if in.Forecasts != nil {
		told := in.Forecasts()
		for _, queue := range slices.Sorted(maps.Keys(told)) {
			p.Queues = append(p.Queues, v.forecast(told[queue]))
		}
	}
	in.render(c, http.StatusOK, in.templates.forecast, "layout", p)
}

func (v viewer) forecast(f bot.Forecast) forecastView {
	view := forecastView{
		Queue: f.Queue, Waiting: waitingWords(f), Duty: v.duty(f), Says: v.means(f),
		Chart: v.chart(f), Basis: sentence(f.Basis()), At: v.moment(f.At),
	}
	for _, hours := range []int{4, 24, 48} {
		d := time.Duration(hours) * time.Hour
		if len(f.Hours) >= hours {
			view.Within = append(view.Within, missed("within "+strconv.Itoa(hours)+" hours", f.Within(d)))
		}
	}
	for _, m := range f.Hours {
		view.Hours = append(view.Hours, missed(v.moment(m.By), m))
	}
	return view
}

func missed(by string, m handoff.Missed) missedView {
	return missedView{By: by, Fewer: about(m.Fewer), Planned: about(m.Planned), More: about(m.More)}
}

// whole is an expected number as people count. Half a window is not missed.
func whole(n float64) int { return int(math.Round(n)) }

func about(n float64) string { return strconv.Itoa(whole(n)) }

func waitingWords(f bot.Forecast) string {
	if f.Waiting == 0 {
		return "nobody"
	}
	says := words(f.Waiting, "conversation")
	if f.Behind > 0 {
		says += fmt.Sprintf(", %d of them put behind, as not all can be answered in time", f.Behind)
	}
	return says
}

// duty tells who is there now and who comes next.
func (v viewer) duty(f bot.Forecast) string {
	now, next := onDuty(f.Shifts, v.now)
	says := "nobody now"
	if now.People > 0 {
		says = people(now.People) + " until " + v.moment(now.To)
	}
	switch {
	case next.People == 0 && now.People == 0:
		return fmt.Sprintf("nobody in the next %d hours", len(f.Hours))
	case next.People == 0:
		return says
	case next.From.Equal(now.To):
		return says + ", then " + people(next.People) + " until " + v.moment(next.To)
	default:
		return says + ", " + people(next.People) + " from " + v.moment(next.From) + " until " + v.moment(next.To)
	}
}

// onDuty are the shift of a moment and the one after it; without people: there is none.
func onDuty(shifts []handoff.Shift, at time.Time) (now, next handoff.Shift) {
	for _, s := range shifts {
		switch {
		case !s.To.After(at):
		case !s.From.After(at):
			now = s
		default:
			return now, s
		}
	}
	return now, next
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return strconv.Itoa(n) + " people"
}

// means says what the numbers of a forecast come to.
func (v viewer) means(f bot.Forecast) []string {
	if len(f.Hours) == 0 {
		return []string{"There is no forecast yet."}
	}
	end := f.Hours[len(f.Hours)-1]
	planned, fewer, more := whole(end.Planned), whole(end.Fewer), whole(end.More)
	var says []string
	switch {
	case planned == 0 && f.Since.IsZero():
		says = append(says, "Everybody who waits now can be answered in time. What will come is not known yet.")
	case planned == 0:
		says = append(says, fmt.Sprintf("With the people who are planned every window of the next %d hours can be met.", len(f.Hours)))
	case more < planned:
		says = append(says, fmt.Sprintf("Without one more person%s about %s; with one, %s.", v.fromWhen(f), v.closing(f, planned, byPlanned), atMost(more)))
	default:
		says = append(says, fmt.Sprintf("About %s. One more person would not change that.", v.closing(f, planned, byPlanned)))
	}
	if fewer > planned {
		says = append(says, fmt.Sprintf("With one person fewer%s about %s.", v.fromWhen(f), v.closing(f, fewer, byFewer)))
	}
	return says
}

func byPlanned(m handoff.Missed) float64 { return m.Planned }
func byFewer(m handoff.Missed) float64   { return m.Fewer }

// closing says how many windows will close unanswered, and by when that is so.
func (v viewer) closing(f bot.Forecast, n int, of func(handoff.Missed) float64) string {
	i := slices.IndexFunc(f.Hours, func(m handoff.Missed) bool { return whole(of(m)) >= n })
	return words(n, "window") + " will close unanswered by " + v.moment(f.Hours[i].By)
}

// fromWhen is when one more person could begin: with those who are there next.
func (v viewer) fromWhen(f bot.Forecast) string {
	now, next := onDuty(f.Shifts, v.now)
	if now.People > 0 || next.People == 0 {
		return " from now on"
	}
	return " from " + v.moment(next.From)
}

func atMost(n int) string {
	if n == 0 {
		return "none"
	}
	return "about " + strconv.Itoa(n)
}

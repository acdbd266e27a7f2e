package inbox

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/bot"
	"frontdesk/handoff"
)

// crowd opens n tickets, 64 commits at a time: their windows close within a day,
// one in twenty has closed, one in ten has an owner.
func (d *desk) crowd(n int, now time.Time) {
	var group sync.WaitGroup
	next := make(chan int)
	for range 64 {
		group.Go(func() {
			for i := range next {
				id := fmt.Sprintf("c%07d", i)
				closes := now.Add(time.Duration(i*7919%86_400-4_320) * time.Second)
				t := handoff.Ticket{
					ID: "t" + id, Conversation: id, Queue: "support", Reason: "asked", OpenedAt: closes.Add(-24 * time.Hour), WindowCloses: closes,
				}
				status := handoff.Queued
				if i%10 == 0 {
					t.Agent, t.ClaimedAt, status = "ben", now, handoff.Assigned
				}
				t.Place = t.Stand(now)
				at := closes.Add(-24 * time.Hour)
				err := d.store.Commit(d.t.Context(), []bot.Change{{
					Contact: &bot.Contact{ID: "k" + id, Name: "Customer " + id, Aliases: []bot.Alias{{Channel: "whatsapp", Kind: "phone", Value: id}}},
					Conversation: bot.Conversation{
						ID: id, Channel: "whatsapp", Contact: "k" + id, Status: status, Ticket: t.ID, NewestInbound: at, Version: 1, LastSeq: 1,
						CreatedAt: at, UpdatedAt: at,
					},
					Messages: []bot.Message{{
						Conversation: id, Seq: 1, Author: bot.AuthorCustomer, Kind: bot.KindText, Text: "Can somebody help me with my order?",
						At: at, State: bot.StateReceived, StateAt: at,
					}},
					Ticket: &t,
				}})
				if err != nil {
					d.t.Errorf("Commit: %v", err)
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// BenchmarkCrowd is what an agent waits for when 100,000 tickets are open.
func BenchmarkCrowd(b *testing.B) {
	d := newDesk(b, nil)
	d.crowd(100_000, time.Now().UTC())
	ana := d.signedIn("ana")
	time.Sleep(5 * time.Second) // so many do not come in one second: the store is at rest
	row := 0
	for _, act := range []struct {
		name string
		do   func() *http.Response
		want int
	}{
		{"list", func() *http.Response { return ana.get("/inbox") }, http.StatusOK},
		{"list of all", func() *http.Response { return ana.get("/inbox?tab=all") }, http.StatusOK},
		{"next", func() *http.Response { return ana.post("/inbox/next", nil) }, http.StatusSeeOther},
		{"claim", func() *http.Response {
			// Not one that has an owner, is closed, or was the next.
			for row++; row%10 == 0 || row*7919%86_400 < 20_000; row++ {
			}
			return ana.post(fmt.Sprintf("/inbox/c/c%07d/claim", row), nil)
		}, http.StatusSeeOther},
	} {
		b.Run("act="+act.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				begun := time.Now()
				r := act.do()
				took = append(took, time.Since(begun))
				if r.StatusCode != act.want {
					b.Fatalf("answered with %s", r.Status)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

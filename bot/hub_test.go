package bot

import (
	"sync"
	"testing"
)

func TestHubTellsWhoLooksAtTheConversation(t *testing.T) {
	t.Parallel()
	var h Hub
	one, endOne := h.Subscribe("a")
	all, endAll := h.Subscribe("")
	h.Publish(Hint{Conversation: "b"})
	h.Publish(Hint{Conversation: "a"})
	if got := <-one; got.Conversation != "a" {
		t.Errorf("the subscriber of a was told of %q", got.Conversation)
	}
	if first, second := <-all, <-all; first.Conversation != "b" || second.Conversation != "a" {
		t.Errorf("the subscriber of all was told of %q, %q", first.Conversation, second.Conversation)
	}
	endOne()
	endOne()
	if _, open := <-one; open {
		t.Error("an ended subscription is still open")
	}
	h.Close()
	h.Close()
	if _, open := <-all; open {
		t.Error("a closed hub keeps subscriptions open")
	}
	endAll()
	late, end := h.Subscribe("")
	defer end()
	if _, open := <-late; open {
		t.Error("a closed hub takes subscriptions")
	}
}

func TestHubNeverWaitsForASlowPage(t *testing.T) {
	t.Parallel()
	var h Hub
	hints, end := h.Subscribe("")
	defer end()
	for range 10 * hintsWaiting {
		h.Publish(Hint{Conversation: "a"})
	}
	everything := false
	for len(hints) > 0 {
		if (<-hints == Hint{}) {
			everything = true
		}
	}
	if !everything {
		t.Error("hints were dropped and the subscriber was not told to read everything again")
	}
}

func TestHubFromManyGoroutines(t *testing.T) {
	t.Parallel()
	var (
		h     Hub
		group sync.WaitGroup
	)
	for range 8 {
		group.Go(func() {
			for range 200 {
				hints, end := h.Subscribe("a")
				h.Publish(Hint{Conversation: "a"})
				<-hints
				end()
			}
		})
	}
	group.Wait()
	h.Close()
}

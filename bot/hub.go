package bot

import "sync"

// hintsWaiting is how many hints a slow subscriber may be behind before they
// are folded into one that means "fetch everything again".
const hintsWaiting = 32

// Hint says that a conversation changed. It carries no data: whoever shows the
// conversation reads it again. The zero Hint means that hints were dropped and
// everything shown must be read again.
type Hint struct{ Conversation string }

// Hub passes hints to open pages. Its zero value is ready; its methods may be
// called from many goroutines. It starts none.
type Hub struct {
	mu     sync.Mutex
	subs   map[*subscriber]struct{}
	closed bool
}

type subscriber struct {
	conversation string // empty: all
	hints        chan Hint
}

// Subscribe returns a channel of hints about one conversation, or about all
// when conversation is empty, and a function that ends the subscription and
// may be called twice. The channel is closed when the subscription or the hub
// ends.
func (h *Hub) Subscribe(conversation string) (<-chan Hint, func()) {
	s := &subscriber{conversation: conversation, hints: make(chan Hint, hintsWaiting)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(s.hints)
		return s.hints, func() {}
	}
	if h.subs == nil {
		h.subs = make(map[*subscriber]struct{})
	}
	h.subs[s] = struct{}{}
	return s.hints, func() { h.end(s) }
}

// Publish tells every subscriber of the conversation. It never waits: when a
// subscriber is too far behind, what it missed becomes one zero Hint.
func (h *Hub) Publish(hint Hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		if s.conversation != "" && hint.Conversation != "" && s.conversation != hint.Conversation {
			continue
		}
		select {
		case s.hints <- hint:
		default:
			s.overflow()
		}
	}
}

// overflow empties the queue and leaves one hint that stands for all. The
// hub's lock is held, so nobody else sends meanwhile.
func (s *subscriber) overflow() {
	for {
		select {
		case <-s.hints:
			continue
		default:
		}
		break
	}
	s.hints <- Hint{}
}

// Close ends all subscriptions. It may be called twice.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		delete(h.subs, s)
		close(s.hints)
	}
}

func (h *Hub) end(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, ok := h.subs[s]; ok {
		delete(h.subs, s)
		close(s.hints)
	}
}

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
	subs   map[string]map[*subscriber]struct{} // by conversation; empty: all
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
		h.subs = make(map[string]map[*subscriber]struct{})
	}
	if h.subs[conversation] == nil {
		h.subs[conversation] = make(map[*subscriber]struct{})
	}
	h.subs[conversation][s] = struct{}{}
	return s.hints, func() { h.end(s) }
}

// Publish tells every subscriber of the conversation. It never waits: when a
// subscriber is too far behind, what it missed becomes one zero Hint.
func (h *Hub) Publish(hint Hint) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tell("", hint)
	if hint.Conversation != "" {
		h.tell(hint.Conversation, hint)
		return
	}
	for conversation := range h.subs {
		if conversation != "" {
			h.tell(conversation, hint)
		}
	}
}

func (h *Hub) tell(conversation string, hint Hint) {
	for s := range h.subs[conversation] {
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
	for _, subs := range h.subs {
		for s := range subs {
			close(s.hints)
		}
	}
	h.subs = nil
}

func (h *Hub) end(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	subs := h.subs[s.conversation]
	if _, ok := subs[s]; !ok {
		return
	}
	delete(subs, s)
	if len(subs) == 0 {
		delete(h.subs, s.conversation)
	}
	close(s.hints)
}

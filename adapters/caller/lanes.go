package caller

import (
	"context"
	"sync"
)

// abreast is how many calls go to one host side by side: a slow system of the
// business must not be buried by its own customers.
const abreast = 8

// lanes bounds the calls to each host. The zero value is ready; its methods may
// be called from many goroutines.
type lanes struct {
	mu    sync.Mutex
	hosts map[string]*lane
}

type lane struct {
	slots chan struct{}
	users int // who is in it or waits for it; the last one removes it
}

// enter waits for a place until ctx ends. leave must be called once after no error.
func (l *lanes) enter(ctx context.Context, host string) (leave func(), err error) {
	here := l.join(host)
	select {
	case here.slots <- struct{}{}:
		return func() { <-here.slots; l.part(host, here) }, nil
	case <-ctx.Done():
		l.part(host, here)
		return nil, ctx.Err()
	}
}

func (l *lanes) join(host string) *lane {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hosts == nil {
		l.hosts = make(map[string]*lane)
	}
	here, ok := l.hosts[host]
	if !ok {
		here = &lane{slots: make(chan struct{}, abreast)}
		l.hosts[host] = here
	}
	here.users++
	return here
}

func (l *lanes) part(host string, here *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if here.users--; here.users == 0 {
		delete(l.hosts, host)
	}
}

package load

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// lines are connections to the program. net/http's client has two goroutines
// for each of them and costs half as much again; here whoever sends a webhook
// writes it and reads its answer. Methods may be called from many goroutines.
type lines struct {
	target *url.URL
	tls    *tls.Config // nil: as the system trusts
	mu     sync.Mutex
	idle   []*line
	open   map[*line]struct{}
	closed bool
}

// line is a connection. It is used for one webhook at a time.
type line struct {
	net.Conn
	answers *bufio.Reader
	used    time.Time // when it was given back; zero: never
}

const (
	dialWithin = 5 * time.Second
	idleFor    = 5 * time.Second // the program keeps a goroutine for each connection: none longer than needed
)

// get gives a connection that is free, the one used last, or a new one.
func (l *lines) get(ctx context.Context) (*line, error) {
	l.mu.Lock()
	if n := len(l.idle); n > 0 {
		c := l.idle[n-1]
		l.idle = l.idle[:n-1]
		l.mu.Unlock()
		return c, nil
	}
	l.mu.Unlock()
	conn, err := l.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &line{Conn: conn, answers: bufio.NewReaderSize(conn, 1<<10)}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errors.Join(net.ErrClosed, conn.Close())
	}
	l.open[c] = struct{}{}
	return c, nil
}

func (l *lines) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: dialWithin}
	host, port := l.target.Hostname(), l.target.Port()
	if l.target.Scheme == "https" {
		if port == "" {
			port = "443"
		}
		return (&tls.Dialer{NetDialer: &d, Config: l.tls}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	}
	if port == "" {
		port = "80"
	}
	return d.DialContext(ctx, "tcp", net.JoinHostPort(host, port))
}

// put gives a connection back; one that cannot be used again is closed.
func (l *lines) put(c *line, again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if again && !l.closed {
		c.used = time.Now()
		l.idle = append(l.idle, c)
		if first := l.idle[0]; c.used.Sub(first.used) > idleFor { // the one that is needed least
			l.idle = l.idle[1:]
			l.drop(first)
		}
		return
	}
	l.drop(c)
}

func (l *lines) drop(c *line) {
	delete(l.open, c)
	_ = c.Close()
}

// close ends everything, also what is under way.
func (l *lines) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for c := range l.open {
		_ = c.Close()
	}
}

// send writes a request and gives the status of its answer. A connection that the
// program closed while it was idle is replaced once: nothing was read from it.
func (l *lines) send(ctx context.Context, request []byte) (status int, err error) {
	for {
		c, err := l.get(ctx)
		if err != nil {
			return 0, err
		}
		used := !c.used.IsZero()
		status, again, err := c.send(ctx, request)
		l.put(c, again)
		if used && errors.Is(err, errStale) && ctx.Err() == nil {
			continue
		}
		return status, err
	}
}

// errStale is for a connection that ended before a byte of the answer.
var errStale = errors.New("the connection had ended")

func (c *line) send(ctx context.Context, request []byte) (status int, again bool, err error) {
	deadline := time.Now().Add(answerWithin)
	if end, ok := ctx.Deadline(); ok && end.Before(deadline) {
		deadline = end
	}
	if err := c.SetDeadline(deadline); err != nil {
		return 0, false, err
	}
	if _, err := c.Write(request); err != nil {
		return 0, false, stale(err)
	}
	if _, err := c.answers.Peek(1); err != nil {
		return 0, false, stale(err)
	}
	resp, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return 0, false, err
	}
	_, err = io.Copy(io.Discard, resp.Body) // to its end, where the next answer begins
	_ = resp.Body.Close()
	return resp.StatusCode, err == nil && !resp.Close, err
}

// stale marks an error that is no waiting in vain.
func stale(err error) error {
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return err
	}
	return errors.Join(errStale, err)
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"frontdesk/adapters/boltstore"
	"frontdesk/adapters/meta/metatest"
	"frontdesk/bot"
)

const (
	number = "700100200300400"
	pageID = "300200100"
	secret = "the-app-secret-of-the-tests"
	verify = "the-verify-token-of-the-tests"
	token  = "the-access-token-of-the-tests"
)

// buildFolder is where built keeps the program; TestMain removes it.
var buildFolder = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "frontdesk-test-") })

// built is the program as it is released, compiled once for all tests.
var built = sync.OnceValues(func() (string, error) {
	dir, err := buildFolder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "frontdesk")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building frontdesk: %w\n%s", err, out)
	}
	return path, nil
})

// program is the real program in a process of its own, with a Graph server as
// its far side.
type program struct {
	t      testing.TB
	dir    string
	flows  string
	listen string
	graph  *metatest.Graph
	client *http.Client // keeps cookies: an agent's browser

	cmd    *exec.Cmd
	exited chan error
	lines  map[string]string // what it printed where everything is: "inbox" -> address
	public string
	ops    string
}

// newProgram prepares a program; start starts it. fail misbehaves as Graph, or is nil.
func newProgram(t testing.TB, flows string, o metatest.Options) *program {
	t.Helper()
	o.Token, o.AppSecret = token, secret
	o.Numbers, o.Pages = []string{number}, []string{pageID}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{
		t: t, dir: t.TempDir(), flows: flows, listen: "127.0.0.1:0", graph: metatest.NewGraph(t, o),
		client: &http.Client{Jar: jar, Timeout: 30 * time.Second},
	}
	config := fmt.Sprintf(`
channels:
  whatsapp:
    kind: whatsapp
    phone_number_id: %q
    access_token: ${WHATSAPP_ACCESS_TOKEN}
    app_secret: ${WHATSAPP_APP_SECRET}
    verify_token: ${WHATSAPP_VERIFY_TOKEN}
    graph_url: %s
    unknown_wait: 5s
    rate: 1000
  messenger:
    kind: messenger
    page_id: %q
    access_token: ${MESSENGER_PAGE_TOKEN}
    app_secret: ${MESSENGER_APP_SECRET}
    verify_token: ${MESSENGER_VERIFY_TOKEN}
    graph_url: %s
    unknown_wait: 5s
  web:
    kind: webchat
`, number, p.graph.URL(), pageID, p.graph.URL())
	if err := os.WriteFile(filepath.Join(p.dir, "frontdesk.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *program) data() string { return filepath.Join(p.dir, "data") }

// run runs a command of the program to its end and gives what it printed.
func (p *program) run(args ...string) string {
	p.t.Helper()
	out, err := p.command(args...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("frontdesk %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (p *program) command(args ...string) *exec.Cmd {
	p.t.Helper()
	path, err := built()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(),
		"WHATSAPP_ACCESS_TOKEN="+token, "WHATSAPP_APP_SECRET="+secret, "WHATSAPP_VERIFY_TOKEN="+verify,
		"MESSENGER_PAGE_TOKEN="+token, "MESSENGER_APP_SECRET="+secret, "MESSENGER_VERIFY_TOKEN="+verify,
		"FRONTDESK_DATA="+p.data(),
	)
	return cmd
}

// start starts frontdesk serve and returns when it listens. After the first
// start it listens on the same address again.
func (p *program) start() {
	p.t.Helper()
	p.cmd = p.command("serve", p.flows, "--config", filepath.Join(p.dir, "frontdesk.yaml"),
		"--listen", p.listen, "--ops-listen", "127.0.0.1:0", "--log-level", "warn")
	p.launch("ops")
	p.listen = strings.TrimPrefix(p.public, "http://")
}

// launch starts p.cmd and reads where everything is, up to the line that begins with last.
func (p *program) launch(last string) {
	p.t.Helper()
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd.Stderr = p.t.Output()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.exited = make(chan error, 1)
	p.lines = make(map[string]string)
	ready := make(chan struct{})
	go func() {
		announced := sync.OnceFunc(func() { close(ready) })
		defer announced()
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			what, where, ok := strings.Cut(lines.Text(), " ")
			select {
			case <-ready: // what comes later is not for the map
			default:
				if ok {
					p.lines[what] = strings.TrimSpace(where)
				}
			}
			if what == last {
				announced()
			}
		}
	}()
	select {
	case <-ready:
	case <-time.After(30 * time.Second):
		p.t.Fatal("frontdesk did not say where it listens")
	}
	go func(cmd *exec.Cmd, exited chan error) { exited <- cmd.Wait() }(p.cmd, p.exited)
	if p.lines["inbox"] == "" {
		p.t.Fatalf("frontdesk ended at once: %v", <-p.exited)
	}
	p.public, p.ops = strings.TrimSuffix(p.lines["inbox"], "/inbox"), p.lines["ops"]
	cmd := p.cmd
	p.t.Cleanup(func() { _ = cmd.Process.Kill() })
}

// kill ends the program as a power cut would.
func (p *program) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	<-p.exited
}

// stop asks the program to end, and checks that it does so in time and with 0.
func (p *program) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case err := <-p.exited:
		if err != nil {
			p.t.Errorf("SIGTERM ended the program with %v, want exit 0", err)
		}
	case <-time.After(10 * time.Second):
		p.t.Error("the program did not end within ten seconds of SIGTERM")
		p.kill()
	}
}

// post sends a signed webhook to a channel and gives the status.
func (p *program) post(channel string, body []byte) (int, string) {
	p.t.Helper()
	status, answer, err := metatest.SignedPost(p.t.Context(), http.DefaultClient, p.public+"/webhooks/"+channel, secret, body)
	if err != nil {
		p.t.Fatal(err)
	}
	return status, answer
}

// accept is post, of what must be accepted.
func (p *program) accept(channel string, body []byte) {
	p.t.Helper()
	if status, answer := p.post(channel, body); status != http.StatusOK {
		p.t.Fatalf("the webhook was answered with %d %s, want 200", status, answer)
	}
}

// sent waits until the Graph server accepted n messages for a recipient, and
// gives their texts.
func (p *program) sent(recipient string, n int) []metatest.Request {
	p.t.Helper()
	var got []metatest.Request
	p.eventually(fmt.Sprintf("%d messages to %s", n, recipient), func() bool {
		got = p.graph.SentTo(recipient)
		return len(got) >= n
	})
	return got
}

// eventually waits for something outside of this process.
func (p *program) eventually(what string, ok func() bool) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 60*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// signIn adds an agent while the program is stopped, starts it and signs in.
func (p *program) signIn(name string) {
	p.t.Helper()
	out := p.run("agent", "add", name)
	password := strings.TrimSpace(out[strings.LastIndex(out, "password ")+len("password "):])
	p.start()
	p.form("/inbox/sign-in", url.Values{"name": {name}, "password": {password}})
}

// form sends a form of the inbox as a browser without JavaScript does, and
// gives the page that comes back.
func (p *program) form(path string, values url.Values) string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.public+path, strings.NewReader(values.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.page(req)
}

func (p *program) get(path string) string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.public+path, http.NoBody)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.page(req)
}

func (p *program) page(req *http.Request) string {
	p.t.Helper()
	resp, err := p.client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s was answered with %d\n%s", req.Method, req.URL.Path, resp.StatusCode, body)
	}
	return string(body)
}

// transcript reads a conversation out of the store of a stopped program, as
// lines "author state text".
func (p *program) transcript(a bot.Alias) []string {
	p.t.Helper()
	store, err := boltstore.Open(filepath.Join(p.data(), "frontdesk.db"), boltstore.Options{})
	if err != nil {
		p.t.Fatal(err)
	}
	defer store.Close()
	s, err := store.Load(p.t.Context(), bot.Lookup{Channel: a.Channel, Aliases: []bot.Alias{a}})
	if errors.Is(err, bot.ErrNotFound) || s.Conversation.ID == "" {
		return nil
	} else if err != nil {
		p.t.Fatal(err)
	}
	messages, err := store.Transcript(p.t.Context(), s.Conversation.ID, 0, 100_000)
	if err != nil {
		p.t.Fatal(err)
	}
	var out []string
	for _, m := range messages {
		out = append(out, strings.Join([]string{string(m.Author), string(m.State), m.Text}, " "))
	}
	return out
}

// phone is how WhatsApp knows a person.
func phone(digits string) bot.Alias {
	return bot.Alias{Channel: "whatsapp", Kind: "phone", Value: digits}
}

// messengerPerson is how Messenger knows a person.
func messengerPerson(psid string) bot.Alias {
	return bot.Alias{Channel: "messenger", Kind: "psid", Value: psid}
}

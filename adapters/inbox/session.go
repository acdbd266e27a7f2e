package inbox

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"frontdesk/bot"
	"frontdesk/handoff"
)

const (
	sessionCookie = "frontdesk_session"
	// sessionLength is a working day, counted from the sign-in. It does not
	// slide: a forgotten browser is signed out by the next morning however many
	// open pages ask for news, and reading a page writes nothing to the store.
	sessionLength = 12 * time.Hour
)

var errSignedOut = errors.New("not signed in")

// begin signs agent in: a new token always, so that a token planted before the
// sign-in is worth nothing, and the browser's former session ends.
func (in *Inbox) begin(c *gin.Context, agent string) error {
	if err := in.end(c); err != nil {
		return err
	}
	token := rand.Text()
	s := handoff.Session{TokenHash: hashToken(token), Agent: agent, ExpiresAt: time.Now().UTC().Add(sessionLength)}
	if err := in.Sessions.SaveSession(c.Request.Context(), s); err != nil {
		return err
	}
	in.setCookie(c, token, int(sessionLength/time.Second))
	return nil
}

// end ends the session of the request's cookie, if there is one.
func (in *Inbox) end(c *gin.Context) error {
	for _, cookie := range c.Request.CookiesNamed(sessionCookie) {
		if err := in.Sessions.DeleteSession(c.Request.Context(), hashToken(cookie.Value)); err != nil {
			return err
		}
	}
	in.setCookie(c, "", -1)
	return nil
}

func (in *Inbox) setCookie(c *gin.Context, value string, maxAge int) {
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // Secure is as configured: without HTTPS nobody could sign in
		Name: sessionCookie, Value: value, Path: "/inbox", MaxAge: maxAge,
		Secure: in.Secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

// whose tells which agent a request is from, or errSignedOut.
func (in *Inbox) whose(ctx context.Context, r *http.Request) (handoff.Agent, error) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return handoff.Agent{}, errSignedOut
	}
	s, err := in.Sessions.Session(ctx, hashToken(cookie.Value))
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return handoff.Agent{}, errSignedOut
	case err != nil:
		return handoff.Agent{}, err
	case !time.Now().Before(s.ExpiresAt):
		return handoff.Agent{}, errSignedOut
	}
	agent, err := in.Agents.Agent(ctx, s.Agent)
	if errors.Is(err, bot.ErrNotFound) {
		return handoff.Agent{}, errSignedOut
	}
	return agent, err
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

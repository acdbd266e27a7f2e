package webchat

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"time"

	"frontdesk/bot"
)

const (
	visitorCookie = "frontdesk_visitor"
	// visitorLength is how long a visitor finds the conversation again, counted
	// from the last visit.
	visitorLength = 365 * 24 * time.Hour
	// aliasKind is the kind of the only name we know a visitor by.
	aliasKind = "visitor"
)

// tokenShape is what rand.Text makes; nothing else was ever given out.
var tokenShape = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// visitor is the hash of a visitor's token: the name the store knows. The zero
// visitor is nobody.
type visitor string

func visitorOf(token string) visitor {
	sum := sha256.Sum256([]byte(token))
	return visitor(hex.EncodeToString(sum[:]))
}

// known tells who the request is from, or nobody when it has no token of ours.
func known(r *http.Request) visitor {
	cookie, err := r.Cookie(visitorCookie)
	if err != nil || !tokenShape.MatchString(cookie.Value) {
		return ""
	}
	return visitorOf(cookie.Value)
}

// welcome gives a visitor without a token a new one, and anybody else another year.
func (ch *Channel) welcome(w http.ResponseWriter, r *http.Request) visitor {
	token := ""
	if cookie, err := r.Cookie(visitorCookie); err == nil && tokenShape.MatchString(cookie.Value) {
		token = cookie.Value
	} else {
		token = rand.Text()
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure is as configured: without HTTPS nobody could write
		Name: visitorCookie, Value: token, Path: "/chat", MaxAge: int(visitorLength / time.Second),
		Secure: ch.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return visitorOf(token)
}

func (v visitor) alias(channel string) bot.Alias {
	return bot.Alias{Channel: channel, Kind: aliasKind, Value: string(v)}
}

// conversation is the visitor's conversation, or empty before the first message.
func (ch *Channel) conversation(ctx context.Context, v visitor) (string, error) {
	if v == "" {
		return "", nil
	}
	s, err := ch.Store.Load(ctx, bot.Lookup{Channel: ch.Config.Name, Aliases: []bot.Alias{v.alias(ch.Config.Name)}})
	if err != nil {
		return "", err
	}
	return s.Conversation.ID, nil
}

// event makes the page's id of a message unique among all visitors: nobody can
// use up the id of somebody else's message.
func (v visitor) event(id string) string { return string(v[:16]) + ":" + id }

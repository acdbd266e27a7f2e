package inbox

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The second recommended parameters of RFC 9106, section 4: for machines that
// cannot spare 2 GiB.
const (
	hashPasses  = 3
	hashKiB     = 64 << 10
	hashThreads = 4
	saltBytes   = 16
	keyBytes    = 32
	// hashesAtOnce bounds the memory of all sign-ins together to 128 MiB.
	hashesAtOnce = 2
)

// nobody is what the password of an unknown name is compared with, so that
// unknown names cost the same time. No password is known to have this key.
var nobody = phc(hashKiB, hashPasses, hashThreads, make([]byte, saltBytes), make([]byte, keyBytes))

var errHash = errors.New("this is no argon2id hash in PHC string format")

// HashPassword is the argon2id hash of a password in PHC string format, with a
// new salt each time. It takes about 64 MiB while it works.
func HashPassword(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	key := argon2.IDKey([]byte(password), salt, hashPasses, hashKiB, hashThreads, keyBytes)
	return phc(hashKiB, hashPasses, hashThreads, salt, key)
}

// NewPassword makes a password of 100 random bits that can be read out loud:
// "k7wqz-aa3fp-...", lower case letters and the digits 2 to 7.
func NewPassword() string {
	text := strings.ToLower(rand.Text())
	return text[0:5] + "-" + text[5:10] + "-" + text[10:15] + "-" + text[15:20]
}

// verifyPassword reports whether hash is of password, in constant time. It
// returns an error when hash is not what HashPassword makes.
func verifyPassword(hash, password string) (bool, error) {
	var version, kib, passes uint32
	var threads uint8
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return false, errHash
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &kib, &passes, &threads); err != nil {
		return false, errHash
	}
	// A damaged store must not make us take all memory, or all time.
	if kib < 8 || kib > 1<<20 || passes < 1 || passes > 16 || threads < 1 {
		return false, errHash
	}
	salt, err := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	if err != nil || len(salt) < 8 || len(salt) > 64 {
		return false, errHash
	}
	want, err := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err != nil || len(want) < 16 || len(want) > 64 {
		return false, errHash
	}
	got := argon2.IDKey([]byte(password), salt, passes, kib, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

func phc(kib, passes uint32, threads uint8, salt, key []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, kib, passes, threads, b64(salt), b64(key))
}

// verify is verifyPassword for requests: few at once, and none for somebody
// who went away while waiting.
func (in *Inbox) verify(ctx context.Context, hash, password string) (bool, error) {
	select {
	case in.hashing <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-in.hashing }()
	return verifyPassword(hash, password)
}

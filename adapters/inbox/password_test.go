package inbox

import (
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
)

func cheap(password, salt string) string {
	return phc(8, 1, 1, []byte(salt), argon2.IDKey([]byte(password), []byte(salt), 1, 8, 1, keyBytes))
}

func TestVerifyPassword(t *testing.T) {
	t.Parallel()
	good := cheap("secret", "saltsaltsaltsalt")
	replace := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for _, c := range []struct {
		name, hash, password string
		want                 bool
		err                  error
	}{
		{"the right password", good, "secret", true, nil},
		{"a wrong password", good, "Secret", false, nil},
		{"no password", good, "", false, nil},
		{"another salt", cheap("secret", "pepperpepper1234"), "secret", true, nil},
		{"a key of other parameters", replace("t=1", "t=2"), "secret", false, nil},
		{"the hash of nobody", nobody, "", false, nil},
		{"no hash", "", "secret", false, errHash},
		{"a plain password", "secret", "secret", false, errHash},
		{"another algorithm", replace("argon2id", "argon2i"), "secret", false, errHash},
		{"another version", replace("v=19", "v=16"), "secret", false, errHash},
		{"no memory", replace("m=8", "m=0"), "secret", false, errHash},
		{"all memory", replace("m=8", "m=4294967295"), "secret", false, errHash},
		{"no passes", replace("t=1", "t=0"), "secret", false, errHash},
		{"endless passes", replace("t=1", "t=4000000000"), "secret", false, errHash},
		{"no threads", replace("p=1", "p=0"), "secret", false, errHash},
		{"too many threads", replace("p=1", "p=256"), "secret", false, errHash},
		{"a short salt", phc(8, 1, 1, []byte("salt"), make([]byte, 32)), "secret", false, errHash},
		{"a short key", phc(8, 1, 1, make([]byte, 16), []byte("key")), "secret", false, errHash},
		{"an empty key", phc(8, 1, 1, make([]byte, 16), nil), "", false, errHash},
		{"padded base64", good + "=", "secret", false, errHash},
		{"a part too many", good + "$", "secret", false, errHash},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := verifyPassword(c.hash, c.password)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %v, %v; want %v, %v", got, err, c.want, c.err)
			}
		})
	}
}

// The vector is of the reference implementation: echo -n password | argon2
// somesalt -id -t 2 -m 16 -p 1 -l 32 (phc-winner-argon2, test.c).
func TestVerifyPasswordAgreesWithTheReference(t *testing.T) {
	t.Parallel()
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := verifyPassword(hash, "password"); !ok || err != nil {
		t.Errorf("got %v, %v", ok, err)
	}
}

func TestHashPassword(t *testing.T) {
	t.Parallel()
	hash := HashPassword("correct horse")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Errorf("not the parameters of RFC 9106: %s", hash)
	}
	if ok, err := verifyPassword(hash, "correct horse"); !ok || err != nil {
		t.Errorf("the right password: %v, %v", ok, err)
	}
	if strings.Contains(hash, base64.RawStdEncoding.EncodeToString([]byte("correct horse"))) {
		t.Error("the hash holds the password")
	}
}

func TestNewPasswordCanBeReadAloud(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[a-z2-7]{5}(-[a-z2-7]{5}){3}$`)
	seen := map[string]bool{}
	for range 100 {
		p := NewPassword()
		if !shape.MatchString(p) || seen[p] {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}

func FuzzVerifyPassword(f *testing.F) {
	f.Add(cheap("secret", "saltsaltsaltsalt"), "secret")
	f.Add("$argon2id$v=19$m=8,t=1,p=1$$", "")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, hash, password string) {
		if strings.Count(hash, "$") == 5 && !strings.Contains(hash, "m=8,t=1,p=1") {
			return // only the cheapest parameters: the work is not what is tested
		}
		if ok, err := verifyPassword(hash, password); ok && err != nil {
			t.Errorf("verified with an error: %v", err)
		}
	})
}

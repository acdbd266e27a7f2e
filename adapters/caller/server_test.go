package caller

import (
	"net/url"
	"testing"
)

func TestWhatIsOneServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"https://shop.example/a", "https://shop.example/b", true},
		{"https://shop.example/a", "https://SHOP.example:443/b", true},
		{"http://shop.example/", "https://shop.example/", true},
		{"http://shop.example:80/", "https://shop.example:443/", true},
		{"https://shop.example/", "http://shop.example/", false},
		{"http://shop.example/", "https://shop.example:8443/", false},
		{"http://shop.example:8080/", "https://shop.example/", false},
		{"https://shop.example/", "https://shop.example:8443/", false},
		{"https://shop.example/", "https://www.shop.example/", false},
		{"https://shop.example/", "https://shop.example.evil.example/", false},
		{"https://shop.example/", "https://shop.example@evil.example/", false},
	} {
		from, err := url.Parse(tt.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := url.Parse(tt.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := sameServer(from, to); got != tt.want {
			t.Errorf("%s to %s: %t, want %t", tt.from, tt.to, got, tt.want)
		}
	}
}

package value

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEmailIsFoundInWhatCustomersWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"ada@shop.example", "ada@shop.example"},
		{"My address is Ada.Byron@Shop.Example, thanks", "Ada.Byron@shop.example"},
		{"<ada@shop.example>", "ada@shop.example"},
		{"Ada Byron <ada@shop.example>", "ada@shop.example"},
		{"It's ada@shop.example.", "ada@shop.example"},
		{"ada@shop.example!!!", "ada@shop.example"},
		{"ada@shop.example...", "ada@shop.example"},
		{"(ada@shop.example)", "ada@shop.example"},
		{"'ada@shop.example'", "ada@shop.example"},
		{"*ada@shop.example*", "ada@shop.example"},
		{"mailto:ada@shop.example", "ada@shop.example"},
		{"E-Mail:ada@shop.example", "ada@shop.example"},
		{"ada+orders@shop.example", "ada+orders@shop.example"},
		{"o'brien@shop.example", "o'brien@shop.example"},
		{"_ada@shop.example", "_ada@shop.example"},
		{"ada@mail.shop.co.uk", "ada@mail.shop.co.uk"},
		{"ada@müller.example", "ada@müller.example"},
		{"ada@xn--mller-kva.xn--p1ai", "ada@xn--mller-kva.xn--p1ai"},
		{"我的邮箱是ada@shop.example谢谢", "ada@shop.example"},
		{"ada@shop.example or ada@SHOP.example", "ada@shop.example"},
		{"I am @ada on Instagram, mail ada@shop.example", "ada@shop.example"},
		{"ada@shop.example?", "ada@shop.example"},
		{"ada@shop.example\nthanks", "ada@shop.example"},
		{"1234@qq.com", "1234@qq.com"},
	} {
		if got, ok := Email(c.text); !ok || got != c.want {
			t.Errorf("Email(%q) is %q, %t; want %q", c.text, got, ok, c.want)
		}
	}
}

func TestEmailIsNoneWhereItIsNotSure(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "ada", "@", "@ada", "ada@", "ada at shop.example", "ada@shop", "ada@localhost",
		"ada@127.0.0.1", "ada@[127.0.0.1]", `"ada byron"@shop.example`, "ada..byron@shop.example", "ada.@shop.example",
		"ada@shop..example", "ada@-shop.example", "ada@shop-.example", "ada@shop.e", "ada@shop.123", "ada@shop@example.org",
		"a@x.example b@x.example", "jürgen@shop.example", "a/b@shop.example", "ada@shop_house.example", "ada@.example",
		strings.Repeat("a", 65) + "@shop.example",
		"ada@" + strings.Repeat("a", 64) + ".example",
		"ada@" + strings.Repeat("abcdefghi.", 25) + "example",
		strings.Repeat("@", 1000),
		strings.Repeat("a@", 500),
	} {
		if got, ok := Email(text); ok {
			t.Errorf("Email(%q) is %q, want none", text, got)
		}
	}
}

func TestEmailFindsAnyAddressInASentence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		local := rapid.StringMatching(`[A-Za-z0-9]([A-Za-z0-9_.+-]{0,20}[A-Za-z0-9])?`).
			Filter(func(s string) bool { return !strings.Contains(s, "..") }).Draw(t, "local")
		domain := rapid.StringMatching(`([a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?\.){1,3}[a-z]{2,8}`).Draw(t, "domain")
		before := rapid.SampledFrom([]string{"", "it is ", "<", "(", "mail:", "Ada <", "“", "\n"}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", ".", " thanks", ">", ")", "!", ",", "”", "\n", "?!"}).Draw(t, "after")
		if got, ok := Email(before + local + "@" + strings.ToUpper(domain) + after); !ok || got != local+"@"+domain {
			t.Fatalf("%q became %q, %t", before+local+"@"+domain+after, got, ok)
		}
	})
}

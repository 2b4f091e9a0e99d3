package translate

import (
	"testing"
	"unicode/utf8"
)

// Strings as they are in spans.
var spanTexts = []string{
	"GET", "client", "http.status_code", "net/http", "http://shop.example.com:8080/checkout/7?currency=EUR",
	"cu-77", "looked up the basket of the customer", "",
}

func TestIsText(t *testing.T) {
	for _, s := range append(spanTexts, "é", "aé", "12345678é", "é12345678", "\xff", "1234567\xff", "12345678\xff", "\xc3") {
		if got := isText(s); got != utf8.ValidString(s) {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestTextStaysWhenItGrows(t *testing.T) {
	var made text
	first := made.concat("first", " ", "string")
	for range 1000 {
		made.decimal(1 << 40)
	}
	if first != "first string" {
		t.Errorf("became %q", first)
	}
}

func TestTextCase(t *testing.T) {
	var made text
	for _, test := range []struct{ in, lower, upper string }{
		{"", "", ""}, {"get", "get", "GET"}, {"GeT", "get", "GET"}, {"Ünï", "ünï", "ÜNÏ"}, {"a1-", "a1-", "A1-"},
	} {
		if lower, upper := made.lower(test.in), made.upper(test.in); lower != test.lower || upper != test.upper {
			t.Errorf("%q: %q, %q", test.in, lower, upper)
		}
	}
}

func BenchmarkIsText(b *testing.B) {
	for name, isText := range map[string]func(string) bool{"isText": isText, "utf8.ValidString": utf8.ValidString} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for _, s := range spanTexts {
					if !isText(s) {
						b.Fatal(s)
					}
				}
			}
		})
	}
}

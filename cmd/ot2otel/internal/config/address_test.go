package config

import "testing"

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"6831": "h:6831", ":6831": "h:6831", "0": "h:0", "127.0.0.1:1": "127.0.0.1:1", "[::1]:1": "[::1]:1", "name:1": "name:1",
		"": "error", ":": "error", "name": "error", "name:": "error", "1:2:3": "error", "::1": "error", "65536": "error", "-1": "error",
	} {
		c := Config{ListenHost: "h"}
		got := "error"
		if address(&c.Jaeger.HTTP.Address).Set(text) == nil {
			got = c.Bind(c.Jaeger.HTTP.Address)
		}
		if got != want {
			t.Errorf("%q binds to %s, want %s", text, got, want)
		}
	}
}

func TestListenHost(t *testing.T) {
	for text, want := range map[string]string{"::1": "[::1]:1", "[::]": "[::]:1", "localhost": "localhost:1", "": "error"} {
		var c Config
		got := "error"
		if host(&c.ListenHost).Set(text) == nil {
			got = c.Bind("1")
		}
		if got != want {
			t.Errorf("listen_host %q binds to %s, want %s", text, got, want)
		}
	}
}

package config

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// host is a name or an IP address to bind to.
func host(at *string) Value {
	return place[string]{at, "host", func(s string) (string, error) {
		if s == "" {
			return "", errors.New("is empty: write 0.0.0.0 for all interfaces")
		}
		return strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"), nil
	}, func(s string) string { return s }}
}

// address is a port, or a host and a port.
func address(at *string) Value {
	return place[string]{at, "address", func(s string) (string, error) { return s, checkAddress(s) }, func(s string) string { return s }}
}

// optionalAddress is an address, or nothing.
func optionalAddress(at *string) Value {
	return place[string]{at, "address", func(s string) (string, error) {
		if s == "" {
			return "", nil
		}
		return s, checkAddress(s)
	}, func(s string) string { return s }}
}

// addresses is a list of such.
func addresses(at *[]string) Value {
	v := list(at).(place[[]string])
	parse := v.parse
	v.parse = func(s string) ([]string, error) {
		items, err := parse(s)
		for _, item := range items {
			err = errors.Join(err, checkAddress(item))
		}
		return items, err
	}
	return v
}

func checkAddress(s string) error {
	_, port, err := net.SplitHostPort(join("host", s))
	if n, portErr := strconv.Atoi(port); err != nil || portErr != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is not an address such as 6831, :6831 or 0.0.0.0:6831", s)
	}
	return nil
}

// join gives an address that is only a port a host.
func join(host, address string) string {
	if port := strings.TrimPrefix(address, ":"); !strings.Contains(port, ":") {
		return net.JoinHostPort(host, port)
	}
	return address
}

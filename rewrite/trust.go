package rewrite

import (
	"fmt"
	"net/netip"
	"strings"
)

// Trust says whose trace headers are believed. Headers of others are removed:
// by them anyone could force sampling or prevent it, or take part in someone
// else's trace. The zero Trust believes everyone.
type Trust struct {
	some     bool
	prefixes []netip.Prefix
}

// ParseTrust reads a list of "all", "none", "private" (private, loopback and
// link-local addresses), addresses and CIDR prefixes.
func ParseTrust(list []string) (Trust, error) {
	t := Trust{some: true}
	for _, word := range list {
		switch word = strings.TrimSpace(word); word {
		case "all":
			return Trust{}, nil
		case "none":
		case "private":
			t.prefixes = append(t.prefixes, privatePrefixes[:]...)
		default:
			p, err := parsePrefix(word)
			if err != nil {
				return Trust{}, fmt.Errorf("trusted peer %q: want all, none, private, an address or a CIDR prefix", word)
			}
			t.prefixes = append(t.prefixes, p)
		}
	}
	return t, nil
}

// Allows reports whether headers from peer are believed. The zero Addr is a
// peer that is not known.
func (t Trust) Allows(peer netip.Addr) bool {
	return !t.some || contains(t.prefixes, peer)
}

var privatePrefixes = [...]netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared by carriers, used by clusters for pods
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("fc00::/7"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("::1/128"),
}

func contains(prefixes []netip.Prefix, a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// parsePrefix reads a CIDR prefix or a single address.
func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err
}

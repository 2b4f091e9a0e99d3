package rewrite

import (
	"fmt"
	"net/netip"
	"strings"
)

// Egress says which hosts may receive trace headers, which may carry personal
// data in baggage. The zero Egress allows private addresses, names of one
// label and the suffixes that clusters use: .local, .internal, .svc, .consul,
// .localhost.
type Egress struct {
	all      bool
	set      bool
	prefixes []netip.Prefix
	exact    map[string]bool
	suffixes []string
}

var clusterSuffixes = [...]string{".local", ".internal", ".svc", ".consul", ".localhost"}

// ParseEgress reads a list of "all", "none", "cluster" (what the zero Egress
// allows), addresses, CIDR prefixes, host names, and ".example.com" for every
// host below a domain.
func ParseEgress(list []string) (Egress, error) {
	e := Egress{set: true, exact: map[string]bool{}}
	for _, word := range list {
		if err := e.add(strings.ToLower(strings.TrimSpace(word))); err != nil {
			return Egress{}, err
		}
	}
	return e, nil
}

func (e *Egress) add(word string) error {
	switch {
	case word == "all":
		e.all = true
	case word == "none":
	case word == "cluster":
		e.set = false
	case strings.Contains(word, "/"):
		p, err := netip.ParsePrefix(word)
		if err != nil {
			return fmt.Errorf("egress %q: want a CIDR prefix such as 10.0.0.0/8", word)
		}
		e.prefixes = append(e.prefixes, p.Masked())
	case strings.HasPrefix(word, "."):
		e.suffixes = append(e.suffixes, word)
	case word == "" || strings.ContainsAny(word, " *"):
		return fmt.Errorf("egress %q: want all, none, cluster, a host, a .domain or a CIDR prefix", word)
	default:
		e.exact[hostOf(word)] = true
	}
	return nil
}

// Allows reports whether a host, with or without a port, may receive trace
// headers. An empty host is one that the caller does not know, and is allowed.
func (e Egress) Allows(host string) bool {
	if host == "" || e.all {
		return true
	}
	host = hostOf(host)
	if !e.set && inCluster(host) {
		return true
	}
	return e.exact[host] || hasSuffix(host, e.suffixes) || e.allowsAddr(host)
}

func (e Egress) allowsAddr(host string) bool {
	if len(e.prefixes) == 0 {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err == nil && contains(e.prefixes, a)
}

func inCluster(host string) bool {
	if strings.IndexByte(host, '.') < 0 && strings.IndexByte(host, ':') < 0 || hasSuffix(host, clusterSuffixes[:]) {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && contains(privatePrefixes[:], a)
}

func hasSuffix(host string, suffixes []string) bool {
	for _, s := range suffixes {
		if strings.HasSuffix(host, s) {
			return true
		}
	}
	return false
}

// hostOf returns a host in lower case without its port, brackets and final dot.
func hostOf(host string) string {
	if strings.HasPrefix(host, "[") {
		if i := strings.IndexByte(host, ']'); i >= 0 {
			return host[1:i]
		}
	}
	if i := strings.IndexByte(host, ':'); i >= 0 && strings.IndexByte(host[i+1:], ':') < 0 {
		host = host[:i]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

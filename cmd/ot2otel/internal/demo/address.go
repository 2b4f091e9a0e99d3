package demo

import "net"

// Address returns where the proxy should listen for the demo: at standard, a
// host and port, if that is free, or else at any free port of that host, which
// is port 0. network is "udp" or "tcp".
func Address(network, standard string) string {
	if free(network, standard) {
		return standard
	}
	host, _, err := net.SplitHostPort(standard)
	if err != nil {
		return standard // to be refused by who listens
	}
	return net.JoinHostPort(host, "0")
}

func free(network, address string) bool {
	if network == "udp" {
		c, err := net.ListenPacket(network, address)
		return err == nil && c.Close() == nil
	}
	l, err := net.Listen(network, address)
	return err == nil && l.Close() == nil
}

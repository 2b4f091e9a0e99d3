package config

import "time"

const addressDoc = `"6831" and ":6831" are a port on listen_host, "0.0.0.0:6831" names the host as well.`

// udpKeys are the keys of one UDP listener.
func udpKeys(group, port, takes string, at func(*Config) *UDP) []key[Config] {
	return []key[Config]{
		{Key{
			Path: group + "enabled", Default: "true", Example: "false",
			Doc: "Whether to listen for " + takes + ".",
		}, func(c *Config) Value { return boolean(&at(c).Enabled) }},
		{Key{
			Path: group + "address", Default: port, Example: "0.0.0.0" + port,
			Doc: "The UDP address: " + addressDoc,
		}, func(c *Config) Value { return address(&at(c).Address) }},
		{Key{
			Path: group + "max_packet_bytes", Default: "65535", Example: "65000",
			Doc: "The size of the largest packet taken.",
		}, func(c *Config) Value { return size(&at(c).MaxPacketBytes, 1, 65535) }},
		{Key{
			Path: group + "readers", Default: "0", Example: "4",
			Doc: "How many goroutines read and translate packets. 0: two, or one on a single processor.",
		}, func(c *Config) Value { return number(&at(c).Readers, 0, 1024) }},
		{Key{
			Path: group + "receive_buffer", Default: "4MiB", Example: "16MiB",
			Doc: "How much the kernel is asked to hold while packets wait to be read. It may grant less: Linux stops at net.core.rmem_max. 0: do not ask.",
		}, func(c *Config) Value { return size(&at(c).ReceiveBuffer, 0, 1<<30) }},
	}
}

// requestKeys are the keys of one HTTP or gRPC listener.
type requestKeys struct {
	group, address, takes, body string
	more                        string // to say about the address
}

func (k requestKeys) of(at func(*Config) *HTTP) []key[Config] {
	return []key[Config]{
		{Key{
			Path: k.group + "enabled", Default: "true", Example: "false",
			Doc: "Whether to listen for " + k.takes + ".",
		}, func(c *Config) Value { return boolean(&at(c).Enabled) }},
		{Key{
			Path: k.group + "address", Default: k.address, Example: "0.0.0.0" + k.address,
			Doc: "The TCP address, written as for UDP." + k.more,
		}, func(c *Config) Value { return address(&at(c).Address) }},
		{Key{
			Path: k.group + "max_body_bytes", Default: k.body, Example: "32MiB",
			Doc: "The size of the largest request body, as sent and decompressed alike.",
		}, func(c *Config) Value { return size(&at(c).Limits.Body, 1, 1<<30) }},
		{Key{
			Path: k.group + "max_connections", Default: "4096", Example: "256",
			Doc: "How many connections may be open at once. More wait to be accepted.",
		}, func(c *Config) Value { return number(&at(c).Limits.Connections, 1, 1<<20) }},
		{Key{
			Path: k.group + "read_header_timeout", Default: "2s", Example: "5s",
			Doc: "How long the header of a request may take.",
		}, func(c *Config) Value { return duration(&at(c).Limits.Header, time.Millisecond, time.Hour) }},
		{Key{
			Path: k.group + "read_timeout", Default: "30s", Example: "10s",
			Doc: "How long a whole request may take.",
		}, func(c *Config) Value { return duration(&at(c).Limits.Read, time.Millisecond, time.Hour) }},
		{Key{
			Path: k.group + "idle_timeout", Default: "5m", Example: "1m",
			Doc: "How long a connection may stay open between requests. A client that meets a closed connection loses what it was about to send.",
		}, func(c *Config) Value { return duration(&at(c).Limits.Idle, time.Millisecond, 24*time.Hour) }},
		{Key{
			Path: k.group + "queue_wait", Default: "2s", Example: "0s",
			Doc: "How long a request is held while the queue is full before it is refused: legacy senders never try again.",
		}, func(c *Config) Value { return duration(&at(c).Wait, 0, time.Minute) }},
	}
}

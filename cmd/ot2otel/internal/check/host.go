package check

import (
	"io/fs"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ot2otel/ot2otel/cmd/ot2otel/internal/config"
)

// host looks for what the host will do to the proxy. It only ever warns.
func host(c *config.Config, o Options) (all []Result) {
	for _, check := range []func(*config.Config, Options) (Result, bool){receiveBuffer, listenHost, memory} {
		if r, known := check(c, o); known {
			all = append(all, r)
		}
	}
	return all
}

// receiveBuffer compares the receive buffers with what Linux grants.
func receiveBuffer(c *config.Config, o Options) (r Result, known bool) {
	most, known := readNumber(o.Root, "proc/sys/net/core/rmem_max")
	want := max(c.Jaeger.Compact.ReceiveBuffer, c.Jaeger.Binary.ReceiveBuffer, c.Zipkin.Compact.ReceiveBuffer)
	r = ok("net.core.rmem_max allows %d bytes", most)
	if int64(want) > most {
		r = found(Warning, problemBuffer, "%d bytes are asked for, net.core.rmem_max allows %d", want, most)
	}
	return about("receive buffer", r), known
}

// listenHost: in a container the loopback interface is the container's own.
func listenHost(c *config.Config, o Options) (r Result, known bool) {
	address, err := netip.ParseAddr(c.ListenHost)
	r = ok("%s can be reached from outside the container", c.ListenHost)
	if c.ListenHost == "localhost" || err == nil && address.IsLoopback() {
		r = found(Warning, problemLoopback, "it is %s, and this is a container", c.ListenHost)
	}
	return about("listen_host", r), inContainer(o)
}

func inContainer(o Options) bool {
	_, err := fs.Stat(o.Root, ".dockerenv")
	return err == nil || slices.ContainsFunc(o.Environ, func(v string) bool { return strings.HasPrefix(v, "KUBERNETES_SERVICE_HOST=") })
}

// memory compares the queues with the limit of the container.
func memory(c *config.Config, o Options) (r Result, known bool) {
	limit, known := readNumber(o.Root, "sys/fs/cgroup/memory.max")
	var queues int64
	for _, d := range c.Destinations {
		queues += int64(d.QueueBytes)
	}
	r = ok("the queues may hold %d MiB, the container has %d MiB", queues>>20, limit>>20)
	if queues > limit/2 {
		r = found(Warning, problemMemory, "%s", r.Detail)
	}
	return about("memory", r), known
}

// readNumber reads a file that holds one number, if it does.
func readNumber(root fs.FS, name string) (int64, bool) {
	content, err := fs.ReadFile(root, name)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64)
	return n, err == nil
}

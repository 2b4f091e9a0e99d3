// Package footprint keeps the memory of an idle proxy small: it runs beside
// every application, often in hundreds of copies.
package footprint

import (
	"fmt"
	"strings"
)

// A mapping is a part of the address space that shows a file.
type mapping struct {
	start, end uintptr
	writable   bool
	file       string
}

// parseMapping reads a line of /proc/self/maps:
//
//	00400000-00c60000 r-xp 00000000 fe:00 10030817   /usr/bin/ot2otel
func parseMapping(line string) (m mapping, ok bool) {
	var perms string
	if _, err := fmt.Sscanf(line, "%x-%x %s", &m.start, &m.end, &perms); err != nil {
		return mapping{}, false
	}
	if slash := strings.IndexByte(line, '/'); slash >= 0 {
		m.file = line[slash:]
	}
	m.writable = strings.Contains(perms, "w")
	return m, true
}

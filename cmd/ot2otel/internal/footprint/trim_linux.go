package footprint

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"
)

// Trim gives back what only starting needed. That is little of the heap, but
// most of the program's file: setting up protobuf, gRPC and the metrics walks
// through code and tables that are not used again, and each page stays
// resident until somebody else wants the memory. What is needed later comes
// back from the page cache, page by page.
func Trim() error {
	debug.FreeOSMemory()
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return err
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(maps)) {
		m, ok := parseMapping(strings.TrimSpace(line))
		if ok && m.file == program && !m.writable {
			err = errors.Join(err, drop(m))
		}
	}
	return err
}

// drop forgets the pages of m. They are the file's own, never written to, so
// nothing can be lost.
func drop(m mapping) error {
	if _, _, errno := unix.Syscall(unix.SYS_MADVISE, m.start, m.end-m.start, unix.MADV_DONTNEED); errno != 0 {
		return fmt.Errorf("give back %d bytes of %s: %w", m.end-m.start, m.file, errno)
	}
	return nil
}

package footprint

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMapping(t *testing.T) {
	tests := map[string]mapping{
		"00400000-00c60000 r-xp 00000000 fe:00 10030817                           /opt/a b/ot2otel": {start: 0x400000, end: 0xc60000, file: "/opt/a b/ot2otel"},
		"0160d000-0168b000 rw-p 0120d000 fe:00 10030817                           /bin/ot2otel":     {start: 0x160d000, end: 0x168b000, writable: true, file: "/bin/ot2otel"},
		"7ffe0000-7ffe1000 r-xp 00000000 00:00 0                                  [vdso]":           {start: 0x7ffe0000, end: 0x7ffe1000},
	}
	for line, want := range tests {
		got, ok := parseMapping(line)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(mapping{})); diff != "" || !ok {
			t.Errorf("%s: %v (-want +got)\n%s", line, ok, diff)
		}
	}
	if m, ok := parseMapping("nonsense"); ok {
		t.Errorf("nonsense is %v", m)
	}
}

// What Trim gives back is gone from the resident set, and the program goes on.
func TestTrim(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux is asked to forget pages")
	}
	before := residentFile(t)
	if err := Trim(); err != nil {
		t.Fatal(err)
	}
	if after := residentFile(t); after >= before {
		t.Errorf("%d kB of files resident before, %d kB after", before, after)
	}
}

// residentFile returns how many kB of mapped files are resident.
func residentFile(t *testing.T) (kB int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	if _, err := fmt.Sscan(rest, &kB); err != nil {
		t.Fatal(err)
	}
	return kB
}

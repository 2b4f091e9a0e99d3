package ingest

import (
	"net"
	"unsafe"

	"golang.org/x/sys/unix"
)

// receiveBuffer returns how many bytes the kernel buffers for conn, and
// whether that is known.
func receiveBuffer(conn *net.UDPConn) (size int, known bool) {
	known = control(conn, func(fd uintptr) (err error) {
		size, err = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF)
		return err
	})
	return size / 2, known // the kernel doubles what is asked for, to have room for its bookkeeping (socket(7))
}

// kernelDrops returns how many packets the kernel has dropped because conn's
// buffer was full, and whether that is known. The count wraps around.
func kernelDrops(conn *net.UDPConn) (drops uint32, known bool) {
	var info [unix.SK_MEMINFO_VARS]uint32
	size := uint32(unsafe.Sizeof(info))
	known = control(conn, func(fd uintptr) error {
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
		if errno != 0 {
			return errno
		}
		return nil
	})
	return info[unix.SK_MEMINFO_DROPS], known
}

// control calls f with conn's file descriptor and reports whether all went well.
func control(conn *net.UDPConn, f func(fd uintptr) error) bool {
	raw, err := conn.SyscallConn()
	if err != nil {
		return false
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = f(fd) })
	return err == nil && failed == nil
}

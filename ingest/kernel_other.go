//go:build !linux

package ingest

import "net"

// receiveBuffer would return the size of the kernel's buffer; only Linux is asked.
func receiveBuffer(*net.UDPConn) (size int, known bool) { return 0, false }

// kernelDrops would return how many packets the kernel has dropped; only Linux is asked.
func kernelDrops(*net.UDPConn) (drops uint32, known bool) { return 0, false }

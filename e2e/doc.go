// Package e2e tests the built binary from outside: real clients and recorded
// traffic go in through real sockets, and what comes out is judged as an OTLP
// backend receives it.
//
// Package corpus holds the recorded traffic and sends it, package backend
// receives OTLP, and package judge compares the two.
package e2e

package ingest

import (
	"context"
	"errors"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// Shutdown answers what is under way, and is not held up by those who only watch.
func TestGRPCShutdown(t *testing.T) {
	r := newRig()
	entered, leave := make(chan struct{}), make(chan struct{})
	r.sink.fail = func() error {
		close(entered)
		<-leave
		return nil
	}
	ln := listen(t)
	s := JaegerGRPC(r.Intake, Limits{})
	served, stopped, answer := make(chan error, 1), make(chan error, 1), make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	c := dialGRPC(t, ln.Addr().String())
	watch, err := grpc_health_v1.NewHealthClient(c).Watch(t.Context(), new(grpc_health_v1.HealthCheckRequest))
	if err != nil {
		t.Fatal(err)
	}
	if first, err := watch.Recv(); err != nil || first.Status != grpc_health_v1.HealthCheckResponse_SERVING {
		t.Fatal(first, err)
	}
	go func() {
		_, err := call(t, c, postSpans, "1")
		answer <- err
	}()
	<-entered
	go func() { stopped <- s.Shutdown(context.Background()) }()
	for err == nil {
		_, err = watch.Recv() // perhaps NOT_SERVING first
	}
	select {
	case err := <-stopped:
		t.Errorf("Shutdown returned %v while a call was under way", err)
	default:
	}
	close(leave)
	if err := <-answer; err != nil {
		t.Errorf("the call that was under way: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestGRPCShutdownCutsOffAfterItsTime(t *testing.T) {
	r := newRig()
	entered, leave := make(chan struct{}), make(chan struct{})
	r.sink.fail = func() error {
		close(entered)
		<-leave
		return nil
	}
	defer close(leave)
	ln := listen(t)
	s := JaegerGRPC(r.Intake, Limits{})
	served, answer := make(chan error, 1), make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	c := dialGRPC(t, ln.Addr().String())
	go func() {
		_, err := call(t, c, postSpans, "1")
		answer <- err
	}()
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-answer; status.Code(err) != codes.Unavailable {
		t.Errorf("the call was answered %v, want to be cut off", err)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

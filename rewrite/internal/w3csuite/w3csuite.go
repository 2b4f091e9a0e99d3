// Package w3csuite holds what the W3C trace-context working group's conformance
// suite asks of a service, at SPEC_LEVEL=2 and STRICT_LEVEL=2, as data: 41
// cases, written anew, each named as in the suite.
//
// The suite sends a service a request that asks for calls to be made, and looks
// at the headers of those calls. How request and calls are carried is the
// caller's business: a rewriter around a tracer, a sidecar on real sockets.
package w3csuite

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// A Header is one header line.
type Header struct{ Name, Value string }

// An Exchange sends a service a request with the given header lines, asking it
// for a number of calls, and returns the headers of each call. Names of headers
// keep their spelling, also where there are several of one name.
type Exchange func(request []Header, calls int) ([]http.Header, error)

// A Case is one case of the suite.
type Case struct {
	Name  string
	steps []step
}

// A step is one request and what is expected of the calls.
type step struct {
	send  []Header
	calls int // 0 means 1
	want  []check
}

// A check looks at the calls of one request.
type check func(calls []call) error

// A call is what the headers of one call say.
type call struct {
	traceID, parentID, flags string
	state                    map[string]string
	members                  []string
}

// Run runs the case. The error says which request went wrong and how.
func (c Case) Run(exchange Exchange) error {
	for _, s := range c.steps {
		headers, err := exchange(s.send, max(s.calls, 1))
		if err == nil {
			err = s.check(headers)
		}
		if err != nil {
			return fmt.Errorf("%s: request %v: %w", c.Name, s.send, err)
		}
	}
	return nil
}

func (s step) check(headers []http.Header) error {
	if len(headers) != max(s.calls, 1) {
		return fmt.Errorf("%d calls, want %d", len(headers), max(s.calls, 1))
	}
	var calls []call
	for _, h := range headers {
		c, err := read(h)
		if err != nil {
			return err
		}
		calls = append(calls, c)
	}
	for _, want := range s.want {
		if err := want(calls); err != nil {
			return err
		}
	}
	return nil
}

// read reads the headers of a call: exactly one valid traceparent of version
// 00, and all tracestate headers together.
func read(h http.Header) (c call, err error) {
	parents := h.Values("traceparent")
	if len(parents) != 1 {
		return c, fmt.Errorf("%d traceparent headers %q, want one", len(parents), parents)
	}
	fields := strings.Split(parents[0], "-")
	if len(fields) != 4 || fields[0] != "00" || !isHex(fields[1], 32) || !isHex(fields[2], 16) || !isHex(fields[3], 2) {
		return c, fmt.Errorf("traceparent %q is malformed", parents[0])
	}
	c = call{traceID: fields[1], parentID: fields[2], flags: fields[3], state: map[string]string{}}
	if strings.Trim(c.traceID, "0") == "" || strings.Trim(c.parentID, "0") == "" {
		return c, fmt.Errorf("traceparent %q has a zero id", parents[0])
	}
	for member := range strings.SplitSeq(strings.Join(h.Values("tracestate"), ","), ",") {
		if member = strings.Trim(member, " \t"); member == "" {
			continue
		}
		key, value, ok := strings.Cut(member, "=")
		if !ok {
			return c, fmt.Errorf("tracestate member %q has no value", member)
		}
		c.state[key] = value
		c.members = append(c.members, member)
	}
	return c, nil
}

func isHex(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789abcdef") == ""
}

// each makes a check of all calls of one that looks at a call by itself.
func each(f func(c call) error) check {
	return func(calls []call) error {
		for _, c := range calls {
			if err := f(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// sameTrace checks that every call is of the trace that was sent.
var sameTrace = each(func(c call) error {
	if c.traceID != traceID {
		return fmt.Errorf("trace id %s, want %s", c.traceID, traceID)
	}
	return nil
})

func traceIsNot(ids ...string) check {
	return each(func(c call) error {
		for _, id := range ids {
			if c.traceID == id {
				return fmt.Errorf("trace id %s, want a new one", id)
			}
		}
		return nil
	})
}

func parentIsNot(id string) check {
	return each(func(c call) error {
		if c.parentID == id {
			return fmt.Errorf("parent id %s, want a new one", id)
		}
		return nil
	})
}

// stateHas expects members "key=value".
func stateHas(members ...string) check {
	return each(func(c call) error {
		for _, m := range members {
			key, value, _ := strings.Cut(m, "=")
			if got, ok := c.state[key]; !ok || got != value {
				return fmt.Errorf("tracestate %q, want the member %q in it", c.members, m)
			}
		}
		return nil
	})
}

// stateHasOne expects one of several members.
func stateHasOne(members ...string) check {
	return func(calls []call) error {
		var errs []error
		for _, m := range members {
			err := stateHas(m)(calls)
			if err == nil {
				return nil
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	}
}

func stateLacks(keys ...string) check {
	return each(func(c call) error {
		for _, key := range keys {
			if _, ok := c.state[key]; ok {
				return fmt.Errorf("tracestate %q, want no member %q in it", c.members, key)
			}
		}
		return nil
	})
}

// stateIs expects exactly these members, in order.
func stateIs(members ...string) check {
	return each(func(c call) error {
		if strings.Join(c.members, ",") != strings.Join(members, ",") {
			return fmt.Errorf("tracestate %q, want %q", c.members, members)
		}
		return nil
	})
}

func stateSize(n int) check {
	return each(func(c call) error {
		if len(c.members) != n {
			return fmt.Errorf("tracestate of %d members %q, want %d", len(c.members), c.members, n)
		}
		return nil
	})
}

// oneTrace expects all calls to be of one trace, with parents of their own.
func oneTrace(calls []call) error {
	for _, c := range calls {
		if c.traceID != calls[0].traceID {
			return fmt.Errorf("trace ids %s and %s, want one", calls[0].traceID, c.traceID)
		}
	}
	return ownParents(calls)
}

// ownParents expects every call to have a parent id of its own.
func ownParents(calls []call) error {
	seen := map[string]bool{}
	for _, c := range calls {
		if seen[c.parentID] {
			return fmt.Errorf("parent id %s twice", c.parentID)
		}
		seen[c.parentID] = true
	}
	return nil
}

func random(calls []call) error {
	return each(func(c call) error {
		if strings.IndexByte("2367abef", c.flags[1]) < 0 {
			return fmt.Errorf("flags %s, want the random flag set", c.flags)
		}
		return nil
	})(calls)
}

package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/ot2otel/ot2otel/internal/pb"
)

// A checker walks a message and keeps the first thing that is wrong with it.
// Fields that it does not know may hold anything.
type checker struct {
	pb.Reader
	size  int // of the message
	quiet bool
	fault error
}

// check returns a checker of b. A quiet one does not say what is wrong: in a
// hostile request every other byte may be.
func check(b []byte, quiet bool) checker {
	return checker{Reader: pb.NewReader(b), size: len(b), quiet: quiet}
}

var errFault = errors.New("invalid")

func (c *checker) err() error {
	if c.quiet && c.Offset() != c.size { // there was an error
		return errFault
	}
	return cmp.Or(c.Err(), c.fault)
}

// silent reports whether nothing has to be said about a fault that was found.
func (c *checker) silent() bool {
	silent := c.quiet || c.fault != nil
	if c.fault == nil {
		c.fault = errFault
	}
	return silent
}

func (c *checker) failf(format string, args ...any) { c.fault = fmt.Errorf(format, args...) }

// text reads a string.
func (c *checker) text(what string) {
	if s := c.String(); !utf8.ValidString(s) && !c.silent() {
		c.failf("%s %q is not UTF-8", what, s[:min(len(s), 100)])
	}
}

// id reads an id, which has n bytes.
func (c *checker) id(what string, n int) {
	b := c.Bytes()
	switch {
	case len(b) == n && !allZero(b), c.silent():
	case len(b) == n:
		c.failf("%s of zeros only", what)
	default:
		c.failf("%s of %d bytes", what, len(b))
	}
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// resourceFault returns what is wrong with a ResourceSpans, except for its scope_spans.
func resourceFault(b []byte, quiet bool) error {
	c := check(b, quiet)
	for num, typ := range c.Fields() {
		switch {
		case num == 1 && typ == pb.Bytes:
			c.resource()
		case num == 3 && typ == pb.Bytes:
			c.text("schema_url of the resource")
		default:
			c.Skip(typ)
		}
	}
	return c.err()
}

// resource checks a resource.
//
//	message Resource {
//	  repeated KeyValue attributes = 1;
//	  uint32 dropped_attributes_count = 2;
//	}
func (c *checker) resource() {
	for num, typ := range c.Message() {
		if num == 1 && typ == pb.Bytes {
			c.attribute()
		} else {
			c.Skip(typ)
		}
	}
}

// scopeFault returns what is wrong with a ScopeSpans, except for its spans.
func scopeFault(b []byte, quiet bool) error {
	c := check(b, quiet)
	for num, typ := range c.Fields() {
		switch {
		case num == 1 && typ == pb.Bytes:
			c.scope()
		case num == 3 && typ == pb.Bytes:
			c.text("schema_url of the scope")
		default:
			c.Skip(typ)
		}
	}
	return c.err()
}

// scope checks a scope.
//
//	message InstrumentationScope {
//	  string name = 1;
//	  string version = 2;
//	  repeated KeyValue attributes = 3;
//	  uint32 dropped_attributes_count = 4;
//	}
func (c *checker) scope() {
	for num, typ := range c.Message() {
		switch {
		case num <= 2 && typ == pb.Bytes:
			c.text("name or version of the scope")
		case num == 3 && typ == pb.Bytes:
			c.attribute()
		default:
			c.Skip(typ)
		}
	}
}

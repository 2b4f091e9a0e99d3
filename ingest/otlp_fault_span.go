package ingest

import "github.com/ot2otel/ot2otel/internal/pb"

// spanFault returns what is wrong with a span.
//
//	message Span {
//	  bytes trace_id = 1;
//	  bytes span_id = 2;
//	  string trace_state = 3;
//	  bytes parent_span_id = 4;
//	  string name = 5;
//	  SpanKind kind = 6;
//	  fixed64 start_time_unix_nano = 7;
//	  fixed64 end_time_unix_nano = 8;
//	  repeated KeyValue attributes = 9;
//	  uint32 dropped_attributes_count = 10;
//	  repeated Event events = 11;
//	  uint32 dropped_events_count = 12;
//	  repeated Link links = 13;
//	  uint32 dropped_links_count = 14;
//	  Status status = 15;
//	  fixed32 flags = 16;
//	}
func spanFault(b []byte, quiet bool) error {
	var traceID, spanID bool
	var start, end uint64
	c := check(b, quiet)
	for num, typ := range c.Fields() {
		switch {
		case num == 1 && typ == pb.Bytes:
			traceID = true
			c.id("trace_id", 16)
		case num == 2 && typ == pb.Bytes:
			spanID = true
			c.id("span_id", 8)
		case num == 3 && typ == pb.Bytes:
			c.text("trace_state")
		case num == 4 && typ == pb.Bytes:
			c.parent()
		case num == 5 && typ == pb.Bytes:
			c.text("name")
		case num == 7 && typ == pb.Fixed64:
			start = c.Fixed64()
		case num == 8 && typ == pb.Fixed64:
			end = c.Fixed64()
		case num == 9 && typ == pb.Bytes:
			c.attribute()
		case num == 11 && typ == pb.Bytes:
			c.event()
		case num == 13 && typ == pb.Bytes:
			c.link()
		case num == 15 && typ == pb.Bytes:
			c.status()
		default:
			c.Skip(typ)
		}
	}
	c.identified("span", traceID, spanID)
	if end < start && !c.silent() {
		c.failf("end %d before start %d", end, start)
	}
	return c.err()
}

// identified complains of ids that are not there.
func (c *checker) identified(what string, traceID, spanID bool) {
	if !traceID && !c.silent() {
		c.failf("%s without trace_id", what)
	}
	if !spanID && !c.silent() {
		c.failf("%s without span_id", what)
	}
}

// parent reads a parent_span_id, which roots may have empty.
func (c *checker) parent() {
	if b := c.Bytes(); len(b) != 8 && len(b) != 0 && !c.silent() {
		c.failf("parent_span_id of %d bytes", len(b))
	}
}

// event checks an event.
//
//	message Event {
//	  fixed64 time_unix_nano = 1;
//	  string name = 2;
//	  repeated KeyValue attributes = 3;
//	  uint32 dropped_attributes_count = 4;
//	}
func (c *checker) event() {
	for num, typ := range c.Message() {
		switch {
		case num == 2 && typ == pb.Bytes:
			c.text("name of an event")
		case num == 3 && typ == pb.Bytes:
			c.attribute()
		default:
			c.Skip(typ)
		}
	}
}

// link checks a link.
//
//	message Link {
//	  bytes trace_id = 1;
//	  bytes span_id = 2;
//	  string trace_state = 3;
//	  repeated KeyValue attributes = 4;
//	  uint32 dropped_attributes_count = 5;
//	  fixed32 flags = 6;
//	}
func (c *checker) link() {
	var traceID, spanID bool
	for num, typ := range c.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			traceID = true
			c.id("trace_id of a link", 16)
		case num == 2 && typ == pb.Bytes:
			spanID = true
			c.id("span_id of a link", 8)
		case num == 3 && typ == pb.Bytes:
			c.text("trace_state of a link")
		case num == 4 && typ == pb.Bytes:
			c.attribute()
		default:
			c.Skip(typ)
		}
	}
	c.identified("link", traceID, spanID)
}

// status checks a status.
//
//	message Status {
//	  string message = 2;
//	  StatusCode code = 3;
//	}
func (c *checker) status() {
	for num, typ := range c.Message() {
		if num == 2 && typ == pb.Bytes {
			c.text("message of the status")
		} else {
			c.Skip(typ)
		}
	}
}

// attribute checks a key and its value.
//
//	message KeyValue {
//	  string key = 1;
//	  AnyValue value = 2;
//	}
func (c *checker) attribute() {
	for num, typ := range c.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			c.text("key of an attribute")
		case num == 2 && typ == pb.Bytes:
			c.value()
		default:
			c.Skip(typ)
		}
	}
}

// value checks a value.
//
//	message AnyValue {
//	  oneof value {
//	    string string_value = 1;
//	    bool bool_value = 2;
//	    int64 int_value = 3;
//	    double double_value = 4;
//	    ArrayValue array_value = 5;
//	    KeyValueList kvlist_value = 6;
//	    bytes bytes_value = 7;
//	  }
//	}
//	message ArrayValue {
//	  repeated AnyValue values = 1;
//	}
//	message KeyValueList {
//	  repeated KeyValue values = 1;
//	}
func (c *checker) value() {
	for num, typ := range c.Message() {
		switch {
		case num == 1 && typ == pb.Bytes:
			c.text("value of an attribute")
		case num == 5 && typ == pb.Bytes:
			c.each(c.value)
		case num == 6 && typ == pb.Bytes:
			c.each(c.attribute)
		default:
			c.Skip(typ)
		}
	}
}

// each checks the values of a list.
func (c *checker) each(element func()) {
	for num, typ := range c.Message() {
		if num == 1 && typ == pb.Bytes {
			element()
		} else {
			c.Skip(typ)
		}
	}
}

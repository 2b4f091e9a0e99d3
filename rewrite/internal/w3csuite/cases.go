package w3csuite

import (
	"fmt"
	"strings"
)

const (
	traceID  = "12345678901234567890123456789012"
	other    = "12345678901234567890123456789011"
	parentID = "1234567890123456"
	sampled  = "00-" + traceID + "-" + parentID + "-01"
	not      = "00-" + traceID + "-" + parentID + "-00"
)

func parent(value string) Header { return Header{"traceparent", value} }

func state(value string) Header { return Header{"tracestate", value} }

func lines(h ...Header) []Header { return h }

// rejected makes a step of each traceparent: the trace must not be taken up.
func rejected(values ...string) (steps []step) {
	for _, v := range values {
		steps = append(steps, step{send: lines(parent(v)), want: []check{traceIsNot(traceID)}})
	}
	return steps
}

// accepted makes a step of each traceparent: the trace must be taken up.
func accepted(values ...string) (steps []step) {
	for _, v := range values {
		steps = append(steps, step{send: lines(parent(v)), want: []check{sameTrace}})
	}
	return steps
}

// states makes a step of tracestate headers beside a valid traceparent.
func states(values []string, want ...check) step {
	send := lines(parent(not))
	for _, v := range values {
		send = append(send, state(v))
	}
	return step{send: send, want: append([]check{sameTrace}, want...)}
}

// Cases returns the 41 cases, in the suite's order.
func Cases() []Case {
	var all []Case
	for _, group := range [][]Case{parentCases(), parentSyntax(), stateCases(), stateSyntax(), advanced()} {
		all = append(all, group...)
	}
	return all
}

func parentCases() []Case {
	return []Case{
		{"both_traceparent_and_tracestate_missing", []step{{}}},
		{"traceparent_included_tracestate_missing", []step{
			{send: lines(parent(sampled)), want: []check{sameTrace, parentIsNot(parentID)}},
		}},
		{"traceparent_duplicated", []step{
			{send: lines(parent("00-"+other+"-"+parentID+"-01"), parent(sampled)), want: []check{traceIsNot(traceID, other)}},
		}},
		{"traceparent_header_name", []step{
			{send: lines(Header{"trace-parent", sampled}), want: []check{traceIsNot(traceID)}},
			{send: lines(Header{"trace.parent", sampled}), want: []check{traceIsNot(traceID)}},
		}},
		{"traceparent_header_name_valid_casing", []step{
			{send: lines(Header{"TraceParent", sampled}), want: []check{sameTrace}},
			{send: lines(Header{"TrAcEpArEnT", sampled}), want: []check{sameTrace}},
			{send: lines(Header{"TRACEPARENT", sampled}), want: []check{sameTrace}},
		}},
		{"traceparent_version_0x00", rejected(sampled+".", sampled+"-what-the-future-will-be-like")},
		{"traceparent_version_0xcc", append(
			accepted("cc"+sampled[2:], "cc"+sampled[2:]+"-what-the-future-will-be-like"),
			rejected("cc"+sampled[2:]+".what-the-future-will-be-like")...)},
		{"traceparent_version_0xff", rejected("ff" + sampled[2:])},
	}
}

func parentSyntax() []Case {
	with := func(trace, span, flags string) string { return "00-" + trace + "-" + span + "-" + flags }
	zero32, zero16 := strings.Repeat("0", 32), strings.Repeat("0", 16)
	return []Case{
		{"traceparent_version_illegal_characters", rejected(".0"+sampled[2:], "0."+sampled[2:])},
		{"traceparent_version_too_long", rejected("0"+sampled, "00"+sampled)},
		{"traceparent_version_too_short", rejected(sampled[1:])},
		{"traceparent_trace_id_all_zero", rejected(with(zero32, parentID, "01"))},
		{"traceparent_trace_id_illegal_characters", rejected(
			with("."+traceID[1:], parentID, "01"), with(traceID[:31]+".", parentID, "01"))},
		{"traceparent_trace_id_too_long", []step{{
			send: lines(parent(with(traceID+"3", parentID, "01"))), want: []check{traceIsNot(traceID, traceID[1:]+"3")},
		}}},
		{"traceparent_trace_id_too_short", []step{{
			send: lines(parent(with(traceID[:31], parentID, "01"))), want: []check{traceIsNot("0"+traceID[:31], traceID[:31]+"0")},
		}}},
		{"traceparent_parent_id_all_zero", rejected(with(traceID, zero16, "01"))},
		{"traceparent_parent_id_illegal_characters", rejected(
			with(traceID, "."+parentID[1:], "01"), with(traceID, parentID[:15]+".", "01"))},
		{"traceparent_parent_id_too_long", rejected(with(traceID, parentID+"7", "01"))},
		{"traceparent_parent_id_too_short", rejected(with(traceID, parentID[:15], "01"))},
		{"traceparent_trace_flags_illegal_characters", rejected(
			with(traceID, parentID, ".0"), with(traceID, parentID, "0."))},
		{"traceparent_trace_flags_too_long", rejected(with(traceID, parentID, "001"))},
		{"traceparent_trace_flags_too_short", rejected(with(traceID, parentID, "1"))},
		{"traceparent_ows_handling", accepted(" "+sampled, "\t"+sampled, sampled+" ", sampled+"\t", "\t "+sampled+" \t")},
	}
}

func stateCases() []Case {
	return []Case{
		{"tracestate_included_traceparent_missing", []step{
			{send: lines(state("foo=1")), want: []check{stateSize(0)}},
			{send: lines(state("foo=1,bar=2")), want: []check{stateSize(0)}},
		}},
		{"tracestate_included_traceparent_included", []step{
			states([]string{"foo=1,bar=2"}, stateHas("foo=1", "bar=2")),
		}},
		{"tracestate_header_name", []step{
			{send: lines(parent(not), Header{"trace-state", "foo=1"}), want: []check{stateLacks("foo")}},
			{send: lines(parent(not), Header{"trace.state", "foo=1"}), want: []check{stateLacks("foo")}},
		}},
		{"tracestate_header_name_valid_casing", []step{
			{send: lines(parent(not), Header{"TraceState", "foo=1"}), want: []check{stateHas("foo=1")}},
			{send: lines(parent(not), Header{"TrAcEsTaTe", "foo=1"}), want: []check{stateHas("foo=1")}},
			{send: lines(parent(not), Header{"TRACESTATE", "foo=1"}), want: []check{stateHas("foo=1")}},
		}},
		{"tracestate_empty_header", []step{
			states([]string{""}, stateSize(0)),
			states([]string{"foo=1", ""}, stateHas("foo=1")),
			states([]string{"", "foo=1"}, stateHas("foo=1")),
		}},
		{"tracestate_multiple_headers_different_keys", []step{
			states([]string{"foo=1,bar=2", "rojo=1,congo=2", "baz=3"}, stateIs("foo=1", "bar=2", "rojo=1", "congo=2", "baz=3")),
		}},
		{"tracestate_duplicated_keys", []step{
			states([]string{"foo=1,foo=1"}, stateHas("foo=1")),
			states([]string{"foo=1,foo=2"}, stateHasOne("foo=1", "foo=2")),
			states([]string{"foo=1", "foo=1"}, stateHas("foo=1")),
			states([]string{"foo=1", "foo=2"}, stateHasOne("foo=1", "foo=2")),
		}},
	}
}

// chars returns the characters from a to b.
func chars(a, b byte) string {
	var s strings.Builder
	for c := a; c <= b; c++ {
		s.WriteByte(c)
	}
	return s.String()
}

func stateSyntax() []Case {
	key := chars('a', 'z') + "0123456789_-*/"
	value := chars(' ', '+') + chars('-', '<') + chars('>', '~')
	var ows []step
	for _, s := range []string{" foo=1", "\tfoo=1", "foo=1 ", "foo=1\t", "\t foo=1 \t"} {
		ows = append(ows, states([]string{s}, stateHas("foo=1")))
	}
	return []Case{
		{"tracestate_all_allowed_characters", []step{
			states([]string{key + "=" + value}, stateHas(key+"="+value)),
			states([]string{key + "@a-z0-9_-*/=" + value}, stateHas(key+"@a-z0-9_-*/="+value)),
		}},
		{"tracestate_ows_handling", append([]step{
			states([]string{"foo=1 \t , \t bar=2, \t baz=3"}, stateHas("foo=1", "bar=2", "baz=3")),
			states([]string{"foo=1\t \t,\t \tbar=2,\t \tbaz=3"}, stateHas("foo=1", "bar=2", "baz=3")),
		}, ows...)},
		{"tracestate_key_illegal_characters", []step{
			states([]string{"foo =1"}, stateLacks("foo ", "foo")),
			states([]string{"FOO=1"}, stateLacks("FOO")),
			states([]string{"foo.bar=1"}, stateLacks("foo.bar")),
		}},
		{"tracestate_key_illegal_vendor_format", []step{
			states([]string{"foo@=1,bar=2"}, stateHas("foo@=1", "bar=2")),
			states([]string{"@foo=1,bar=2"}, stateLacks("bar")),
			states([]string{"foo@@bar=1,bar=2"}, stateHas("foo@@bar=1", "bar=2")),
			states([]string{"foo@bar@baz=1,bar=2"}, stateHas("foo@bar@baz=1", "bar=2")),
		}},
		{"tracestate_member_count_limit", []step{
			states(bars(32), stateHas("bar01=01"), stateSize(32)),
			states(bars(33), stateLacks("bar01")),
		}},
		{"tracestate_key_length_limit", []step{
			longKey(strings.Repeat("z", 256)),
			states([]string{"foo=1", strings.Repeat("z", 257) + "=1"}, stateLacks("foo")),
			longKey(strings.Repeat("t", 241) + "@" + strings.Repeat("v", 14)),
			longKey(strings.Repeat("t", 242) + "@v"),
			longKey("t@" + strings.Repeat("v", 15)),
		}},
		{"tracestate_value_illegal_characters", []step{
			states([]string{"foo=bar=baz"}, stateLacks("foo")),
			states([]string{"foo=,bar=3"}, stateLacks("foo", "bar")),
		}},
	}
}

func longKey(key string) step {
	return states([]string{"foo=1", key + "=1"}, stateHas("foo=1", key+"=1"))
}

// bars returns n members, ten to a header.
func bars(n int) (headers []string) {
	for i := 0; i < n; i += 10 {
		var members []string
		for k := i + 1; k <= min(i+10, n); k++ {
			members = append(members, fmt.Sprintf("bar%02d=%02d", k, k))
		}
		headers = append(headers, strings.Join(members, ","))
	}
	return headers
}

func advanced() []Case {
	return []Case{
		{"multiple_requests_with_valid_traceparent", []step{
			{send: lines(parent(sampled)), calls: 3, want: []check{sameTrace, oneTrace}},
		}},
		{"multiple_requests_without_traceparent", []step{{calls: 3, want: []check{ownParents}}}},
		{"multiple_requests_with_illegal_traceparent", []step{{
			send: lines(parent("00-" + strings.Repeat("0", 32) + "-" + parentID + "-01")), calls: 3, want: []check{ownParents},
		}}},
		{"propagates_random_flag", []step{{
			send: lines(parent("00-" + traceID + "-" + parentID + "-02")),
			want: []check{sameTrace, parentIsNot(parentID), random},
		}}},
	}
}

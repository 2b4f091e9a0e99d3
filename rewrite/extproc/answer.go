package extproc

import (
	"net/netip"
	"slices"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	processor "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"

	"github.com/ot2otel/ot2otel/rewrite"
)

// answer answers one message of Envoy's: in kind, or it would fail the request.
//
//	message ProcessingRequest { oneof request {
//	  HttpHeaders request_headers = 2; HttpHeaders response_headers = 3;
//	  HttpBody request_body = 4; HttpBody response_body = 5;
//	  HttpTrailers request_trailers = 6; HttpTrailers response_trailers = 7;
//	} map<string, Struct> attributes = 9; … }
func (s *Server) answer(inbound bool, r *processor.ProcessingRequest) *processor.ProcessingResponse {
	switch r.Request.(type) {
	case *processor.ProcessingRequest_RequestHeaders:
		return &processor.ProcessingResponse{Response: &processor.ProcessingResponse_RequestHeaders{RequestHeaders: s.rewrite(inbound, r)}}
	case *processor.ProcessingRequest_ResponseHeaders:
		return &processor.ProcessingResponse{Response: &processor.ProcessingResponse_ResponseHeaders{}}
	case *processor.ProcessingRequest_RequestBody:
		return &processor.ProcessingResponse{Response: &processor.ProcessingResponse_RequestBody{}}
	case *processor.ProcessingRequest_ResponseBody:
		return &processor.ProcessingResponse{Response: &processor.ProcessingResponse_ResponseBody{}}
	case *processor.ProcessingRequest_RequestTrailers:
		return &processor.ProcessingResponse{Response: &processor.ProcessingResponse_RequestTrailers{}}
	case *processor.ProcessingRequest_ResponseTrailers:
		return &processor.ProcessingResponse{Response: &processor.ProcessingResponse_ResponseTrailers{}}
	}
	return &processor.ProcessingResponse{}
}

// rewrite rewrites the headers of a request and says how they differ.
func (s *Server) rewrite(inbound bool, r *processor.ProcessingRequest) *processor.HeadersResponse {
	came, host := headersOf(r.GetRequestHeaders().GetHeaders())
	out := make(rewrite.Metadata, len(came))
	for name, values := range came {
		out[name] = values
	}
	var result rewrite.Result
	if inbound {
		result = s.rewriter.Inbound(out, peer(r))
	} else {
		result = s.rewriter.Outbound(out, host)
	}
	s.observe(inbound, &result)
	return &processor.HeadersResponse{Response: &processor.CommonResponse{HeaderMutation: mutation(came, out)}}
}

// headersOf returns the headers without those that begin with a colon, of
// which :authority is the host.
//
//	message HeaderMap { repeated HeaderValue headers = 1; }
//	message HeaderValue { string key = 1; string value = 2; bytes raw_value = 3; }
func headersOf(m *core.HeaderMap) (headers rewrite.Metadata, host string) {
	headers = make(rewrite.Metadata, len(m.GetHeaders()))
	for _, h := range m.GetHeaders() {
		value := string(h.RawValue)
		if value == "" {
			value = h.Value // where there are no raw values
		}
		switch name := strings.ToLower(h.Key); {
		case name == ":authority":
			host = value
		case !strings.HasPrefix(name, ":"):
			headers[name] = append(headers[name], value)
		}
	}
	return headers, host
}

// attributesOf is under which name Envoy sends the filter's request_attributes.
const attributesOf = "envoy.filters.http.ext_proc"

// peer is who sent the request, if Envoy was asked to tell (source.address);
// otherwise the zero Addr.
func peer(r *processor.ProcessingRequest) netip.Addr {
	text := r.GetAttributes()[attributesOf].GetFields()["source.address"].GetStringValue()
	if at, err := netip.ParseAddrPort(text); err == nil {
		return at.Addr()
	}
	address, _ := netip.ParseAddr(text)
	return address
}

// mutation is what turns came into out.
//
//	message HeaderMutation { repeated HeaderValueOption set_headers = 1; repeated string remove_headers = 2; }
func mutation(came, out rewrite.Metadata) *processor.HeaderMutation {
	m := &processor.HeaderMutation{}
	for name := range came {
		if _, stays := out[name]; !stays {
			m.RemoveHeaders = append(m.RemoveHeaders, name)
		}
	}
	for name, values := range out {
		if !slices.Equal(came[name], values) {
			m.SetHeaders = append(m.SetHeaders, options(name, values)...)
		}
	}
	return m
}

// options set one header: the first value replaces what is there, the others
// are added to it.
func options(name string, values []string) (all []*core.HeaderValueOption) {
	action := core.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD
	for _, v := range values {
		all = append(all, &core.HeaderValueOption{
			Header:       &core.HeaderValue{Key: name, RawValue: []byte(v)},
			AppendAction: action,
		})
		action = core.HeaderValueOption_APPEND_IF_EXISTS_OR_ADD
	}
	return all
}

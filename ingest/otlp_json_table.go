package ingest

import "strings"

// A jsonMessage is a type of message; jsonMessages has its fields.
type jsonMessage uint8

const (
	jsonRequest jsonMessage = iota // ExportTraceServiceRequest
	jsonResourceSpans
	jsonResource
	jsonEntityRef
	jsonScopeSpans
	jsonScope // InstrumentationScope
	jsonSpan
	jsonEvent
	jsonLink
	jsonStatus
	jsonKeyValue
	jsonAnyValue
	jsonArray  // ArrayValue
	jsonKVList // KeyValueList
)

// A jsonField is one field of a message.
type jsonField struct {
	num     int
	kind    jsonKind
	message jsonMessage // of jsonNested
}

// longestName bounds what is spent on names that are not known.
const longestName = 32

// field finds a field by its name, which may also be written as in the .proto file.
func (m jsonMessage) field(name string) (f jsonField, known bool) {
	fields := jsonMessages[m]
	f, known = fields[name]
	if !known && len(name) <= longestName && strings.Contains(name, "_") {
		f, known = fields[camelCase(name)]
	}
	return f, known
}

// camelCase returns "traceId" for "trace_id".
func camelCase(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words[1:] {
		if w != "" {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

// A jsonKind is how the value of a field is written.
type jsonKind uint8

const (
	jsonNested  jsonKind = iota // an object
	jsonString                  // a string
	jsonID                      // a string, hexadecimal
	jsonBytes                   // a string, base64
	jsonBool                    // true or false
	jsonDouble                  // a number, or a string of one
	jsonInt                     // likewise; a varint in protobuf
	jsonFixed64                 // likewise; a fixed64
	jsonFixed32                 // likewise; a fixed32
)

// String says what a text of the kind should be.
func (k jsonKind) String() string {
	if k == jsonID {
		return "hexadecimal"
	}
	return "base64"
}

// jsonMessages are the messages of opentelemetry-proto 1.11: the names of their
// fields in OTLP/JSON, and the numbers in protobuf.
var jsonMessages = [...]map[string]jsonField{
	jsonRequest: {
		"resourceSpans": {num: 1, message: jsonResourceSpans},
	},
	jsonResourceSpans: {
		"resource":   {num: 1, message: jsonResource},
		"scopeSpans": {num: 2, message: jsonScopeSpans},
		"schemaUrl":  {num: 3, kind: jsonString},
	},
	jsonResource: {
		"attributes":             {num: 1, message: jsonKeyValue},
		"droppedAttributesCount": {num: 2, kind: jsonInt},
		"entityRefs":             {num: 3, message: jsonEntityRef},
	},
	jsonEntityRef: {
		"schemaUrl":       {num: 1, kind: jsonString},
		"type":            {num: 2, kind: jsonString},
		"idKeys":          {num: 3, kind: jsonString},
		"descriptionKeys": {num: 4, kind: jsonString},
	},
	jsonScopeSpans: {
		"scope":     {num: 1, message: jsonScope},
		"spans":     {num: 2, message: jsonSpan},
		"schemaUrl": {num: 3, kind: jsonString},
	},
	jsonScope: {
		"name":                   {num: 1, kind: jsonString},
		"version":                {num: 2, kind: jsonString},
		"attributes":             {num: 3, message: jsonKeyValue},
		"droppedAttributesCount": {num: 4, kind: jsonInt},
	},
	jsonSpan: {
		"traceId":                {num: 1, kind: jsonID},
		"spanId":                 {num: 2, kind: jsonID},
		"traceState":             {num: 3, kind: jsonString},
		"parentSpanId":           {num: 4, kind: jsonID},
		"name":                   {num: 5, kind: jsonString},
		"kind":                   {num: 6, kind: jsonInt},
		"startTimeUnixNano":      {num: 7, kind: jsonFixed64},
		"endTimeUnixNano":        {num: 8, kind: jsonFixed64},
		"attributes":             {num: 9, message: jsonKeyValue},
		"droppedAttributesCount": {num: 10, kind: jsonInt},
		"events":                 {num: 11, message: jsonEvent},
		"droppedEventsCount":     {num: 12, kind: jsonInt},
		"links":                  {num: 13, message: jsonLink},
		"droppedLinksCount":      {num: 14, kind: jsonInt},
		"status":                 {num: 15, message: jsonStatus},
		"flags":                  {num: 16, kind: jsonFixed32},
	},
	jsonEvent: {
		"timeUnixNano":           {num: 1, kind: jsonFixed64},
		"name":                   {num: 2, kind: jsonString},
		"attributes":             {num: 3, message: jsonKeyValue},
		"droppedAttributesCount": {num: 4, kind: jsonInt},
	},
	jsonLink: {
		"traceId":                {num: 1, kind: jsonID},
		"spanId":                 {num: 2, kind: jsonID},
		"traceState":             {num: 3, kind: jsonString},
		"attributes":             {num: 4, message: jsonKeyValue},
		"droppedAttributesCount": {num: 5, kind: jsonInt},
		"flags":                  {num: 6, kind: jsonFixed32},
	},
	jsonStatus: {
		"message": {num: 2, kind: jsonString},
		"code":    {num: 3, kind: jsonInt},
	},
	jsonKeyValue: {
		"key":   {num: 1, kind: jsonString},
		"value": {num: 2, message: jsonAnyValue},
	},
	jsonAnyValue: {
		"stringValue": {num: 1, kind: jsonString},
		"boolValue":   {num: 2, kind: jsonBool},
		"intValue":    {num: 3, kind: jsonInt},
		"doubleValue": {num: 4, kind: jsonDouble},
		"arrayValue":  {num: 5, message: jsonArray},
		"kvlistValue": {num: 6, message: jsonKVList},
		"bytesValue":  {num: 7, kind: jsonBytes},
	},
	jsonArray: {
		"values": {num: 1, message: jsonAnyValue},
	},
	jsonKVList: {
		"values": {num: 1, message: jsonKeyValue},
	},
}

// otlpEnums are the values of enums by name, which protobuf's JSON allows and OTLP's does not.
var otlpEnums = map[string]uint64{
	"SPAN_KIND_UNSPECIFIED": 0, "SPAN_KIND_INTERNAL": 1, "SPAN_KIND_SERVER": 2,
	"SPAN_KIND_CLIENT": 3, "SPAN_KIND_PRODUCER": 4, "SPAN_KIND_CONSUMER": 5,
	"STATUS_CODE_UNSET": 0, "STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2,
}

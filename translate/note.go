package translate

import "slices"

// A Note is a code for one kind of repair or oddity (mapping section 7.1).
// Notes are written to the attribute ot2otel.notes of the span or resource,
// with the key they are about where the code has one ("dup:http.url").
type Note uint8

// The notes, in the order of the mapping's list: a name is its code (Note.String).
const (
	NoteNameEmpty Note = iota
	NoteNameUTF8
	NoteServiceAbsent
	NoteIDZeroTrace
	NoteIDZeroSpan
	NoteIDInvalid
	NoteParentSelf
	NoteRefInvalid
	NoteTimeNegativeDuration
	NoteTimeLongDuration // ends past what OTLP can tell; beyond the mapping's list
	NoteTimeBadStart
	NoteTimeAbsentStart
	NoteTimeBadEvent
	NoteTagUnknownType // :key
	NoteTagNonString   // :key
	NoteDup            // :key
	NoteUTF8           // :key
	NoteKeyEmpty
	NoteKindUnknown
	NoteStatusUnknown
	NoteStatusFromHTTP
	NoteTracestateInvalid
	NoteIPInvalid
	NotePortInvalid
	NoteSemconvConflict // :key
	NoteUnshared
	NoteURLRedacted

	NumNotes = iota
)

// A noted is a note about one key: "" where the code is about none.
type noted struct {
	code Note
	key  string
}

// maxScan is up to how many entries of a list are compared one by one.
const maxScan = 32

// note takes a note about the span or resource at hand and counts it. The same
// note about the same key is taken once, unless others abound.
func (t *Translator) note(code Note, key string) {
	t.report.Notes[code]++
	n := noted{code, key}
	if len(t.notes) > maxScan || !slices.Contains(t.notes, n) {
		t.notes = append(t.notes, n)
	}
}

// String returns the code as the mapping spells it, without a key.
func (n Note) String() string { return noteCodes[n] }

var noteCodes = [NumNotes]string{
	NoteNameEmpty:            "name.empty",
	NoteNameUTF8:             "name.utf8",
	NoteServiceAbsent:        "service.absent",
	NoteIDZeroTrace:          "id.zero_trace",
	NoteIDZeroSpan:           "id.zero_span",
	NoteIDInvalid:            "id.invalid",
	NoteParentSelf:           "parent.self",
	NoteRefInvalid:           "ref.invalid",
	NoteTimeNegativeDuration: "time.negative_duration",
	NoteTimeLongDuration:     "time.long_duration",
	NoteTimeBadStart:         "time.bad_start",
	NoteTimeAbsentStart:      "time.absent_start",
	NoteTimeBadEvent:         "time.bad_event",
	NoteTagUnknownType:       "tag.unknown_type",
	NoteTagNonString:         "tag.non_string",
	NoteDup:                  "dup",
	NoteUTF8:                 "utf8",
	NoteKeyEmpty:             "key.empty",
	NoteKindUnknown:          "kind.unknown",
	NoteStatusUnknown:        "status.unknown",
	NoteStatusFromHTTP:       "status.from_http",
	NoteTracestateInvalid:    "tracestate.invalid",
	NoteIPInvalid:            "ip.invalid",
	NotePortInvalid:          "port.invalid",
	NoteSemconvConflict:      "semconv.conflict",
	NoteUnshared:             "unshared",
	NoteURLRedacted:          "url.redacted",
}

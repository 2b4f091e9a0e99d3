package translate

// A Rule is a rule of the mapping: what put an attribute or a field where it stands.
type Rule uint8

// The rules, in the order of the mapping.
const (
	// RuleTag is J-20: a tag, process tag or log field that keeps its key and type.
	RuleTag            Rule = iota
	RuleIDs                 // J-1
	RuleName                // J-4
	RuleTimes               // J-5
	RuleDuration            // J-7
	RuleStart               // J-8
	RuleFlags               // J-10
	RuleSourceFlags         // J-11
	RuleDebug               // J-12
	RuleWarnings            // J-13
	RuleProcessID           // J-14
	RuleTraceState          // J-16
	RuleDropped             // J-17
	RuleUnknownType         // J-21
	RuleDuplicate           // J-22
	RuleService             // J-30
	RuleNoService           // J-31
	RuleHostName            // J-34
	RuleHostIP              // J-35
	RulePackedIP            // J-36
	RuleSDK                 // J-37
	RuleInstance            // J-38
	RuleScope               // J-40
	RuleScopeComponent      // J-41
	RuleParent              // J-50
	RuleLink                // J-52
	RuleInvalidRef          // J-54
	RuleUnknownRef          // J-55
	RuleKind                // J-60
	RuleNoKind              // J-61
	RuleUnknownKind         // J-62
	RuleOTelStatus          // J-70
	RuleErrorTrue           // J-71
	RuleErrorText           // J-72
	RuleErrorFalse          // J-73
	RuleHTTPStatus          // J-74
	RuleNoStatus            // J-75
	RuleStatusMessage       // J-76
	RuleErrorType           // J-77
	RuleEvent               // E-1
	RuleEventName           // E-2
	RuleErrorLog            // E-4
	RuleEventDropped        // E-9
	RuleDroppedLogs         // E-10
	RuleBaggage             // E-21
	RuleUTF8                // N-1
	RuleZeroID              // N-2
	RuleEmptyKey            // N-4
	RuleNotes               // 7.1
	RuleSource              // P-6
	RuleUnshare             // U-3
	RuleSharedOff           // U-6
	RuleOpenTracing         // 6.2: an OpenTracing standard tag
	RuleLegacyTag           // 6.3: another common legacy tag
	RuleOldOTel             // 6.4: an old OpenTelemetry key
	RuleDBSystem            // 6.5: a database system's name
	RuleRedact              // N-9

	// Rules of section 5, about Zipkin.

	RuleParentSelf       // Z-2
	RuleZipkinIDs        // Z-1
	RuleZipkinName       // Z-4
	RuleZipkinKind       // Z-5
	RuleZipkinDebug      // Z-6
	RuleZipkinTimes      // Z-8
	RuleZipkinTag        // Z-9: a tag that keeps its key
	RuleNonString        // Z-9: a tag that is no string
	RuleZipkinRepeat     // Z-10
	RuleZipkinService    // Z-11
	RuleZipkinLocal      // Z-12
	RuleZipkinRemote     // Z-13
	RuleZipkinPeer       // Z-14
	RuleZipkinIP         // Z-16
	RuleZipkinPort       // Z-17
	RuleAbsentStart      // Z-22
	RuleAnnotation       // Z-30
	RuleAnnotationJSON   // Z-31
	RuleZipkinOTelStatus // Z-40
	RuleZipkinError      // Z-41
	RuleZipkinHTTPStatus // Z-42
	RuleCensus           // Z-43
	RuleZipkinScope      // Z-44
	RuleServiceSource    // Z-45
	RuleZipkinLink       // Z-45
	RuleZipkinTraceState // Z-46
	RuleZipkinResource   // Z-47
	RuleJaegerTag        // Z-48
	RuleReparent         // U-4
	RuleV1               // 5.7

	numRules
)

// String returns the id that the mapping gives the rule, such as "J-20".
func (r Rule) String() string {
	if r < numRules {
		return ruleIDs[r]
	}
	return "?"
}

var ruleIDs = [numRules]string{
	RuleTag:            "J-20",
	RuleIDs:            "J-1",
	RuleName:           "J-4",
	RuleTimes:          "J-5",
	RuleDuration:       "J-7",
	RuleStart:          "J-8",
	RuleFlags:          "J-10",
	RuleSourceFlags:    "J-11",
	RuleDebug:          "J-12",
	RuleWarnings:       "J-13",
	RuleProcessID:      "J-14",
	RuleTraceState:     "J-16",
	RuleDropped:        "J-17",
	RuleUnknownType:    "J-21",
	RuleDuplicate:      "J-22",
	RuleService:        "J-30",
	RuleNoService:      "J-31",
	RuleHostName:       "J-34",
	RuleHostIP:         "J-35",
	RulePackedIP:       "J-36",
	RuleSDK:            "J-37",
	RuleInstance:       "J-38",
	RuleScope:          "J-40",
	RuleScopeComponent: "J-41",
	RuleParent:         "J-50",
	RuleLink:           "J-52",
	RuleInvalidRef:     "J-54",
	RuleUnknownRef:     "J-55",
	RuleKind:           "J-60",
	RuleNoKind:         "J-61",
	RuleUnknownKind:    "J-62",
	RuleOTelStatus:     "J-70",
	RuleErrorTrue:      "J-71",
	RuleErrorText:      "J-72",
	RuleErrorFalse:     "J-73",
	RuleHTTPStatus:     "J-74",
	RuleNoStatus:       "J-75",
	RuleStatusMessage:  "J-76",
	RuleErrorType:      "J-77",
	RuleEvent:          "E-1",
	RuleEventName:      "E-2",
	RuleErrorLog:       "E-4",
	RuleEventDropped:   "E-9",
	RuleDroppedLogs:    "E-10",
	RuleBaggage:        "E-21",
	RuleUTF8:           "N-1",
	RuleZeroID:         "N-2",
	RuleEmptyKey:       "N-4",
	RuleNotes:          "7.1",
	RuleSource:         "P-6",
	RuleUnshare:        "U-3",
	RuleSharedOff:      "U-6",
	RuleOpenTracing:    "6.2",
	RuleLegacyTag:      "6.3",
	RuleOldOTel:        "6.4",
	RuleDBSystem:       "6.5",
	RuleRedact:         "N-9",

	RuleParentSelf:       "Z-2",
	RuleZipkinIDs:        "Z-1",
	RuleZipkinName:       "Z-4",
	RuleZipkinKind:       "Z-5",
	RuleZipkinDebug:      "Z-6",
	RuleZipkinTimes:      "Z-8",
	RuleZipkinTag:        "Z-9",
	RuleNonString:        "Z-9",
	RuleZipkinRepeat:     "Z-10",
	RuleZipkinService:    "Z-11",
	RuleZipkinLocal:      "Z-12",
	RuleZipkinRemote:     "Z-13",
	RuleZipkinPeer:       "Z-14",
	RuleZipkinIP:         "Z-16",
	RuleZipkinPort:       "Z-17",
	RuleAbsentStart:      "Z-22",
	RuleAnnotation:       "Z-30",
	RuleAnnotationJSON:   "Z-31",
	RuleZipkinOTelStatus: "Z-40",
	RuleZipkinError:      "Z-41",
	RuleZipkinHTTPStatus: "Z-42",
	RuleCensus:           "Z-43",
	RuleZipkinScope:      "Z-44",
	RuleServiceSource:    "Z-45",
	RuleZipkinLink:       "Z-45",
	RuleZipkinTraceState: "Z-46",
	RuleZipkinResource:   "Z-47",
	RuleJaegerTag:        "Z-48",
	RuleReparent:         "U-4",
	RuleV1:               "5.7",
}

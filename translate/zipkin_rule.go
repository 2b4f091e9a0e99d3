package translate

import "strings"

// zipkinRules are the rules that the mapping has for Zipkin in the place of
// those that both use.
var zipkinRules = map[Rule]Rule{
	RuleTag:           RuleZipkinTag,
	RuleIDs:           RuleZipkinIDs,
	RuleName:          RuleZipkinName,
	RuleTimes:         RuleZipkinTimes,
	RuleFlags:         RuleZipkinDebug,
	RuleTraceState:    RuleZipkinTraceState,
	RuleDuplicate:     RuleZipkinRepeat,
	RuleService:       RuleZipkinService,
	RuleScope:         RuleZipkinScope,
	RuleParent:        RuleParentSelf,
	RuleKind:          RuleZipkinKind,
	RuleNoKind:        RuleZipkinKind,
	RuleUnknownKind:   RuleZipkinKind,
	RuleOTelStatus:    RuleZipkinOTelStatus,
	RuleHTTPStatus:    RuleZipkinHTTPStatus,
	RuleEvent:         RuleAnnotation,
	RuleStatusMessage: RuleZipkinError,
}

// nameZipkinRules names the rules as the mapping does for the payload's format.
func (t *Translator) nameZipkinRules(parts []Part) {
	if !strings.HasPrefix(t.source.str, "zipkin.") {
		return
	}
	for i := range parts {
		if rule, ok := zipkinRules[parts[i].Rule]; ok {
			parts[i].Rule = rule
		}
	}
}

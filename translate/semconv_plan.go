package translate

// A plan is a table of rows made ready to run: the rows of a key are found by
// its id.
type plan struct {
	rows  []row
	rules []Rule // of rows
	keys  keySet // those that have rows
	first [numKeys + 1]uint8
}

// The plans are never changed.
var (
	spanRenames     = newPlan(renames)
	spanDerivations = newPlan(derivations)
	resourcePlan    = newPlan(resourceRenames)
)

// newPlan returns the plan for rows, which are in the order of their keys.
func newPlan(rows []row) plan {
	p := plan{rows: rows}
	for _, r := range rows {
		p.keys.add(r.key)
		p.rules = append(p.rules, r.rule())
		p.first[r.key+1]++
	}
	for key := range numKeys {
		p.first[key+1] += p.first[key]
	}
	return p
}

// rule is the section of the mapping that the row comes from.
func (r row) rule() Rule {
	switch {
	case r.target == keyDBSystemName && (r.key == keyDBType || r.key == keyDBSystem):
		return RuleDBSystem
	case r.key < keyHTTPPath:
		return RuleOpenTracing
	case r.key < keyHTTPScheme:
		return RuleLegacyTag
	}
	return RuleOldOTel
}

package translate

// toOperationType takes messaging.operation, whose values have other words now.
func toOperationType(_ *mapper, v value) (value, fit) {
	if v.kind != kindString {
		return value{}, unfit
	}
	switch v.str {
	case "publish":
		return stringValue("send"), exact
	case "deliver":
		return stringValue("process"), exact
	case "send", "process":
		return v, lossy // these convert back to the old words
	}
	return v, exact
}

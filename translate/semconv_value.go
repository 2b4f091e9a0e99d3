package translate

// This file has the conversions that know types only.

// toText takes strings as they are.
func toText(_ *mapper, v value) (value, fit) {
	if v.kind != kindString {
		return value{}, unfit
	}
	return v, exact
}

// toNonEmpty takes strings that say something: an empty address or path must
// not keep others from the target.
func toNonEmpty(_ *mapper, v value) (value, fit) {
	if v.kind != kindString || v.str == "" {
		return value{}, unfit
	}
	return v, exact
}

// toLower takes strings in lower case.
func toLower(m *mapper, v value) (value, fit) {
	if v.kind != kindString {
		return value{}, unfit
	}
	return unchanged(v.str, m.t.text.lower(v.str))
}

// toInt takes whole numbers, also those that came as a double (J-23) or as digits.
func toInt(_ *mapper, v value) (value, fit) {
	n, ok := v.integer()
	if !ok {
		return value{}, unfit
	}
	return intValue(n), exactIf(v.kind == kindInt)
}

// toDigits takes whole numbers as text. Text stays as it is.
func toDigits(m *mapper, v value) (value, fit) {
	if v.kind == kindString {
		return v, lossy // what converts back is a number
	}
	n, ok := v.integer()
	if !ok {
		return value{}, unfit
	}
	return stringValue(m.t.text.decimal(n)), exactIf(v.kind == kindInt)
}

// toBool takes booleans, also as text, which is all that Zipkin's tags can be.
func toBool(_ *mapper, v value) (value, fit) {
	switch {
	case v.kind == kindBool:
		return v, exact
	case v.kind == kindString && v.str == "true":
		return boolValue(true), lossy
	case v.kind == kindString && v.str == "false":
		return boolValue(false), lossy
	}
	return value{}, unfit
}

// unchanged is the outcome of converting one string to another.
func unchanged(from, to string) (value, fit) {
	return stringValue(to), exactIf(from == to)
}

func exactIf(reversible bool) fit {
	if reversible {
		return exact
	}
	return lossy
}

func lossyIf(ok bool) fit {
	if ok {
		return lossy
	}
	return unfit
}

package translate

// toControllerMethod joins mvc.controller.class and mvc.controller.method.
func toControllerMethod(m *mapper, class value) (value, fit) {
	method, ok := m.attrs.text(keyMVCControllerMethod)
	if !ok || class.kind != kindString {
		return value{}, unfit
	}
	return m.dotted(class.str, method), lossy
}

// toFunctionName joins code.namespace, if there is one, and code.function.
func toFunctionName(m *mapper, function value) (value, fit) {
	if function.kind != kindString {
		return value{}, unfit
	}
	namespace, ok := m.attrs.text(keyCodeNamespace)
	if !ok || namespace == "" {
		return function, lossy
	}
	return m.dotted(namespace, function.str), lossy
}

func (m *mapper) dotted(left, right string) value {
	return stringValue(m.t.text.concat(left, ".", right))
}

package translate

// A baggage is an item of baggage that a log says was set.
type baggage struct{ key, value string }

// collectBaggage remembers what a baggage log set (E-21). One whose key was
// refused set nothing.
func (t *Translator) collectBaggage(a *attrs) {
	key, okKey := a.text(keyKey)
	value, okValue := a.text(keyValue)
	if !t.config.PromoteBaggage || !okKey || !okValue {
		return
	}
	if x := a.get(keyInvalid); x != nil {
		if invalid, _ := truth(x.value); invalid {
			return
		}
	}
	t.promoted = append(t.promoted, baggage{key, value})
}

// promoteBaggage makes span attributes baggage.<key> of what was set: of
// several values of one item, the last. Attributes that the payload had stay.
func (t *Translator) promoteBaggage() {
	a := &t.span.attrs
	for _, b := range t.promoted {
		key := t.text.concat("baggage.", b.key)
		if i := a.find(key, len(a.list)); i < 0 {
			a.list = append(a.list, attr{key: key, value: stringValue(b.value), rule: RuleBaggage})
		} else if a.list[i].rule == RuleBaggage {
			a.list[i].str = b.value
		}
	}
}

package export

// A Secret is text that must not be shown. However it is printed, logged or
// marshalled, it comes out as "(secret)"; string(s) is the text itself.
type Secret string

const hidden = "(secret)"

// String hides the secret from every verb of package fmt, %#v aside.
func (Secret) String() string { return hidden }

// GoString hides it from %#v.
func (Secret) GoString() string { return hidden }

// MarshalText hides it from encoders; package slog's handlers use it, too.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

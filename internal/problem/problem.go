// Package problem has the form in which packages list what can go wrong for a user.
package problem

// A Problem is a warning or refusal that a user can meet, and what to do about it.
type Problem struct {
	ID      string // "OT2-" and four characters; never changes, never means anything else
	Summary string // what happened, as the log says it
	Cause   string // why that is
	Fix     string // what to do about it
}

package artefact

import "regexp"

// placeholder is what the management of a device replaces by a value of its user, in the
// forms that are in use: {{mail}}, {EmailAddress}, %EmailAddress%, $EMAIL, ${user.email},
// [email], <email> and #email#.
var placeholder = regexp.MustCompile(`\{?\{[^{}]+\}\}?|%[^%\s]+%|\$[A-Za-z_][A-Za-z_.]*|\[[^\[\]]+\]|<[^<>]+>|#[^#\s]+#`)

// IsPlaceholder reports whether a value is a placeholder and nothing else.
func IsPlaceholder(value string) bool {
	at := placeholder.FindStringIndex(value)
	return at != nil && at[0] == 0 && at[1] == len(value)
}

// HasPlaceholder reports whether a placeholder stands in a value.
func HasPlaceholder(value string) bool { return placeholder.MatchString(value) }

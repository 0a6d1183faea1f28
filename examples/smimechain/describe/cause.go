package describe

import "errors"

// Cause is an error in a document: its English text in JSON.
type Cause struct{ Err error }

// String returns the text of the error, "" where there is none.
func (c Cause) String() string {
	if c.Err == nil {
		return ""
	}
	return c.Err.Error()
}

// MarshalText returns what String returns.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText makes an error of its text.
func (c *Cause) UnmarshalText(text []byte) error {
	c.Err = errors.New(string(text))
	return nil
}

package deploy

// Output is one file that a roll-out needs. The caller writes it, and makes the
// folders that its name speaks of.
type Output struct {
	Name   string // relative, with slashes; made of letters, digits, dots and dashes
	Data   []byte
	Secret bool // it holds a key or a password: mode 0600, never overwritten unasked
}

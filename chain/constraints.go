package chain

import "strings"

// prepare lower-cases what is compared without regard to case.
func (s *subtree) prepare() { s.value = strings.ToLower(s.value) }

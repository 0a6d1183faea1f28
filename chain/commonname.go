package chain

import "strings"

// CommonName returns the common name within a name in the form of RFC 2253, as
// [NameString] writes it, and the whole name when there is none in it. Escapes
// are left as they are.
func CommonName(name string) string {
	for start := 0; start < len(name); {
		end := start
		for end < len(name) && name[end] != ',' && name[end] != '+' {
			if name[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, len(name))
		if cn, ok := strings.CutPrefix(strings.TrimSpace(name[start:end]), "CN="); ok {
			return cn
		}
		start = end + 1
	}
	return name
}

package chain

import "strings"

// CommonName returns how people write a name that is given in the form of RFC 2253, as
// [NameString] writes it: its common name or, where it has none, its e-mail address,
// without the backslashes before commas and the like. Quotation marks and control
// characters stay escaped, so that none can end a quotation or a line. The whole name
// comes back when it has neither. Different names may look the same.
func CommonName(name string) string {
	address := ""
	for start := 0; start < len(name); {
		end := start
		for end < len(name) && name[end] != ',' && name[end] != '+' {
			if name[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, len(name))
		attribute := strings.TrimLeft(name[start:end], " ")
		if cn, ok := strings.CutPrefix(attribute, "CN="); ok && cn != "" {
			return unescape(cn)
		}
		if a, ok := strings.CutPrefix(attribute, "EMAILADDRESS="); ok && address == "" {
			address = unescape(a)
		}
		start = end + 1
	}
	if address != "" {
		return address
	}
	return name
}

// unescape takes away the backslashes that only the form of RFC 2253 asks for.
func unescape(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == '\\' && i+1 < len(value) && strings.IndexByte(`,+;<># `, value[i+1]) >= 0 {
			i++
		}
		b.WriteByte(value[i])
	}
	return b.String()
}

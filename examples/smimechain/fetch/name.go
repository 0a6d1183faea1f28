//go:build !js && !wasip1

package fetch

import "strings"

// notPublicNames are the ends of names that no host of the public internet has: RFC
// 6761, 6762, 7686, 8375, 9476, and those that networks use inside and the root of the
// DNS does not have.
var notPublicNames = []string{
	"localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan",
	"home.arpa", "onion", "alt", "test", "invalid", "example", "in-addr.arpa", "ip6.arpa",
}

// publicName reports whether a host name, which is no IP address, can be one of the
// public internet: it has several labels and ends in none that is kept for inside. A
// last label that is a number stands for an IPv4 address in a form that some programs
// read and others do not, such as 127.1, 0x7f.0.0.1 and 017700000001 (URL Standard,
// Section 3.5, "ends in a number").
func publicName(host string) bool {
	host = strings.ToLower(strings.TrimRight(host, "."))
	for _, end := range notPublicNames {
		if strings.HasSuffix("."+host, "."+end) {
			return false
		}
	}
	dot := strings.LastIndexByte(host, '.')
	return dot > 0 && !isNumber(host[dot+1:])
}

func isNumber(label string) bool {
	digits := "0123456789"
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		label, digits = hex, "0123456789abcdef"
	}
	return strings.Trim(label, digits) == ""
}

package main

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"github.com/smimechain/smimechain/chain"
	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// extensions is what the catalogue holds of a certificate and package chain does not tell.
type extensions struct {
	pathLength  int // -1 for none
	constraints []string
}

func context(n uint8) casn1.Tag     { return casn1.Tag(n).ContextSpecific() }
func constructed(n uint8) casn1.Tag { return context(n).Constructed() }

// readExtensions walks to the extensions; a certificate that is not well-formed has
// what was read of it.
func readExtensions(der []byte) *extensions {
	e := &extensions{pathLength: -1}
	input := cryptobyte.String(der)
	var cert, tbs, wrapped, list cryptobyte.String
	if !input.ReadASN1(&cert, casn1.SEQUENCE) || !cert.ReadASN1(&tbs, casn1.SEQUENCE) {
		return e
	}
	for !tbs.Empty() {
		var tag casn1.Tag
		var field cryptobyte.String
		if !tbs.ReadAnyASN1(&field, &tag) {
			return e
		}
		if tag == constructed(3) {
			wrapped = field
		}
	}
	if !wrapped.ReadASN1(&list, casn1.SEQUENCE) {
		return e
	}
	for !list.Empty() {
		var ext, oid, value cryptobyte.String
		if !list.ReadASN1(&ext, casn1.SEQUENCE) || !ext.ReadASN1(&oid, casn1.OBJECT_IDENTIFIER) ||
			!ext.SkipOptionalASN1(casn1.BOOLEAN) || !ext.ReadASN1(&value, casn1.OCTET_STRING) {
			return e
		}
		switch string(oid) {
		case "\x55\x1d\x13":
			var seq cryptobyte.String
			var n int
			if value.ReadASN1(&seq, casn1.SEQUENCE) && seq.SkipOptionalASN1(casn1.BOOLEAN) && seq.ReadASN1Integer(&n) && n >= 0 {
				e.pathLength = n
			}
		case "\x55\x1d\x1e":
			var seq cryptobyte.String
			if value.ReadASN1(&seq, casn1.SEQUENCE) {
				e.subtrees(&seq, 0, "permitted")
				e.subtrees(&seq, 1, "excluded")
			}
		}
	}
	return e
}

// subtrees reads one half of NameConstraints (RFC 5280, Section 4.2.1.10).
func (e *extensions) subtrees(seq *cryptobyte.String, tag uint8, word string) {
	var list cryptobyte.String
	var present bool
	if !seq.ReadOptionalASN1(&list, &present, constructed(tag)) || !present {
		return
	}
	for !list.Empty() {
		var subtree, name cryptobyte.String
		var kind casn1.Tag
		if !list.ReadASN1(&subtree, casn1.SEQUENCE) || !subtree.ReadAnyASN1(&name, &kind) {
			return
		}
		e.constraints = append(e.constraints, word+" "+generalName(kind, name))
	}
}

func generalName(kind casn1.Tag, name cryptobyte.String) string {
	line := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	switch kind {
	case context(1):
		return "email:" + line(string(name))
	case context(2):
		return "DNS:" + line(string(name))
	case constructed(4):
		return "dirName:" + line(chain.NameString(name))
	case context(6):
		return "URI:" + line(string(name))
	case context(7):
		return "IP:" + network(name)
	default:
		return fmt.Sprintf("[%d]:%s", byte(kind)&0x1f, hex.EncodeToString(name[:min(len(name), 32)]))
	}
}

func network(b []byte) string {
	address, ok1 := netip.AddrFromSlice(b[:len(b)/2])
	mask, ok2 := netip.AddrFromSlice(b[len(b)/2:])
	if !ok1 || !ok2 {
		return hex.EncodeToString(b)
	}
	return address.String() + "/" + mask.String()
}

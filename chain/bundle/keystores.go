package bundle

import (
	"bytes"

	"golang.org/x/crypto/cryptobyte"
)

// skipText steps over a text of Java: its length in two octets, and the text.
func skipText(s *cryptobyte.String) bool {
	var text cryptobyte.String
	return s.ReadUint16LengthPrefixed(&text)
}

// skipBlob steps over octets with their length in four.
func skipBlob(s *cryptobyte.String) bool {
	var size uint32
	return s.ReadUint32(&size) && s.Skip(int(size))
}

// skipCertificate steps over a type and an encoded certificate.
func skipCertificate(s *cryptobyte.String) bool { return skipText(s) && skipBlob(s) }

const javaTime = 8 // octets

// findJKS returns what reads the entries of a key store of Java with a magic up to
// the first with a key. One in which all are certificates holds none.
func findJKS(magic string) func([]byte) certainty {
	const privateEntry, certificateEntry = 1, 2
	return func(d []byte) certainty {
		s := cryptobyte.String(d)
		var version, count uint32
		if !bytes.HasPrefix(d, []byte(magic+"\x00\x00\x00")) || !s.Skip(len(magic)) {
			return noKey
		}
		if !s.ReadUint32(&version) || !s.ReadUint32(&count) {
			return mayHold
		}
		for range count {
			var kind uint32
			switch {
			case !s.ReadUint32(&kind) || !skipText(&s) || !s.Skip(javaTime):
				return mayHold
			case kind == privateEntry:
				return holdsKey
			case kind != certificateEntry: // a secret key, whose end cannot be told
				return mayHold
			case version > 1 && !skipText(&s), !skipBlob(&s):
				return mayHold
			}
		}
		return noKey
	}
}

// isBKS reports whether data begins like a key store of Bouncy Castle, BKS or UBER.
func isBKS(d []byte) bool {
	_, ok := bksEntries(d)
	return ok
}

// bksEntries returns what follows the version, the salt and the number of iterations.
func bksEntries(d []byte) (cryptobyte.String, bool) {
	const saltSize, mostIterations = 20, 1 << 24
	s := cryptobyte.String(d)
	var version, size, iterations uint32
	ok := s.ReadUint32(&version) && version >= 1 && version <= 2 && s.ReadUint32(&size) && size == saltSize && s.Skip(saltSize) &&
		s.ReadUint32(&iterations) && iterations > 0 && iterations <= mostIterations
	return s, ok
}

// findBKS reads the entries of a key store of Bouncy Castle: kind, alias, time, a
// chain of certificates, and what the kind asks for. A sealed entry with a chain is
// a private key. In UBER all of it is encrypted, and the kind may be any octet.
func findBKS(d []byte) certainty {
	const (
		end, certificate, plain, sealed byte = 0, 1, 2, 4
		private                              = 0  // of the kinds of a plain key
		check                                = 20 // octets behind the end
	)
	s, ok := bksEntries(d)
	if !ok {
		return noKey
	}
	for {
		var kind, keyKind byte
		var chain uint32
		if !s.ReadUint8(&kind) {
			return mayHold
		}
		if kind == end && len(s) <= check {
			return noKey
		}
		if !skipText(&s) || !s.Skip(javaTime) || !s.ReadUint32(&chain) {
			return mayHold
		}
		for range chain {
			if !skipCertificate(&s) {
				return mayHold
			}
		}
		switch {
		case kind == certificate && skipCertificate(&s):
		case kind == sealed && chain > 0:
			return holdsKey
		case kind == plain && s.ReadUint8(&keyKind):
			if keyKind == private {
				return holdsKey
			}
			if !skipText(&s) || !skipCertificate(&s) { // the format, the algorithm and the key
				return mayHold
			}
		default:
			return mayHold
		}
	}
}

// findBCFKS finds a key store whose entries are encrypted: a SEQUENCE of encrypted
// data and of its check, which is a SEQUENCE or tagged.
func findBCFKS(d []byte) certainty {
	const sequence, class, tagged = 0x30, 0xE0, 0xA0
	outer, ok := header(d)
	if !ok || outer.tag != sequence || derKey(outer.body) != kindEncrypted {
		return noKey
	}
	if inner, _ := header(outer.body); len(inner.rest) < 2 || inner.rest[0] != sequence && inner.rest[0]&class != tagged {
		return noKey
	}
	return mayHold
}

// findNSS finds the database in which NSS keeps keys, which has a table for them
// whether there are any or not.
func findNSS(d []byte) certainty {
	const schema = 64 << 10 // octets
	if bytes.HasPrefix(d, []byte("SQLite")) && bytes.Contains(d[:min(len(d), schema)], []byte("nssPrivate")) {
		return mayHold
	}
	return noKey
}

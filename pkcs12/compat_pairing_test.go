package pkcs12

import (
	"crypto/x509"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
)

// paired is a report of a file, drawn as its safes with "|" between them. A bag is what
// it holds, its localKeyID, and behind a slash its friendly name: of "C1/a c2/ | k1/a" the
// first certificate belongs to the key, as is known of its public key, the second does not.
//
//	k  the private key that is judged; p: not encrypted; u: not decrypted
//	l  another private key; m: not encrypted
//	e  the private key, of type EC
//	C  a certificate for the first key; c: for none; D: for the other key; P: one for the first, for RSASSA-PSS
//	x  a certificate that cannot be read
func paired(drawing string, plain, pss *chain.Certificate) *Inspection {
	r := &Inspection{Version: 3}
	letters := make(map[*Bag]byte)
	for safe := range strings.SplitSeq(drawing, "|") {
		words := strings.Fields(safe)
		bags := make([]Bag, len(words))
		for i, word := range words {
			id, name, _ := strings.Cut(word[1:], "/")
			bags[i] = Bag{LocalKeyID: []byte(id), FriendlyName: name}
			switch word[0] {
			case 'u':
				bags[i].Kind = BagShroudedKey
			case 'e':
				bags[i].Kind, bags[i].Key = BagShroudedKey, &Key{Algorithm: "EC"}
			case 'k', 'l':
				bags[i].Kind, bags[i].Key = BagShroudedKey, &Key{Algorithm: "RSA"}
			case 'p', 'm':
				bags[i].Kind, bags[i].Key = BagKey, &Key{Algorithm: "RSA"}
			case 'x':
				bags[i].Kind = bagCertificate
			case 'P':
				bags[i].Kind, bags[i].Certificate = bagCertificate, pss
			default:
				bags[i].Kind, bags[i].Certificate = bagCertificate, plain
			}
			letters[&bags[i]] = word[0]
		}
		r.Safes = append(r.Safes, Safe{Bags: bags})
	}
	for at, key := range r.Bags() {
		letter := letters[key]
		if key.Kind == bagCertificate {
			continue
		}
		id := Identity{Key: at}
		for ref, b := range r.Bags() {
			if b.Certificate == nil {
				continue
			}
			if len(key.LocalKeyID) > 0 && string(b.LocalKeyID) == string(key.LocalKeyID) {
				id.ByLocalKeyID = append(id.ByLocalKeyID, ref)
			}
			if key.FriendlyName != "" && b.FriendlyName == key.FriendlyName {
				id.ByFriendlyName = append(id.ByFriendlyName, ref)
			}
			if mine := letters[b]; letter != 'u' && (mine == 'D') == (letter == 'l' || letter == 'm') && mine != 'c' {
				id.ByPublicKey = append(id.ByPublicKey, ref)
			}
		}
		for _, by := range [][]BagRef{id.ByPublicKey, id.ByLocalKeyID, id.ByFriendlyName} {
			if id.Leaf == nil && len(by) > 0 {
				id.Leaf = by[0]
			}
		}
		switch {
		case len(id.ByPublicKey) > 0:
			id.Matches = Yes
		case id.Leaf != nil && letter != 'u':
			id.Matches = No
		}
		r.Identities = append(r.Identities, id)
	}
	return r
}

// TestPairing holds which certificate each target gives a private key.
func TestPairing(t *testing.T) {
	const (
		none   = "imports no key without one"
		other  = "the private key is paired with a certificate for another key"
		shared = "private keys share a friendly name"
		pss    = "the certificate is for RSASSA-PSS"
	)
	leaf, key := alice(t).leaf.Raw, testRSA(t)
	plain := &chain.Certificate{Raw: leaf}
	spki := seq(seq(object("1.2.840.113549.1.1.10")), tlv(0x03, []byte{0}, x509.MarshalPKCS1PublicKey(&key.PublicKey)))
	forPSS := &chain.Certificate{Raw: withSPKI(t, leaf, spki)}
	for _, tt := range []struct {
		target  Importer
		drawing string
		want    string // of the sentence; empty if the key gets its own certificate
	}{
		// by localKeyID alone, and of several the first
		{targetNSS, "C1/ c2/ | k1/", ""},
		{targetNSS, "C1/ c1/ | k1/", ""},
		{targetNSS, "c1/ C1/ | k1/", other},
		{targetNSS, "c1/ | k1/", other},
		{targetNSS, "c1/ | u1/", ""}, // nobody knows
		{targetNSS, "C2/a | k1/a", none},
		{targetNSS, "C/ | k/", none},

		// by public key alone
		{targetGnuPG22, "c1/a C2/b | k1/a", ""},
		{targetGnuPG22, "c1/a | k1/a", none},
		{targetGnuPG22, "c1/a | u1/a", ""}, // nobody knows
		{targetGnuPG22, "c2/b | k1/a", none},

		// by localKeyID and name
		{targetJava11, "c1/ C1/a c1/ | k1/a", ""},
		{targetJava11, "C1/ c1/a C1/ | k1/a", other},
		{targetJava11, "C1/A c1/b | k1/a", ""},
		// by localKeyID, the last
		{targetJava11, "c1/ C1/ | k1/", ""},
		{targetJava11, "C1/ c1/ | k1/", other},
		{targetJava11, "C1/ c2/a | k1/a", ""},
		{targetJava11, "c1/ C2/a | k1/a", other},
		// by name, the last
		{targetJava11, "c2/a C3/A | k1/a", ""},
		{targetJava11, "C2/a c3/A | k1/a", other},
		{targetJava11, "C/a | k1/a", ""},
		{targetJava11, "C2/b | k1/a", none},
		{targetJava11, "C2/ | k1/", none},
		{targetJava11, "C/b | k1/a", none},
		// a lone key without localKeyID: the first of a safe after it
		{targetJava11, "k/ | C/ c/", ""},
		{targetJava11, "k/ | c/ C/", other},
		{targetJava11, "k/ | c1/ C/", none},
		{targetJava11, "C/ | k/", none},
		{targetJava11, "k/ C/", none},
		{targetJava11, "k/ l/ | C/ D/", none},
		{targetJava11, "k/ | C1/", none},
		{targetJava11, "k1/ | C/", none},
		// what is no certificate is none for Java
		{targetJava11, "x1/a | k1/a", none},
		// ignored, and said elsewhere
		{targetJava11, "c1/ | p1/", ""},
		// keys of one name
		{targetJava11, "C1/ D2/ | k1/a l2/A", shared},
		{targetJava11, "C1/ D2/ | k1/a l2/b", ""},
		{targetJava11, "C1/ D2/ | k1/ l2/", ""},
		{targetJava11, "C1/ D2/ | k1/a m2/a", ""},

		// by localKeyID, the first, whatever key that is for
		{targetDotNet9, "C1/ c1/ | k1/", ""},
		{targetDotNet9, "c1/ C1/ | k1/", other},
		{targetDotNet9, "c1/ C2/ | k1/", other},
		// else by public key, and never by name
		{targetDotNet9, "c2/a C3/ | k1/a", ""},
		{targetDotNet9, "c2/a | k1/a", none},
		{targetDotNet9, "c2/ | k1/", none},
		{targetDotNet9, "c2/a | u1/a", ""}, // nobody knows
		// a key that is left over beside one that is not
		{targetDotNet9, "D2/ | k1/ l2/", ""},
		{targetDotNet9, "D/ | k1/ l/", ""},
		{targetDotNet9, "c2/ | k1/ l2/", ""},
		{targetDotNet9, "c/b | k1/ l/b", none},
		{targetDotNet9, "c3/ | k1/ l2/", none},
		// a key of type RSA for RSASSA-PSS
		{targetDotNet9, "P1/ | k1/", pss},
		{targetDotNet9, "P/ | k/", pss},
		{targetDotNet9, "C1/ P2/ | k1/", ""},
		{targetDotNet9, "P1/ | u1/", ""},
		{targetDotNet9, "P1/ | e1/", ""},

		// any, for those of whom nothing is known
		{targetWindows1709, "c2/ | k1/", ""},
	} {
		t.Run(string(tt.target)+" "+tt.drawing, func(t *testing.T) {
			r := paired(tt.drawing, plain, forPSS)
			var got []string
			for _, reason := range r.Compatible(tt.target).Reasons {
				switch reason.Code {
				case reasonPairing, reasonCollision:
				case reasonKeyType:
					if !strings.Contains(reason.Message, "PSS") {
						continue
					}
				default:
					continue
				}
				if reason.Answer != No || r.Bag(reason.At).Certificate != nil {
					t.Errorf("%v at %v", reason.Answer, reason.At)
				}
				if reason.At.String() == r.Identities[0].Key.String() {
					got = append(got, reason.Message)
				}
			}
			if all := strings.Join(got, "; "); !strings.Contains(all, tt.want) || (tt.want == "") != (all == "") || len(got) > 1 {
				t.Errorf("%q, want %q", all, tt.want)
			}
		})
	}
}

package pkcs12

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12/internal/ber"
)

// traceSize is the length in octets of the pieces that private numbers are known
// by, so that a run of 2*traceSize-1 octets is found wherever it begins.
const traceSize = 8

// traces recognises octets of private keys where a report is about to show them.
type traces struct {
	pieces map[uint64]struct{} // scrambled by the factor
	factor uint64              // odd and drawn anew for each file
	// sieve holds the upper 16 bits of each piece, one bit for each value. It
	// turns away nearly every octet of a certificate without a look at the map.
	sieve [1 << 16 / 64]uint64
}

// add notes a private number.
func (t *traces) add(number []byte) {
	for len(number) > 0 && number[0] == 0 {
		number = number[1:]
	}
	for piece := range slices.Chunk(number, traceSize) {
		if !telling(piece) {
			continue
		}
		if t.pieces == nil {
			t.pieces, t.factor = make(map[uint64]struct{}), rand.Uint64()|1
		}
		p := binary.LittleEndian.Uint64(piece) * t.factor
		t.pieces[p] = struct{}{}
		t.sieve[p>>54] |= 1 << (p >> 48 % 64)
	}
}

// telling reports whether a piece is whole and not just a few octets repeated,
// such as the zeros in the keys of tests, which may stand anywhere.
func telling(piece []byte) bool {
	if len(piece) < traceSize {
		return false
	}
	sorted := slices.Clone(piece)
	slices.Sort(sorted)
	return len(slices.Compact(sorted)) > traceSize/2
}

// in reports whether b holds a noted piece.
func (t *traces) in(b []byte) bool {
	if len(t.pieces) == 0 {
		return false
	}
	for ; len(b) >= traceSize; b = b[1:] {
		p := binary.LittleEndian.Uint64(b) * t.factor
		if t.sieve[p>>54]&(1<<(p>>48%64)) == 0 {
			continue
		}
		if _, ok := t.pieces[p]; ok {
			return true
		}
	}
	return false
}

// inText is in for the octets of a string, which may have two for a character.
func (t *traces) inText(b []byte) bool {
	if len(t.pieces) == 0 {
		return false
	}
	var halves [2][]byte
	for i, c := range b {
		halves[i%2] = append(halves[i%2], c)
	}
	return t.in(b) || t.in(halves[0]) || t.in(halves[1])
}

// addKey notes the private numbers of a PrivateKeyInfo, as far as it can be read,
// of the types that are known well enough to tell them from public ones.
func (t *traces) addKey(pkcs8 []byte) {
	r, err := ber.New(pkcs8, nil).Sequence()
	if err != nil {
		return
	}
	if _, err := r.Next(); err != nil {
		return
	}
	oid, _, err := parseAlgorithm(r)
	if err != nil {
		return
	}
	private, err := r.Octets()
	if err != nil {
		return
	}
	key := ber.New(private, nil)
	public := -1 // index of a number that is public
	switch oid {
	case oidRSA, oidRSAPSS, oidRSAOAEP:
		key, err = key.Sequence()
		public = 1 // the modulus
	case oidEC:
		key, err = key.Sequence()
	case oidDSA, oidX25519, oidX448, oidEd25519, oidEd448:
	default:
		return
	}
	if err != nil {
		return
	}
	for i := 0; !key.Empty(); i++ {
		e, err := key.Next()
		if err != nil {
			return
		}
		if i != public && (e.Is(ber.Universal, ber.Integer) || e.Is(ber.Universal, ber.OctetString)) {
			t.add(e.Content)
		}
	}
}

var errWithheld = say.Errorf("withheld, because it holds a part of a private key")

// withhold takes out of the report what holds octets of a private key of the same
// file in a place that is shown: a certificate, a revocation list, an attribute.
func (in *inspector) withhold() {
	if len(in.traces.pieces) == 0 {
		return
	}
	for ref, b := range in.report.Bags() {
		found := b.Certificate != nil && in.traces.in(b.Certificate.Raw) || b.CRL != nil && in.traces.in(b.CRL.Raw)
		if found {
			b.Certificate, b.CRL, b.Err = nil, nil, errWithheld
		}
		if slices.ContainsFunc(b.Attributes, func(a Attribute) bool { return slices.ContainsFunc(a.Values, in.traces.inText) }) {
			b.FriendlyName, b.LocalKeyID, b.KeyID, b.CSPName = "", nil, KeyID{}, ""
			for i := range b.Attributes {
				b.Attributes[i].Values, b.Attributes[i].Err = nil, errWithheld
			}
			found = true
		}
		if found {
			in.report.withheld = true
			// What was said about the content may quote it.
			in.report.Observations = slices.DeleteFunc(in.report.Observations, func(f Observation) bool {
				return slices.Equal(f.At, ref) && (f.Code == codeCertificate || f.Code == codeMalformed)
			})
			in.find(codeMalformed, severityError, ref, "%v", errWithheld)
		}
	}
}

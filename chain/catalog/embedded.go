package catalog

import (
	"crypto/sha256"
	_ "embed"
	"strings"
	"sync"
	"time"

	"github.com/smimechain/smimechain/chain/catalog/internal/table"
)

//go:generate go run ./gen -certificates $SMIMECHAIN_CORPUS/ccadb/ca-certificates-*.csv.gz -trust $SMIMECHAIN_CORPUS/ccadb/root-trust-*.json -apple $SMIMECHAIN_CORPUS/ccadb/apple-roots-*.tsv -cas gen/data/known-cas.csv -judgements gen/judgements.json -at 2026-11-26 -o catalog.bin
//go:generate go run ./gen -known gen/data/known.txt -coverage COVERAGE.md

// defaultFile is what gen writes; package table describes it. It stays where the program
// is mapped: what is not asked for is not read.
//
//go:embed catalog.bin
var defaultFile string

var openDefault = sync.OnceValue(func() *Catalog {
	base, err := table.Open(defaultFile)
	if err != nil {
		panic(err) // a test reads the file whole
	}
	c := &Catalog{base: base}
	if notes := base.Notes(); len(notes) > 0 {
		day, source, _ := strings.Cut(notes[0], "\n")
		c.date, c.source = date(day), source
	}
	return c
})

// Default returns the catalogue that comes with the package. It is shared, and what is
// asked for is decoded at each call: keep what you ask for often.
func Default() *Catalog { return openDefault() }

// date reads a day, zero where there is none.
func date(s string) time.Time {
	t, _ := time.Parse(time.DateOnly, s)
	return t
}

// baseEntry decodes an entry of the embedded file, false where that is damaged.
func baseEntry(t *table.Table, i int) (Entry, bool) {
	r, ok := t.Record(i)
	if !ok {
		return Entry{}, false
	}
	f := &r.Fields
	e := Entry{
		Kind: EntryKind(r.Kind), Advice: Advice(r.Advice), PathLength: -1,
		SHA256: r.SHA256, SHA1: r.SHA1[:], WeakSignature: r.Weak,
		NotBefore: time.Unix(r.NotBefore, 0).UTC(), NotAfter: time.Unix(r.NotAfter, 0).UTC(),
		Subject: f[table.Subject], Issuer: f[table.Issuer], Owner: f[table.Owner],
		Key: octets(f[table.Key]), IssuerKey: octets(f[table.IssuerKey]),
		KeyID: octets(f[table.KeyID]), IssuerKeyID: octets(f[table.IssuerKeyID]),
		ExtKeyUsages: list(f[table.Usages]), Constraints: list(f[table.Constraints]),
		AIA: list(f[table.AIA]), CRLs: list(f[table.CRLs]),
		Reason: f[table.Reason], Source: f[table.Source],
	}
	if s := f[table.Programmes]; s != "" {
		lines := list(s)
		for i, p := range []*Programme{&e.Mozilla, &e.MozillaTLS, &e.Microsoft, &e.MicrosoftTLS, &e.Apple} {
			if i < len(lines) {
				*p = programme(lines[i])
			}
		}
	}
	if e.Key != nil {
		sum := sha256.Sum256(e.Key)
		e.SPKISHA256 = sum[:]
	}
	if r.PathLength != table.NoPathLength {
		e.PathLength = int(r.PathLength)
	}
	if day, rest, ok := strings.Cut(f[table.Revoked], "\n"); ok {
		source, reason, _ := strings.Cut(rest, "\n")
		e.Revoked = &Revocation{Date: date(day), Source: source, Reason: reason}
	}
	return e, true
}

func octets(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// list splits a text with one value a line.
func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// programme reads the values trust, date, distrust after, since and note.
func programme(s string) Programme {
	var fields [5]string
	copy(fields[:], strings.SplitN(s, "\t", len(fields)))
	p := Programme{Date: date(fields[1]), DistrustAfter: date(fields[2]), Since: fields[3], Note: fields[4]}
	switch fields[0] {
	case "yes":
		p.Trust = Yes
	case "no":
		p.Trust = No
	}
	return p
}

package catalog

import (
	"sort"
	"strings"
	"time"

	"github.com/smimechain/smimechain/lint/say"
)

// Distrusted says who holds a certificate to be trusted for nothing.
type Distrusted struct {
	By     string // such as Microsoft
	Source string
	Date   time.Time // of the source
}

// Distrusted reports whether a list of distrusted certificates names the certificate with
// this SHA-256, and whose list it is. Such certificates need not be entries: most belong to
// nobody who may serve mail. That a certificate is on no list does not say that
// anybody trusts it; certificates that are distrusted by their key alone, and what was
// added after the date of the source, are not known.
func (c *Catalog) Distrusted(sha256 [32]byte) (Distrusted, bool) {
	if c == nil || c.base == nil {
		return Distrusted{}, false
	}
	var fields [4]string
	copy(fields[:], strings.SplitN(c.base.Note(1), "\n", len(fields)))
	const size = len(sha256)
	sums, want := fields[3], string(sha256[:])
	n := len(sums) / size
	at := sort.Search(n, func(i int) bool { return sums[i*size:(i+1)*size] >= want })
	if at == n || sums[at*size:(at+1)*size] != want {
		return Distrusted{}, false
	}
	return Distrusted{By: fields[0], Source: fields[1], Date: date(fields[2])}, true
}

// Why says it in a sentence.
func (d Distrusted) Why() say.Message {
	return say.New("%s's list of distrusted certificates, as it was in %d, names it", d.By, d.Date.Year())
}

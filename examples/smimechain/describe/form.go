package describe

import (
	"encoding/hex"
	"time"

	"github.com/smimechain/smimechain/chain"
)

// fingerprint is how certificates are named.
func fingerprint(c *chain.Certificate) string {
	sum := c.SHA256()
	return hex.EncodeToString(sum[:])
}

func fingerprints(certs []*chain.Certificate) []string {
	list := make([]string, len(certs))
	for i, c := range certs {
		list[i] = fingerprint(c)
	}
	return list
}

// moment writes a time; the zero time is "".
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// day returns a date, empty where there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

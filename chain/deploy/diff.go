package deploy

import (
	"bytes"
	"fmt"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
)

// Change says what an upload does to one certificate.
type Change struct {
	Kind        ChangeKind
	Certificate *chain.Certificate
}

// ChangeKind is what happens to a certificate.
type ChangeKind uint8

// The kinds of changes.
const (
	Kept ChangeKind = iota + 1
	Added
	Removed
)

// String returns the word for a change.
func (k ChangeKind) String() string {
	switch k {
	case Kept:
		return "kept"
	case Added:
		return "added"
	case Removed:
		return "removed"
	default:
		return fmt.Sprintf("ChangeKind(%d)", uint8(k))
	}
}

// Diff says what becomes of the certificates in use when next is uploaded: the
// value is replaced whole. Certificates in use come first, in their order, then
// those that are added. Each is there once.
func Diff(current *bundle.File, next *Collection) []Change {
	var changes []Change
	seen := map[string]bool{}
	for _, c := range current.Certificates {
		if c.Raw == nil || seen[string(c.Raw)] {
			continue
		}
		seen[string(c.Raw)] = true
		kind := Removed
		if next.has(c.Raw) {
			kind = Kept
		}
		changes = append(changes, Change{kind, &chain.Certificate{Raw: c.Raw, Cert: c.Cert, Err: c.Err}})
	}
	for _, c := range next.Certificates {
		if !seen[string(c.Raw)] {
			seen[string(c.Raw)] = true
			changes = append(changes, Change{Added, c})
		}
	}
	return changes
}

func (c *Collection) has(raw []byte) bool {
	for _, cert := range c.Certificates {
		if bytes.Equal(cert.Raw, raw) {
			return true
		}
	}
	return false
}

// Merge makes the collection of what is in use and of files, the former first.
// What [Pack] leaves out it leaves out too, such as certificates in use that
// have expired and would make the upload fail. The error is that of Pack.
func Merge(current *bundle.File, files []*bundle.File, at time.Time) (*Collection, error) {
	return Pack(append([]*bundle.File{current}, files...), at)
}

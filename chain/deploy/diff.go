package deploy

import (
	"fmt"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
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
	Kept    ChangeKind = iota + 1 // in use and in the next collection
	Added                         // in the next collection only
	Removed                       // in use only
)

// String returns the word for a change.
func (k ChangeKind) String() string { return string(k.text()) }

func (k ChangeKind) text() say.Text {
	switch k {
	case Kept:
		return "kept"
	case Added:
		return "added"
	case Removed:
		return "removed"
	default:
		return say.Text(fmt.Sprintf("ChangeKind(%d)", uint8(k)))
	}
}

// MarshalText returns what String returns.
func (k ChangeKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Diff says what becomes of the certificates in use when next is uploaded: the
// value is replaced whole. Current is any file that holds them, such as a store or
// the output of Get-SmimeConfig | ConvertTo-Json. Certificates in use come first,
// in their order, then those that are added. Each is there once; what cannot be
// decoded is not there.
func Diff(current *bundle.File, next *PublicCollection) []Change {
	var changes []Change
	seen := map[string]bool{}
	kept := map[string]bool{}
	for _, c := range next.Certificates {
		kept[string(c.Raw)] = true
	}
	for _, c := range current.Certificates {
		if c.Raw == nil || seen[string(c.Raw)] {
			continue
		}
		seen[string(c.Raw)] = true
		kind := Removed
		if kept[string(c.Raw)] {
			kind = Kept
		}
		changes = append(changes, Change{kind, c.Certificate})
	}
	for _, c := range next.Certificates {
		if !seen[string(c.Raw)] {
			seen[string(c.Raw)] = true
			changes = append(changes, Change{Added, c})
		}
	}
	return changes
}

// Merge makes the collection of what is in use and of files, the former first.
// What [Pack] leaves out it leaves out too, such as certificates in use that
// have expired and would make the upload fail. The error is that of Pack.
func Merge(current *bundle.File, files []*bundle.File, at time.Time) (*PublicCollection, error) {
	return Pack(append([]*bundle.File{current}, files...), at)
}

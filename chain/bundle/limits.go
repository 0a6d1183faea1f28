package bundle

import (
	"context"
	"io"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
)

// Limits bound what is read of one file. A field that is 0 or less stands for the
// default. Beyond Size, Elements and Depth the error wraps [ErrTooLarge]; what is beyond
// Iterations stays closed, and its inspection says so.
type Limits struct {
	Size       int   // octets; MaxFileSize by default
	Elements   int   // certificates, revocation lists, keys and other items; 100,000 by default
	Depth      int   // parts of a message inside each other; 8 by default
	Iterations int64 // of all key derivations for PFX files; four times [pkcs12.DefaultTotalIterations] by default
}

// The defaults of [Limits]. The largest real store of Microsoft's has less than 1 MiB
// and some 500 certificates.
const (
	MaxFileSize   = 64 << 20
	maxElements   = 100_000
	maxDepth      = 8
	maxIterations = 4 * pkcs12.DefaultTotalIterations
)

func (l Limits) withDefaults() Limits {
	if l.Size <= 0 {
		l.Size = MaxFileSize
	}
	if l.Elements <= 0 {
		l.Elements = maxElements
	}
	if l.Depth <= 0 {
		l.Depth = maxDepth
	}
	if l.Iterations <= 0 {
		l.Iterations = maxIterations
	}
	return l
}

// reading is one file on its way in.
type reading struct {
	*File
	ctx        context.Context
	password   *string
	cache      *chain.Cache // may be nil
	limits     Limits
	iterations int64 // that PFX files have taken
	archives   int   // that it is in
	disguises  int   // that were undone, one in another
	json       bool  // what is read is JSON, in which true stands for itself
}

// check returns why the reading has to stop: the context has ended, or the file holds
// more than it may. It is asked wherever something is added in a loop.
func (r *reading) check() error {
	if err := r.ctx.Err(); err != nil {
		return say.Errorf("%s: %w", r.Name, err)
	}
	if len(r.Certificates)+len(r.CRLs)+len(r.Keys)+len(r.Ignored) > r.limits.Elements {
		return say.Errorf("%s: more than %d elements: %w", r.Name, r.limits.Elements, ErrTooLarge)
	}
	return nil
}

// untilDone reads as long as the context lasts.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(b)
}

package bundle

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"iter"

	"github.com/smimechain/smimechain/lint/say"
)

// IsTar reports whether a file that begins with head may be a tar archive, as POSIX and
// GNU write it, or one inside gzip; 512 octets are enough.
func IsTar(head []byte) bool { return bytes.HasPrefix(head, gzipMagic) || hasTarMagic(head) }

const headOfTar = 512 // octets, which tell an archive

func hasTarMagic(head []byte) bool {
	const at = 257 // of the magic in a header
	return len(head) >= at+5 && string(head[at:at+5]) == "ustar"
}

// Tar returns the files of a tar archive of any length, which may be inside gzip, in their
// order, or the one file that is inside gzip. Name stands for the archive: it is Source.Folder, and Source.Name is the path in
// the archive behind it. Nothing is written anywhere, so that a path may say what it likes.
// What is neither a regular file nor a folder gives an [*UnrecognizedError], and a file
// beyond Limits.Size an error that wraps [ErrTooLarge].
//
// A damaged archive ends the loop with the error in its place, without a Read, and so does
// the end of the context. One file at a time is held, besides those that the caller holds.
func (o *Options) Tar(ctx context.Context, name string, r io.Reader) iter.Seq2[Source, error] {
	if o == nil {
		o = new(Options)
	}
	return func(yield func(Source, error) bool) {
		buffered := bufio.NewReaderSize(untilDone{ctx, r}, 1<<16)
		var plain io.Reader = buffered
		if head, err := buffered.Peek(len(gzipMagic)); err == nil && bytes.Equal(head, gzipMagic) {
			unzip, err := gzip.NewReader(buffered)
			if err != nil {
				yield(Source{Name: name}, say.Errorf("%s: %w", name, err))
				return
			}
			unzipped := bufio.NewReaderSize(unzip, headOfTar)
			if head, _ := unzipped.Peek(headOfTar); !hasTarMagic(head) {
				s := Source{Name: name + "/" + nameInGzip(name, unzip), Folder: name}
				f, err := o.Read(ctx, s.Name, unzipped) // now: the reader may be closed when it is asked
				s.Read = func(context.Context) (*File, error) { return f, err }
				yield(s, nil)
				return
			}
			plain = unzipped
		}
		end := &endOfTar{r: plain}
		archive := tar.NewReader(end)
		for {
			s, err := o.nextInTar(ctx, name, archive)
			if errors.Is(err, io.EOF) {
				if err = end.check(); err == nil {
					return
				}
			}
			switch {
			case err != nil:
				yield(Source{Name: name}, say.Errorf("%s: %w", name, err))
				return
			case s.Read != nil && !yield(s, nil):
				return
			}
		}
	}
}

// nextInTar reads the next file of an archive; a folder is a Source without a Read.
func (o *Options) nextInTar(ctx context.Context, name string, archive *tar.Reader) (Source, error) {
	header, err := archive.Next()
	if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // which is but a name here
		return Source{}, err
	}
	s := Source{Name: name + "/" + header.Name, Folder: name}
	switch {
	case header.Typeflag == tar.TypeDir:
		return s, nil
	case header.Typeflag != tar.TypeReg && header.Typeflag != tar.TypeGNUSparse:
		s.Read = func(context.Context) (*File, error) {
			return nil, &UnrecognizedError{Name: s.Name, Why: "not a regular file"}
		}
		return s, nil
	}
	size := int64(o.Limits.withDefaults().Size)
	if header.Size > size {
		err := say.Errorf("%s: %w: more than %d bytes", s.Name, ErrTooLarge, size)
		s.Read = func(context.Context) (*File, error) { return nil, err }
		return s, nil
	}
	data := bytes.NewBuffer(make([]byte, 0, header.Size+bytes.MinRead))
	if _, err := data.ReadFrom(archive); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return Source{}, err
	}
	s.Read = func(ctx context.Context) (*File, error) {
		f, err := o.Parse(ctx, s.Name, data.Bytes())
		if err == nil {
			f.Folder, f.Inner = name, true
			for _, m := range f.Files {
				m.Inner = true
			}
		}
		return f, err
	}
	return s, ctx.Err()
}

// endOfTar tells an archive from one that was cut between two files, which package tar
// takes for whole: at the end are two blocks of zeros (POSIX.1-2024, pax, ustar
// Interchange Format), behind which it does not read.
type endOfTar struct {
	r   io.Reader
	cut bool // there was nothing where something should have been
}

func (e *endOfTar) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	e.cut = e.cut || n == 0 && errors.Is(err, io.EOF)
	return n, err
}

// check says what is wrong with the end. It reads on, as a checksum may stand there.
func (e *endOfTar) check() error {
	if e.cut {
		return io.ErrUnexpectedEOF
	}
	_, err := io.Copy(io.Discard, e.r)
	return err
}

package bundle

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"strings"
)

var gzipMagic = []byte{0x1f, 0x8b, 8} // RFC 1952, Section 2.3.1, with the one method there is

// readTar reads the files of a tar archive, or what is inside gzip: such an archive, or one
// file.
func (a *archive) readTar(data []byte) error {
	packed := bytes.NewReader(data)
	in, name := bufio.NewReaderSize(packed, headOfTar), ""
	if bytes.HasPrefix(data, gzipMagic) {
		unzip, err := gzip.NewReader(packed)
		if err != nil {
			return &UnrecognizedError{Name: a.Name, Why: whyArchiveCut}
		}
		in, name = bufio.NewReaderSize(&unpacking{a: a, r: unzip, packed: len(data)}, headOfTar), nameInGzip(a.Name, unzip)
		if head, _ := in.Peek(headOfTar); !hasTarMagic(head) {
			return a.file(a.nameOf(name), in, len(data))
		}
	}
	end := &endOfTar{r: in}
	files := tar.NewReader(end)
	for count := 0; ; count++ {
		if err := a.check(); err != nil {
			return err
		}
		if count > maxArchiveFiles {
			return a.tooMany()
		}
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			err = end.check()
			if err == nil {
				return nil
			}
		}
		switch {
		case errors.Is(err, ErrTooLarge):
			return err
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			if len(a.Files) == 0 && len(a.Skipped) == 0 {
				return &UnrecognizedError{Name: a.Name, Why: whyArchiveCut}
			}
			return a.skip(a.Name, &UnrecognizedError{Name: a.Name, Why: whyArchiveCut})
		}
		if err := a.inTar(files, header); err != nil {
			return err
		}
	}
}

func (a *archive) inTar(files *tar.Reader, h *tar.Header) error {
	name := a.nameOf(h.Name)
	switch {
	case h.Typeflag == tar.TypeDir:
		return nil
	case h.Typeflag != tar.TypeReg && h.Typeflag != tar.TypeGNUSparse:
		return a.skip(name, &UnrecognizedError{Name: name, Why: "not a regular file"})
	case h.Size > int64(a.left.Size):
		return a.tooLarge()
	}
	return a.file(name, files, int(h.Size))
}

// nameInGzip is the name of a file inside gzip: that which gzip noted, or that of the file
// around without its ending.
func nameInGzip(around string, z *gzip.Reader) string {
	if z.Name != "" {
		return z.Name
	}
	return strings.TrimSuffix(path.Base(strings.ReplaceAll(around, `\`, "/")), ".gz")
}

// unpacking reads what is unpacked, as much as the limits of the archive allow: no more
// than the size, headers and what is passed over included, and not too much for what was
// packed.
type unpacking struct {
	a         *archive
	r         io.Reader
	packed, n int
}

func (u *unpacking) Read(b []byte) (int, error) {
	n, err := u.r.Read(b)
	u.n += n
	switch {
	case u.n > 2*u.a.limits.Size: // of it, files may be all but the headers
		return n, u.a.tooLarge()
	case u.n > leastRatioSize && u.n/maxArchiveRatio > u.packed:
		return n, tooSmall(u.a.Name)
	}
	return n, err
}

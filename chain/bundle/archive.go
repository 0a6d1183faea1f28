package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/smimechain/smimechain/internal/textfile"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// Limits on archives, beside those on size and elements, which hold for all that is in one
// together.
const (
	maxArchiveFiles = 10_000
	maxArchiveRatio = 200     // octets for one that is packed
	leastRatioSize  = 1 << 20 // octets from which on the ratio counts
	maxArchives     = 2       // an archive, and those in it
)

func isArchive(data []byte) bool { return isZIP(data) || IsTar(data) }

func isZIP(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

const (
	whyArchive       say.Text = "it is an archive in which no file is recognised"
	whyArchiveClosed say.Text = "it is an archive with a password; unpack it first"
	whyArchiveCut    say.Text = "it is an archive that is damaged or cut short: get it again from its source"
	whyArchives      say.Text = "it is an archive in an archive in an archive; unpack it first"
)

// parseArchive reads the files of an archive in memory: ZIP, tar, and gzip of a tar archive
// or of one file. Their names are for reports alone: nothing is written.
func (r *reading) parseArchive(data []byte) error {
	if r.archives >= maxArchives {
		return &UnrecognizedError{Name: r.Name, Why: whyArchives}
	}
	r.Format = Archive
	a := &archive{reading: r, left: r.limits, names: map[string]int{}}
	read := a.readTar
	if isZIP(data) {
		read = a.readZIP
	}
	if err := read(data); err != nil {
		r.Format = 0 // so that what it is is still searched for keys
		return err
	}
	damaged := func(s Skipped) bool { _, ok := errors.AsType[*UnrecognizedError](s.Err); return !ok }
	if len(r.Files) > 0 {
		return nil
	}
	if i := slices.IndexFunc(r.Skipped, damaged); i >= 0 {
		return say.Errorf("%s: %w", r.Name, r.Skipped[i].Err)
	}
	if a.closed {
		return &UnrecognizedError{Name: r.Name, Why: whyArchiveClosed}
	}
	return &UnrecognizedError{Name: r.Name, Why: whyArchive}
}

// archive is one that is read.
type archive struct {
	*reading
	left   Limits
	names  map[string]int
	closed bool // some file has a password
}

// readZIP reads the files of a ZIP archive (APPNOTE.TXT of PKWARE).
func (a *archive) readZIP(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return &UnrecognizedError{Name: a.Name, Why: whyArchiveCut}
	}
	if len(z.File) > maxArchiveFiles {
		return a.tooMany()
	}
	// What does not fit is refused before any of it is unpacked: entries may share octets.
	left := uint64(a.left.Size)
	for _, f := range z.File {
		if f.UncompressedSize64 > left {
			return a.tooLarge()
		}
		left -= f.UncompressedSize64
	}
	for _, f := range z.File {
		if err := a.check(); err != nil {
			return err
		}
		if f.FileInfo().IsDir() {
			continue
		}
		if err := a.inZIP(f); err != nil {
			return err
		}
	}
	return nil
}

// inZIP reads one file. What is damaged or not recognised is noted; limits and the context
// end the reading.
func (a *archive) inZIP(f *zip.File) error {
	name := a.nameOf(f.Name)
	switch {
	case f.Flags&1 != 0:
		a.closed = true
		return a.skip(name, &UnrecognizedError{Name: name, Why: "it is in an archive with a password; unpack it first"})
	case !f.Mode().IsRegular():
		return a.skip(name, &UnrecognizedError{Name: name, Why: "not a regular file"})
	case f.UncompressedSize64 > leastRatioSize && f.UncompressedSize64/maxArchiveRatio > f.CompressedSize64:
		return tooSmall(a.Name)
	}
	in, err := f.Open()
	if err != nil {
		return a.skip(name, &UnrecognizedError{Name: name, Why: "it is packed in a way that is not read here; unpack the archive first"})
	}
	defer in.Close()
	return a.file(name, in, int(f.UncompressedSize64))
}

// file reads what is in a file of the archive, which has the size unless it is damaged.
func (a *archive) file(name string, in io.Reader, size int) error {
	var data bytes.Buffer
	data.Grow(min(size, a.left.Size) + bytes.MinRead)
	_, err := data.ReadFrom(untilDone{a.ctx, io.LimitReader(in, int64(a.left.Size)+1)})
	switch {
	case data.Len() > a.left.Size:
		return a.tooLarge()
	case errors.Is(err, ErrTooLarge):
		return err
	case err != nil:
		return a.skip(name, say.Errorf("%s: the archive is damaged", name))
	}
	a.left.Size = max(a.left.Size-data.Len(), 1)
	inner := &reading{File: &File{Name: name}, ctx: a.ctx, password: a.password, cache: a.cache, limits: a.left, archives: a.archives + 1}
	file, err := inner.read(data.Bytes())
	if file, err = asNamed(name, file, err); err != nil {
		return a.skip(name, err)
	}
	a.left.Iterations = max(a.left.Iterations-inner.iterations, 1)
	files := file.Flat()
	for _, f := range files {
		a.left.Elements = max(a.left.Elements-len(f.Certificates)-len(f.CRLs)-len(f.Keys)-len(f.Ignored), 1)
		f.Inner = true
		if f.Folder == "" {
			f.Folder = a.Name
		}
	}
	a.Skipped = append(a.Skipped, file.Skipped...)
	a.Files = append(a.Files, files...)
	return nil
}

// skip notes why a file is not read, unless the context has ended.
func (a *archive) skip(name string, err error) error {
	if a.ctx.Err() != nil {
		return say.Errorf("%s: %w", a.Name, a.ctx.Err())
	}
	a.Skipped = append(a.Skipped, Skipped{Name: name, Err: err})
	return nil
}

func (a *archive) tooLarge() error {
	return say.Errorf("%s: %w: more than %d bytes when unpacked", a.Name, ErrTooLarge, a.limits.Size)
}

func (a *archive) tooMany() error {
	return say.Errorf("%s: more than %d files: %w", a.Name, maxArchiveFiles, ErrTooLarge)
}

func tooSmall(name string) error {
	return say.Errorf("%s: %w: packed more than %d times smaller", name, ErrTooLarge, maxArchiveRatio)
}

// nameOf returns the name of a file in reports: the archive's and its own, which is no
// path to anywhere. No two are alike.
func (a *archive) nameOf(name string) string {
	if !utf8.ValidString(name) {
		decoder := charmap.CodePage437.NewDecoder()
		if textfile.IsShiftJIS([]byte(name)) {
			decoder = japanese.ShiftJIS.NewDecoder()
		}
		if decoded, err := decoder.String(name); err == nil {
			name = decoded
		}
	}
	name = path.Join(a.Name, path.Clean("/"+strings.ReplaceAll(name, `\`, "/")))
	if a.names[name]++; a.names[name] > 1 {
		name += " (" + strconv.Itoa(a.names[name]) + ")"
	}
	return name
}

// Flat returns the files in an archive, those of archives in it too, and of any other
// file that file itself.
func (f *File) Flat() []*File {
	if f.Format != Archive {
		return []*File{f}
	}
	return f.Files
}

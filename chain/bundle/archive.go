package bundle

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// Limits on ZIP archives, beside those on size and elements, which hold for all that is
// in one together.
const (
	maxArchiveFiles = 10_000
	maxArchiveRatio = 200     // octets for one that is packed
	leastRatioSize  = 1 << 20 // octets from which on the ratio counts
	maxArchives     = 2       // an archive, and those in it
)

func isArchive(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

const (
	whyArchive       say.Text = "it is a ZIP archive in which no file is recognised"
	whyArchiveClosed say.Text = "it is a ZIP archive with a password; unpack it first"
	whyArchiveCut    say.Text = "it is a ZIP archive that is damaged or cut short: get it again from its source"
	whyArchives      say.Text = "it is an archive in an archive in an archive; unpack it first"
)

// parseArchive reads the files of a ZIP archive in memory. Their names are for reports
// alone: nothing is written.
func (r *reading) parseArchive(data []byte) error {
	if r.archives >= maxArchives {
		return &UnrecognizedError{Name: r.Name, Why: whyArchives}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return &UnrecognizedError{Name: r.Name, Why: whyArchiveCut}
	}
	if len(z.File) > maxArchiveFiles {
		return say.Errorf("%s: more than %d files: %w", r.Name, maxArchiveFiles, ErrTooLarge)
	}
	r.Format = Archive
	a := &archive{reading: r, left: r.limits, names: map[string]int{}}
	closed := false
	for _, f := range z.File {
		if err := r.check(); err != nil {
			return err
		}
		if f.FileInfo().IsDir() {
			continue
		}
		closed = closed || f.Flags&1 != 0
		if err := a.file(f); err != nil {
			return err
		}
	}
	damaged := func(s Skipped) bool { _, ok := errors.AsType[*UnrecognizedError](s.Err); return !ok }
	if len(r.Files) > 0 {
		return nil
	}
	for _, s := range r.Skipped {
		if damaged(s) {
			return s.Err
		}
	}
	if closed {
		return &UnrecognizedError{Name: r.Name, Why: whyArchiveClosed}
	}
	return &UnrecognizedError{Name: r.Name, Why: whyArchive}
}

// archive is one that is read.
type archive struct {
	*reading
	left  Limits
	names map[string]int
}

// file reads one file. What is damaged or not recognised is noted; limits and the
// context end the reading.
func (a *archive) file(f *zip.File) error {
	name := a.nameOf(f)
	skip := func(err error) error {
		if a.ctx.Err() != nil {
			return say.Errorf("%s: %w", a.Name, a.ctx.Err())
		}
		a.Skipped = append(a.Skipped, Skipped{Name: name, Err: err})
		return nil
	}
	tooLarge := say.Errorf("%s: %w: more than %d bytes when unpacked", a.Name, ErrTooLarge, a.limits.Size)
	switch {
	case f.Flags&1 != 0:
		return skip(&UnrecognizedError{Name: name, Why: "it is in an archive with a password; unpack it first"})
	case !f.Mode().IsRegular():
		return skip(&UnrecognizedError{Name: name, Why: "not a regular file"})
	case f.UncompressedSize64 > uint64(a.left.Size):
		return tooLarge
	case f.UncompressedSize64 > leastRatioSize && f.UncompressedSize64/maxArchiveRatio > f.CompressedSize64:
		return say.Errorf("%s: %w: packed more than %d times smaller", name, ErrTooLarge, maxArchiveRatio)
	}
	in, err := f.Open()
	if err != nil {
		return skip(&UnrecognizedError{Name: name, Why: "it is packed in a way that is not read here; unpack the archive first"})
	}
	defer in.Close()
	var data bytes.Buffer
	data.Grow(int(f.UncompressedSize64) + bytes.MinRead)
	_, err = data.ReadFrom(untilDone{a.ctx, io.LimitReader(in, int64(a.left.Size)+1)})
	switch {
	case data.Len() > a.left.Size:
		return tooLarge
	case err != nil:
		return skip(say.Errorf("%s: the archive is damaged", name))
	}
	a.left.Size = max(a.left.Size-data.Len(), 1)
	inner := &reading{File: &File{Name: name}, ctx: a.ctx, password: a.password, cache: a.cache, limits: a.left, archives: a.archives + 1}
	file, err := inner.read(data.Bytes())
	if err != nil {
		return skip(err)
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

// nameOf returns the name of a file in reports: the archive's and its own, which is no
// path to anywhere. No two are alike.
func (a *archive) nameOf(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) {
		decoder := charmap.CodePage437.NewDecoder()
		if isShiftJIS([]byte(name)) {
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

// Flat is [File.Flat] of each file, in order. Nil stays nil.
func Flat(files []*File) []*File {
	var list []*File
	for _, f := range files {
		if f == nil {
			list = append(list, nil)
			continue
		}
		list = append(list, f.Flat()...)
	}
	return list
}

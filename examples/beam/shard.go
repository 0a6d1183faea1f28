package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"reflect"
	"strings"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
)

func init() {
	beam.RegisterType(reflect.TypeFor[shard]())
	register.DoFn3x1[context.Context, string, func(shard), error](&shardFn{})
	register.Emitter1[shard]()
}

// shard is a piece of work: some files, or what begins in a part of one.
type shard struct {
	Number int // from 0, which names the output
	Pieces []piece
}

// piece is a file, or a part of one.
type piece struct {
	Name           string
	Kind           string // empty: to be found out
	Offset, Length int64  // what begins here belongs to the piece
}

// The kinds of files.
const (
	blocks = "blocks" // of PEM, wherever they stand in a text, such as a CSV of the CCADB
	lines  = "lines"  // of base64
	whole  = "whole"  // any other, which is one entry
)

const (
	maxPieces = 1000     // of one shard
	headSize  = 64 << 10 // octets of a file, which tell what it is
)

// shardFn makes shards of the files that patterns stand for.
type shardFn struct{ Size int64 }

// ProcessElement takes all patterns at once, so that shards are numbered.
func (f *shardFn) ProcessElement(ctx context.Context, patterns string, emit func(shard)) error {
	next := shard{}
	size := int64(0)
	flush := func() {
		if len(next.Pieces) > 0 {
			emit(next)
			next, size = shard{Number: next.Number + 1}, 0
		}
	}
	for _, pattern := range list(patterns) {
		found, err := files(ctx, pattern)
		if err != nil {
			return err
		}
		for _, file := range found {
			parts := []piece{{Name: file.name, Length: file.size}}
			if file.size > f.Size {
				if parts, err = f.split(ctx, file); err != nil {
					return err
				}
			}
			for _, part := range parts {
				if size > 0 && size+part.Length > f.Size || len(next.Pieces) == maxPieces {
					flush()
				}
				next.Pieces = append(next.Pieces, part)
				size += part.Length
			}
		}
	}
	flush()
	return nil
}

// split takes a large file apart where its kind allows it.
func (f *shardFn) split(ctx context.Context, file file) ([]piece, error) {
	r, err := open(ctx, file.name, 0)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head, err := readHead(r)
	if err != nil {
		return nil, err
	}
	kind := kindOf(file.name, head)
	if kind == whole || isUTF16(head) {
		return []piece{{Name: file.name, Kind: kind, Length: file.size}}, nil
	}
	var parts []piece
	for at := int64(0); at < file.size; at += f.Size {
		parts = append(parts, piece{file.name, kind, at, min(f.Size, file.size-at)})
	}
	return parts, nil
}

// kindOf tells what a file is by its beginning.
func kindOf(name string, head []byte) string {
	text := decoded(head)
	first, _, _ := bytes.Cut(bytes.TrimSpace(text), []byte{'\n'})
	switch {
	case bytes.Contains(text, begin), strings.EqualFold(path.Ext(name), ".csv"):
		return blocks
	case isBase64(bytes.TrimSpace(first)):
		return lines
	}
	return whole
}

func isBase64(line []byte) bool {
	for _, c := range line {
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '+', c == '/', c == '=':
		default:
			return false
		}
	}
	return len(line) > 0
}

type file struct {
	name string
	size int64
}

// files returns the files that a pattern stands for, in the order of their names. A
// pattern without any is an error: a name that is not right would pass for no findings.
func files(ctx context.Context, pattern string) ([]file, error) {
	fsys, err := filesystem.New(ctx, pattern)
	if err != nil {
		return nil, err
	}
	defer fsys.Close()
	names, err := fsys.List(ctx, pattern)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pattern, err)
	}
	var found []file
	for _, name := range names {
		if !strings.Contains(name, "://") { // the local file system of Beam leaves files open when asked for their size
			info, err := os.Stat(name)
			if err != nil {
				return nil, err
			}
			if info.Mode().IsRegular() {
				found = append(found, file{name, info.Size()})
			}
			continue
		}
		size, err := fsys.Size(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		found = append(found, file{name, size})
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no file is named %s", pattern)
	}
	return found, nil
}

// open opens a file at an offset. Where the file system cannot go there, as Cloud Storage
// by Beam's package cannot, what is before it is read and dropped.
func open(ctx context.Context, name string, offset int64) (io.ReadCloser, error) {
	fsys, err := filesystem.New(ctx, name)
	if err != nil {
		return nil, err
	}
	r, err := fsys.OpenRead(ctx, name)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), fsys.Close())
	}
	if s, ok := r.(io.Seeker); ok {
		_, err = s.Seek(offset, io.SeekStart)
	} else {
		_, err = io.CopyN(io.Discard, r, offset)
	}
	opened := &openFile{r, fsys}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), opened.Close())
	}
	return opened, nil
}

type openFile struct {
	io.ReadCloser
	fsys filesystem.Interface
}

func (f *openFile) Close() error { return errors.Join(f.ReadCloser.Close(), f.fsys.Close()) }

func readHead(r io.Reader) ([]byte, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

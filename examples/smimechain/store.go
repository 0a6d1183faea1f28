package main

import (
	"bytes"
	"io"
	"os"

	"golang.org/x/exp/mmap"
)

// readerAtCloser is a file to read from at any place.
type readerAtCloser interface {
	io.ReaderAt
	io.Closer
}

// openStore opens a file that begins like a store, and returns its size. It
// returns nil for any other file, and for standard input.
func openStore(name string, mapped bool) (readerAtCloser, int64, error) {
	if name == "-" {
		return nil, 0, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() { // opening a pipe, and closing it, ends its writer
		return nil, 0, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	if !beginsLikeStore(file) {
		return nil, 0, file.Close()
	}
	if !mapped {
		return file, info.Size(), nil
	}
	if err := file.Close(); err != nil {
		return nil, 0, err
	}
	r, err := mmap.Open(name)
	if err != nil {
		return nil, 0, err
	}
	return r, int64(r.Len()), nil
}

// beginsLikeStore reports whether a file begins with the header of a store:
// version 0, type "CERT".
func beginsLikeStore(r io.ReaderAt) bool {
	header := make([]byte, 8)
	_, err := r.ReadAt(header, 0)
	return err == nil && bytes.Equal(header, []byte("\x00\x00\x00\x00CERT"))
}

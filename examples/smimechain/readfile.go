package main

import (
	"io"
	"os"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits in bytes on files that people write, and on those with one key or
// password.
const (
	maxTextFile = 16 << 20
	maxKeyFile  = 64 << 10
)

// readLimited reads a file of at most a number of bytes.
func readLimited(name string, limit int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, say.Errorf("%s: %w: more than %d bytes", name, bundle.ErrTooLarge, limit)
	}
	return data, nil
}

// readText is readLimited for text, as which it returns UTF-8 without a byte
// order mark. Windows PowerShell 5.1 writes UTF-16 with one where output is
// redirected.
func readText(name string, limit int64) ([]byte, error) {
	data, err := readLimited(name, limit)
	if err != nil {
		return nil, err
	}
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	return text, err
}

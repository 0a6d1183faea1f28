//go:build !js && !wasip1

package fetch

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// cacheFile returns the name of the file that keeps the answer of an address:
// its hash, so that no part of an address becomes a file name. The time of the
// file is that of the answer.
func (c *Client) cacheFile(u *url.URL) string {
	sum := sha256.Sum256([]byte(u.String()))
	return filepath.Join(c.opts.Cache, hex.EncodeToString(sum[:]))
}

// cached returns an answer that is kept and young enough, nil if there is none.
func (c *Client) cached(u *url.URL, now time.Time) []byte {
	if c.opts.Cache == "" {
		return nil
	}
	name := c.cacheFile(u)
	info, err := os.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if age := now.Sub(info.ModTime()); age < 0 || age > c.opts.MaxAge {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, c.opts.MaxSize+1))
	if err != nil || int64(len(data)) > c.opts.MaxSize {
		return nil
	}
	return data
}

// keep writes an answer to the cache, whole or not at all.
func (c *Client) keep(u *url.URL, data []byte) error {
	if c.opts.Cache == "" {
		return nil
	}
	temp, err := os.CreateTemp(c.opts.Cache, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // fails after the rename, as it should
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), c.cacheFile(u))
}

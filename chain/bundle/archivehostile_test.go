package bundle_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestArchiveHostile holds that archives made to take time or memory are refused for their
// size, or read, in no time and within the memory that a file may take.
func TestArchiveHostile(t *testing.T) {
	outside.SkipUnderRace(t)
	noise := make([]byte, 1<<20)
	r := rand.NewChaCha8([32]byte{})
	r.Read(noise)
	der := certificate(t, "issuing-ca").Raw

	var many bytes.Buffer
	w := zip.NewWriter(&many)
	for i := range 20_000 {
		if _, err := w.Create(fmt.Sprint(i, ".cer")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	// Thousands of entries of the list lead to the same octets.
	var stored bytes.Buffer
	w = zip.NewWriter(&stored)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "a", Method: zip.Store})
	if err == nil {
		_, err = f.Write(noise)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	one := stored.Bytes()
	list, end := bytes.LastIndex(one, []byte("PK\x01\x02")), bytes.LastIndex(one, []byte("PK\x05\x06"))
	const copies = 5000
	overlap := append(bytes.Clone(one[:list]), bytes.Repeat(one[list:end], copies)...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], copies)
	binary.LittleEndian.PutUint16(tail[10:], copies)
	binary.LittleEndian.PutUint32(tail[12:], uint32(copies*(end-list)))
	overlap = append(overlap, tail...)

	zeros := make([]byte, 32<<20)
	bomb := gzipped(t, "", zeros)
	for _, tt := range []struct {
		name string
		data []byte
		want bool // refused for its size
	}{
		{"20,000 files", many.Bytes(), true},
		{"entries that overlap", overlap, true},
		{"gzip", bomb, true},
		{"gzip in gzip", gzipped(t, "", bomb), true},
		{"gzip in ZIP", zipOf(t, "a.gz", bomb), false},
		{"gzip in tar", tarred(t, "a.gz", bomb), false},
		{"gzip in a bomb's place beside a certificate", zipOf(t, "a.cer", der, "a.gz", bomb), false},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		f, err := bundle.Parse("a.zip", tt.data)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		grown := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%s: %v, %d MiB, %v", tt.name, took, grown, err)
		if took > time.Minute || grown > 600 {
			t.Errorf("%s: %v and %d MiB", tt.name, took, grown)
		}
		if tt.want && (f != nil || !errors.Is(err, bundle.ErrTooLarge)) {
			t.Errorf("%s: %v, %v", tt.name, f, err)
		}
		if !tt.want && f == nil && err == nil {
			t.Errorf("%s: neither a file nor an error", tt.name)
		}
		if f != nil && (len(f.Files) != 1 || len(f.Skipped) != 1) {
			t.Errorf("%s: %d files, skipped %v", tt.name, len(f.Files), f.Skipped)
		}
	}
	// What cannot be packed is no bomb, however large it is.
	if f, err := bundle.Parse("a.zip", zipOf(t, "a.cer", der, "noise", append(noise, noise...))); err != nil || len(f.Files) != 1 {
		t.Errorf("noise: %v, %v", f, err)
	}
}

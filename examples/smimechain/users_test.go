package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestTenantDump(t *testing.T) {
	dir := os.Getenv("DUMP")
	if dir == "" {
		t.Skip()
	}
	n := 200
	fmt.Sscan(os.Getenv("DUMPN"), &n)
	x := makeTenant(t, n)
	if err := os.CopyFS(dir, os.DirFS(x.dir)); err != nil {
		t.Fatal(err)
	}
	_ = filepath.Base
	_ = bytes.NewReader
}

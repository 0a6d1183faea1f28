package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
)

const partPattern = "part-*.ndjson"

func partName(out string, number int) string { return fmt.Sprintf("%s/part-%06d.ndjson", out, number) }

// writeWhole writes a file that is under its name only when all of it is there. Until
// then it has another name, which no other try has and which ends in .unfinished.
func writeWhole(ctx context.Context, name string, write func(io.Writer) error) error {
	fsys, err := filesystem.New(ctx, name)
	if err != nil {
		return err
	}
	defer fsys.Close()
	unfinished := name + "." + rand.Text() + ".unfinished"
	file, err := fsys.OpenWrite(ctx, unfinished)
	if err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(file, 1<<20)
	err = write(buffer)
	if err == nil {
		err = buffer.Flush()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = filesystem.Rename(ctx, fsys, unfinished, name)
	}
	if err == nil {
		return nil
	}
	if r, ok := fsys.(filesystem.Remover); ok {
		_ = r.Remove(context.WithoutCancel(ctx), unfinished) // what counts is that it has no other name
	}
	return fmt.Errorf("%s: %w", name, err)
}

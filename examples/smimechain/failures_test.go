package main

import (
	"errors"
	"fmt"
	"testing"
)

// TestFailures joins failures to a line that stays short.
func TestFailures(t *testing.T) {
	list := func(n int) (errs []error) {
		for i := range n {
			errs = append(errs, fmt.Errorf("file%d: damaged", i))
		}
		return errs
	}
	for _, tt := range []struct {
		name  string
		calls [][]error
		want  string
	}{
		{"none", nil, ""},
		{"one", [][]error{list(1)}, "file0: damaged"},
		{"two", [][]error{list(1), {errors.New("other: absent")}}, "2 failures: file0: damaged; other: absent"},
		{"many", [][]error{list(6), list(9), {errors.New("last")}}, "16 failures: " +
			"file0: damaged; file1: damaged; file2: damaged; file3: damaged; file4: damaged; file5: damaged; " +
			"file0: damaged; file1: damaged; file2: damaged; file3: damaged; and 6 more"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var f failures
			for _, errs := range tt.calls {
				f.add(errs...)
			}
			got := ""
			if err := f.err(); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

package sst

import (
	"errors"
	"slices"
	"testing"
)

// TestDERLength holds which lengths DER allows, up to 4 octets of them.
func TestDERLength(t *testing.T) {
	for in, want := range map[string]uint64{ // 0: none
		"":                             0,
		"\x30":                         0,
		"\x30\x00":                     2,
		"\x30\x7f":                     129,
		"\x30\x80":                     0, // indefinite
		"\x30\x81":                     0,
		"\x30\x81\x7f":                 0, // not minimal
		"\x30\x81\x80":                 131,
		"\x30\x82\x00\xff":             0,
		"\x30\x82\x01\x00":             260,
		"\x30\x82\x01":                 0,
		"\x30\x83\x01\x00\x00":         5 + 1<<16,
		"\x30\x84\xff\xff\xff\xff":     6 + 1<<32 - 1,
		"\x30\x85\x01\x00\x00\x00\x00": 0,
		"\x30\xff":                     0,
	} {
		if n, ok := derLength([]byte(in)); n != want || ok != (want > 0) {
			t.Errorf("%x: %d, %t, want %d", in, n, ok, want)
		}
	}
}

// TestFrame holds what is exactly one SEQUENCE, which is asked of each kind that is known.
func TestFrame(t *testing.T) {
	for in, want := range map[string]error{
		"":                     errEmptyContext,
		"\x30":                 errNotDER,
		"\x31\x00":             errNotDER,
		"\x30\x00":             nil,
		"\x30\x00\x00":         errTrailingDER,
		"\x30\x01":             errNotDER,
		"\x30\x01\x00":         nil,
		"\x30\x80\x00\x00":     errNotDER,
		"\x30\x81\x01\x00\x00": errNotDER,
	} {
		if err := checkFrame([]byte(in)); !errors.Is(err, want) {
			t.Errorf("%x: %v, want %v", in, err, want)
		}
		for _, kind := range []Kind{Certificate, CRL, CTL} {
			e := &Element{Kind: kind, Raw: []byte(in)}
			if err := e.Check(); !errors.Is(err, want) {
				t.Errorf("%s %x: %v, want %v", kind, in, err, want)
			}
		}
		if err := (&Element{Kind: unknownKind, Raw: []byte(in)}).Check(); err != nil {
			t.Errorf("unknown kind, %x: %v", in, err)
		}
	}
}

// TestCutText holds what UTF-16 up to a NUL is: surrogates come in pairs.
func TestCutText(t *testing.T) {
	for in, want := range map[string]string{ // "!": an error
		"":                         "!",
		"\x00":                     "!",
		"a\x00":                    "!",
		"\x00\x00":                 "",
		"a\x00\x00\x00":            "a",
		"a\x00\x00\x00b":           "a|b",
		"\x3d\xd8\x00\xde\x00\x00": "\U0001F600",
		"\x3d\xd8":                 "!",
		"\x3d\xd8\x00\x00":         "!", // the first half, and the end
		"\x3d\xd8\x3d\xd8\x00\x00": "!",
		"\x00\xde\x3d\xd8\x00\x00": "!",      // turned
		"\xfd\xff\x00\x00":         "\uFFFD", // which stands for itself
		"\x0e\x20a\x00\x00\x00":    "\u200Ea",
	} {
		s, rest, ok := cutText([]byte(in))
		got := s
		if len(rest) > 0 {
			got += "|" + string(rest)
		}
		if !ok {
			got = "!"
		}
		if got != want {
			t.Errorf("%x: %q, want %q", in, got, want)
		}
	}
}

// TestAppendHex holds which digits a line of a registry file may have.
func TestAppendHex(t *testing.T) {
	for in, want := range map[string][]byte{ // nil: an error
		"":          {},
		"1":         {1},
		"0a,FF":     {10, 255},
		" 0a , ff ": {10, 255},
		"0a,":       {10},
		"0a,,":      nil,
		",0a":       nil,
		"100":       nil,
		"0a ff":     nil,
		"0g":        nil,
		"0x1":       nil,
	} {
		got, ok := appendHex([]byte{}, []byte(in))
		if ok != (want != nil) || ok && !slices.Equal(got, want) {
			t.Errorf("%q: %x, %t, want %x", in, got, ok, want)
		}
	}
}

// TestFormatErrorText holds what an error says of where it is.
func TestFormatErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  FormatError
		want string
	}{
		{FormatError{Offset: 500}, "sst: offset 0x1f4: malformed"},
		{FormatError{Offset: 500, Err: errNotDER}, "sst: offset 0x1f4: " + errNotDER.Error()},
		{FormatError{Offset: 500, Line: 3}, "sst: line 3: offset 0x1f4: malformed"},
		{FormatError{ID: 32}, "sst: offset 0x0: record 32: malformed"},
		{FormatError{ID: 32, Err: ErrTruncated, Claimed: 1, Remaining: 0}, "sst: offset 0x0: record 32 claims 1 byte, 0 remain: truncated"},
		{FormatError{Err: errMaxValue, Claimed: 3, Remaining: 2}, "sst: offset 0x0: 3 is over the limit of 2: Options.MaxValue"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

package sst

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// edge is what one file of the corpus folder edge must give. The rows are those
// of the behaviour table in the format reference.
type edge struct {
	elements int   // when it is accepted
	err      error // of the strict parser
	offset   int64 // of that error
	// faults are what a lenient parser notes. With refused, it gives the same
	// error as the strict one.
	faults  []error
	refused bool
	// kept are the faults that even the strict parser lets through.
	kept []error
}

var edges = map[string]edge{
	"00_empty.sst":              {},
	"01_zero_bytes.sst":         {err: errHeader, refused: true},
	"02_header_only.sst":        {err: ErrMissingEnd, offset: 8, faults: []error{ErrMissingEnd}},
	"03_header_short.sst":       {err: errHeader, refused: true},
	"04_plain2.sst":             {elements: 2},
	"05_no_end.sst":             {elements: 2, err: ErrMissingEnd, offset: 804, faults: []error{ErrMissingEnd}},
	"06_trailing.sst":           {elements: 1, err: errTrailingData, offset: 417, faults: []error{errTrailingData}},
	"07_trailing_cert.sst":      {elements: 1, err: errTrailingData, offset: 417, faults: []error{errTrailingData}},
	"08_hash_before.sst":        {elements: 2},
	"09_fn_before.sst":          {elements: 2},
	"10_fn_after.sst":           {elements: 2},
	"11_fn_second.sst":          {elements: 2},
	"12_bad_hash.sst":           {elements: 1},
	"13_unknown_prop.sst":       {elements: 2},
	"14_user_prop.sst":          {elements: 1},
	"15_big_id.sst":             {elements: 1, err: errPropertyID, offset: 8, faults: []error{errPropertyID}},
	"16_zero_len_prop.sst":      {elements: 1},
	"17_zero_len_prop_mid.sst":  {elements: 2},
	"18_zero_len_cert.sst":      {elements: 2, err: errEmptyContext, offset: 8, faults: []error{errEmptyContext}},
	"19_enc_2.sst":              {elements: 1, err: errEncodingType, offset: 8, faults: []error{errEncodingType}},
	"20_enc_10001.sst":          {elements: 1, err: errEncodingType, offset: 8, faults: []error{errEncodingType}},
	"21_enc_0.sst":              {elements: 1, err: errEncodingType, offset: 8, faults: []error{errEncodingType}},
	"22_dup.sst":                {elements: 3},
	"23_crl.sst":                {elements: 2},
	"24_crl_first.sst":          {elements: 2},
	"25_trunc_value.sst":        {err: ErrTruncated, offset: 405, refused: true},
	"26_trunc_header.sst":       {err: ErrTruncated, offset: 405, refused: true},
	"27_huge_len.sst":           {err: ErrTruncated, offset: 405, refused: true},
	"28_props_no_cert.sst":      {elements: 2, err: errOrphanProperties, offset: 405, faults: []error{errOrphanProperties}},
	"29_bad_magic.sst":          {err: errHeader, refused: true},
	"30_version1.sst":           {err: errHeader, refused: true},
	"31_garbage_cert.sst":       {elements: 2, kept: []error{errNotDER}, faults: []error{errNotDER}},
	"32_cert_trailing_byte.sst": {elements: 2, err: errTrailingDER, offset: 8, faults: []error{errTrailingDER}},
	"33_end_nonzero.sst":        {elements: 1, err: errNonzeroEnd, offset: 405, faults: []error{errNonzeroEnd}},
	"34_end_4_only.sst":         {elements: 1, err: ErrMissingEnd, offset: 405, faults: []error{ErrMissingEnd}},
	"35_end_with_len.sst":       {elements: 1, err: errNonzeroEnd, offset: 405, faults: []error{errNonzeroEnd, errTrailingData}},
	"36_keyid34_junk.sst":       {elements: 3, kept: []error{errNotDER}, faults: []error{errNotDER}},
	"37_id35.sst":               {elements: 2},
}

func sameFaults(got []*FormatError, want []error) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if !errors.Is(got[i], want[i]) {
			return false
		}
	}
	return true
}

func TestEdges(t *testing.T) {
	files := corpusFiles(t, "edge/*", 38)
	if len(edges) != len(files) {
		t.Errorf("%d rows for %d files", len(edges), len(files))
	}
	for _, name := range files {
		base := strings.TrimPrefix(name, "edge/")
		t.Run(base, func(t *testing.T) {
			want, ok := edges[base]
			if !ok {
				t.Fatal("file is not in the table")
			}
			data := corpus(t, name)
			strict, err := Parse(data)
			if want.err == nil {
				if err != nil {
					t.Fatalf("strict: %v", err)
				}
				checkEdge(t, "strict", strict, data, want.elements, want.kept)
			} else {
				var fe *FormatError
				if !errors.As(err, &fe) || !errors.Is(err, want.err) || fe.Offset != want.offset || strict != nil {
					t.Errorf("strict: %v, %v; want %v at %d", strict, err, want.err, want.offset)
				}
			}
			lenient, err := Lenient().Parse(data)
			if want.refused {
				var fe *FormatError
				if !errors.As(err, &fe) || !errors.Is(err, want.err) || lenient != nil {
					t.Errorf("lenient: %v, want %v", err, want.err)
				}
				return
			}
			if err != nil {
				t.Fatalf("lenient: %v", err)
			}
			checkEdge(t, "lenient", lenient, data, want.elements, want.faults)
		})
	}
}

func checkEdge(t *testing.T, mode string, s *Store, data []byte, elements int, faults []error) {
	t.Helper()
	if len(s.Elements) != elements {
		t.Errorf("%s: %d elements, want %d", mode, len(s.Elements), elements)
	}
	if !sameFaults(s.Faults(), faults) {
		t.Errorf("%s: faults %v, want %v", mode, s.Faults(), faults)
	}
	out, err := s.Marshal()
	if err != nil || !bytes.Equal(out, data) {
		t.Errorf("%s: Marshal: %v, or differs", mode, err)
	}
}

// TestEachLeniency allows one violation at a time, and expects the option for
// the fault to be both needed and enough.
func TestEachLeniency(t *testing.T) {
	tests := []struct {
		file  string
		allow func(*Options)
	}{
		{"02_header_only.sst", func(o *Options) { o.AllowMissingEnd = true }},
		{"05_no_end.sst", func(o *Options) { o.AllowMissingEnd = true }},
		{"34_end_4_only.sst", func(o *Options) { o.AllowMissingEnd = true }},
		{"06_trailing.sst", func(o *Options) { o.AllowTrailingData = true }},
		{"07_trailing_cert.sst", func(o *Options) { o.AllowTrailingData = true }},
		{"15_big_id.sst", func(o *Options) { o.AllowLargePropertyIDs = true }},
		{"18_zero_len_cert.sst", func(o *Options) { o.AllowEmptyContext = true }},
		{"19_enc_2.sst", func(o *Options) { o.AllowAnyEncodingType = true }},
		{"28_props_no_cert.sst", func(o *Options) { o.AllowOrphanProperties = true }},
		{"32_cert_trailing_byte.sst", func(o *Options) { o.AllowTrailingDER = true }},
		{"33_end_nonzero.sst", func(o *Options) { o.AllowNonzeroEnd = true }},
		{"35_end_with_len.sst", func(o *Options) { o.AllowNonzeroEnd, o.AllowTrailingData = true, true }},
	}
	for _, test := range tests {
		data := corpus(t, "edge/"+test.file)
		only, but := &Options{}, Lenient()
		test.allow(only)
		if _, err := only.Parse(data); err != nil {
			t.Errorf("%s: %v", test.file, err)
		}
		// Every other leniency together does not help.
		for _, clear := range []func(*Options){
			func(o *Options) { o.AllowMissingEnd = !only.AllowMissingEnd },
			func(o *Options) { o.AllowTrailingData = !only.AllowTrailingData },
			func(o *Options) { o.AllowLargePropertyIDs = !only.AllowLargePropertyIDs },
			func(o *Options) { o.AllowEmptyContext = !only.AllowEmptyContext },
			func(o *Options) { o.AllowAnyEncodingType = !only.AllowAnyEncodingType },
			func(o *Options) { o.AllowOrphanProperties = !only.AllowOrphanProperties },
			func(o *Options) { o.AllowTrailingDER = !only.AllowTrailingDER },
			func(o *Options) { o.AllowNonzeroEnd = !only.AllowNonzeroEnd },
		} {
			clear(but)
		}
		if _, err := but.Parse(data); err == nil {
			t.Errorf("%s: accepted without its option", test.file)
		}
	}
}

func TestEdgeDetails(t *testing.T) {
	// The friendly name in front of the second certificate belongs to it.
	s, err := Parse(corpus(t, "edge/10_fn_after.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Elements[0].Properties) != 0 || s.Elements[1].FriendlyName() == "" {
		t.Error("the name is with the wrong certificate")
	}
	s, err = Parse(corpus(t, "edge/12_bad_hash.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if bad := s.Elements[0].VerifyHashes(); len(bad) != 1 || bad[0].ID != PropSHA1Hash {
		t.Errorf("wrong hash: got %v", bad)
	}
	s, err = Parse(corpus(t, "edge/37_id35.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if e := s.Elements[0]; e.Kind != unknownKind || e.ID != 35 || len(e.Raw) != 1 {
		t.Errorf("element of a reserved kind: %v, id %d", e.Kind, e.ID)
	}
	s, err = Lenient().Parse(corpus(t, "edge/06_trailing.sst"))
	if err != nil {
		t.Fatal(err)
	}
	if string(s.Trailing()) != "trailing junk" {
		t.Error("trailing bytes are lost")
	}
	s, err = Parse(corpus(t, "edge/31_garbage_cert.sst"))
	if err != nil {
		t.Fatal(err)
	}
	var fe *FormatError
	if err := s.Elements[0].Check(); !errors.As(err, &fe) || fe.Offset != 8 {
		t.Errorf("Check of garbage: %v", err)
	}
	if _, err := s.Elements[0].Certificate(); !errors.As(err, &fe) || fe.Offset != 8 {
		t.Errorf("Certificate of garbage: %v", err)
	}
}

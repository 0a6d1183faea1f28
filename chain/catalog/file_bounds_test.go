package catalog

import (
	"strings"
	"testing"
)

// TestDigestBounds holds how many octets each digest and identifier of a file may have.
func TestDigestBounds(t *testing.T) {
	for _, test := range []struct {
		field    string
		min, max int
		set      func(*entryJSON, string)
	}{
		{"sha256", 32, 32, func(j *entryJSON, s string) { j.SHA256 = s }},
		{"sha1", 20, 20, func(j *entryJSON, s string) { j.SHA1 = s }},
		{"key_id", 1, 64, func(j *entryJSON, s string) { j.KeyID = s }},
		{"issuer_key_id", 1, 64, func(j *entryJSON, s string) { j.IssuerKeyID = s }},
		{"spki_sha256", 32, 32, func(j *entryJSON, s string) { j.SPKISHA256 = s }},
	} {
		for n := 1; n <= 70; n++ {
			j := &entryJSON{SHA256: strings.Repeat("ab", 32)}
			test.set(j, strings.Repeat("cd", n))
			field, err := j.octets(new(Entry))
			if good := test.min <= n && n <= test.max; (err == nil) != good || !good && field != test.field {
				t.Errorf("%s of %d octets: %q, %v", test.field, n, field, err)
			}
		}
	}
}

// TestProgrammeFields holds which words and days a programme may have.
func TestProgrammeFields(t *testing.T) {
	for _, test := range []struct {
		trust, after, field string
		want                Trust
	}{
		{"yes", "", "", Yes}, {"no", "", "", No}, {"unknown", "", "", Unknown}, {"", "", "", Unknown},
		{"maybe", "", "trust", Unknown},
		{"yes", "2026-02-28", "", Yes}, {"yes", "2026-02-30", "distrust_after", Yes}, {"no", "x", "distrust_after", No},
	} {
		var p Programme
		field, err := (&programmeJSON{Trust: test.trust, DistrustAfter: test.after}).programme(&p)
		if field != test.field || (err != nil) != (test.field != "") || p.Trust != test.want || err == nil && p.DistrustAfter.IsZero() != (test.after == "") {
			t.Errorf("%q, %q: %q, %v, %+v", test.trust, test.after, field, err, p)
		}
	}
}

package bundle_test

import (
	"crypto/sha1"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestMailCorpus holds what is read of 36 messages that another implementation wrote to
// the table beside them: sender, signers, signature, certificates, recipients, cipher.
func TestMailCorpus(t *testing.T) {
	text := string(outside.Read(t, "mail", "EXPECTED.tsv"))
	rows := 0
	for _, line := range strings.Split(strings.TrimSpace(text), "\n")[1:] {
		row := strings.Split(strings.TrimRight(line, "\r"), "\t")
		if len(row) != 9 {
			t.Fatalf("%d columns: %q", len(row), line)
		}
		rows++
		name, from, signer, signature, certificates, recipients, cipher := row[0], row[2], row[3], row[4], row[5], row[6], row[7]
		f, err := bundle.Parse(filepath.Base(name), outside.Read(t, "mail", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var gotFrom, signers []string
		good, changed, unknown, ciphers, wanted := 0, 0, 0, []string{}, []string{}
		for i := range f.Messages {
			m := &f.Messages[i]
			gotFrom = append(gotFrom, m.From...)
			for _, s := range m.Outermost() {
				switch {
				case s.Good():
					good++
				case s.Content == pkcs7.Wrong && s.Signature == pkcs7.Good:
					changed++
				case s.Content == pkcs7.Good && s.Signature == pkcs7.Unchecked:
					unknown++
				}
				if s.Certificate != nil {
					signers = append(signers, fmt.Sprintf("%X", sha1.Sum(s.Certificate.Raw)))
				}
			}
			if e := m.Encrypted(); e != nil {
				ciphers = append(ciphers, e.CipherName())
				for j := range e.Recipients {
					if r := &e.Recipients[j]; r.KeyID != nil {
						wanted = append(wanted, fmt.Sprintf("%X", r.KeyID))
					} else {
						wanted = append(wanted, fmt.Sprintf("%X", r.Serial))
					}
				}
			}
		}
		if want := strings.Join(gotFrom, "; "); from != "-" && want != from {
			t.Errorf("%s: from %q, want %q", name, want, from)
		}
		for _, s := range signers {
			if !strings.Contains(signer, s) {
				t.Errorf("%s: signer %s, want %s", name, s, signer)
			}
		}
		if n := strings.Count(signer, "("); n != len(signers) && !strings.HasPrefix(cipher, "aes256-cbc") {
			t.Errorf("%s: %d signers, want %s", name, len(signers), signer)
		}
		want := [3]int{}
		switch {
		case strings.HasPrefix(signature, "both verify"), strings.HasPrefix(signature, "1 and 3 verify"):
			want[0] = 2
		case strings.HasPrefix(signature, "verifies"):
			want[0] = 1
		case strings.HasPrefix(signature, "does not verify"):
			want[1] = 1
		case strings.HasPrefix(signature, "cannot be checked"):
			want[2] = 1
		}
		if got := [3]int{good, changed, unknown}; got != want {
			t.Errorf("%s: %v good, changed, unknown; want %v: %s", name, got, want, signature)
		}
		outside, _, _ := strings.Cut(certificates, "; inside ")
		for i := range f.Certificates {
			if sum := fmt.Sprintf("%X", sha1.Sum(f.Certificates[i].Raw)); !strings.Contains(outside, sum) {
				t.Errorf("%s: certificate %s, want %s", name, sum, certificates)
			}
		}
		if n := strings.Count(outside, "("); n != len(f.Certificates) && !strings.HasPrefix(certificates, "outside none") {
			t.Errorf("%s: %d certificates, want %d", name, len(f.Certificates), n)
		}
		for _, w := range wanted {
			if !strings.Contains(recipients, w) {
				t.Errorf("%s: recipient %s, want %s", name, w, recipients)
			}
		}
		if n := strings.Count(recipients, " by "); n != len(wanted) {
			t.Errorf("%s: %d recipients, want %d", name, len(wanted), n)
		}
		if got := strings.Join(ciphers, "; "); cipher != "-" && !strings.HasPrefix(cipher, "zlib") && !strings.HasSuffix(cipher, got) || (cipher == "-") != (got == "") && !strings.HasPrefix(cipher, "zlib") {
			t.Errorf("%s: cipher %q, want %q", name, got, cipher)
		}
	}
	if rows != 36 {
		t.Errorf("%d rows", rows)
	}
	// What changed a text is told.
	f, err := bundle.Parse("25", outside.Read(t, "mail", "25-list-footer-in-the-part.eml"))
	if err != nil {
		t.Fatal(err)
	}
	if s := f.Messages[0].Outermost()[0]; !strings.Contains(s.Cause.String(), "added after the text") {
		t.Errorf("the cause: %s", s.Cause)
	}
	// A message with lines that begin with From, as a store keeps it.
	if f, err = bundle.Parse("16", outside.Read(t, "mail", "16-triple-wrapped.eml")); err != nil {
		t.Fatal(err)
	}
	kinds := []bundle.LayerKind{}
	for _, l := range f.Messages[0].Layers {
		kinds = append(kinds, l.Kind)
	}
	if !slices.Equal(kinds, []bundle.LayerKind{bundle.LayerSigned, bundle.LayerEncrypted}) {
		t.Errorf("layers %v", kinds)
	}
}

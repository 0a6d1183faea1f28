package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/testdata/outside"
)

// TestMailChanges holds that of 200 changes of one octet anywhere in signed messages, in
// header, text and signature, none that OpenSSL notices goes unnoticed here: neither by the
// signature nor by that of the certificate, which a path looks at.
func TestMailChanges(t *testing.T) {
	outside.AtLength(t, "runs OpenSSL some hundred times")
	openssl := outside.Program(t, "openssl", "openssl")
	text := "Content-Type: text/plain\r\n\r\nFigures for the third quarter, as agreed.\r\nRegards\r\n"
	clear, opaque, _, _ := openSSLMail(t, text)
	name := filepath.Join(t.TempDir(), "m")
	theirs := func(data []byte) bool {
		t.Helper()
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return exec.Command(openssl, "cms", "-verify", "-noverify", "-in", name, "-out", os.DevNull).Run() == nil
	}
	ours := func(data []byte) (good, whole bool) {
		f, err := bundle.Parse("m", data)
		if err != nil || len(f.Messages) == 0 {
			return false, false
		}
		s := f.Messages[0].Outermost()
		if len(s) != 1 || !s[0].Good() {
			return false, false
		}
		return true, s[0].Certificate.SignedBy(s[0].Certificate) == nil
	}
	changed, noticed, stricter := 0, 0, 0
	for form, data := range map[string][]byte{"clear": clear, "opaque": opaque} {
		if good, whole := ours(data); !good || !whole || !theirs(data) {
			t.Fatalf("%s: here %v and %v, OpenSSL %v", form, good, whole, theirs(data))
		}
		signature := bytes.LastIndex(data, []byte("\n\n"))
		for i := range 100 {
			sum := sha256.Sum256(fmt.Append(nil, form, i))
			at := int(binary.BigEndian.Uint32(sum[:])) % len(data)
			if i%2 == 0 && signature > 0 { // half of them before the signature, which is long
				at %= signature
			}
			d := bytes.Clone(data)
			d[at] ^= 1 << (sum[4] % 7)
			changed++
			good, whole := ours(d)
			there := theirs(d)
			if !there {
				noticed++
			}
			if there && !good {
				stricter++ // such as the type of the content, which OpenSSL does not compare
			}
			if whole && !there {
				t.Errorf("%s, octet %d, %q instead of %q in %q is not noticed", form, at, d[at], data[at], d[max(at-20, 0):min(at+20, len(d))])
			}
		}
	}
	if changed != 200 || noticed < 100 || stricter > 10 {
		t.Errorf("%d changes, of which OpenSSL notices %d and takes %d that are noticed here", changed, noticed, stricter)
	}
}

package pkcs12

import (
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
)

// pair is a file with two identities that share their CAs.
func pair(t testing.TB, first, second *person) []byte {
	t.Helper()
	var bags []byte
	for i, p := range []*person{first, second} {
		id := attribute(oidLocalKeyID, octetString([]byte{byte(i + 1)}))
		pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
		if err != nil {
			t.Fatal(err)
		}
		bags = append(bags, bag(oidShroudedKeyBag, shrouded(t, "secret", pkcs8), id)...)
		bags = append(bags, bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(p.leaf.Raw))), id)...)
	}
	for _, ca := range first.chain {
		bags = append(bags, bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(ca.Raw))))...)
	}
	safe := plainSafe(seq(bags))
	return withMAC(macOver("secret", seq(safe)), safe)
}

// TestRewriteAll holds that a pair stays together, with each certificate once, and that
// OpenSSL reads the file.
func TestRewriteAll(t *testing.T) {
	first, second := alice(t), personWithKey(t, testKey(t, 9))
	data := pair(t, first, second)
	password := "secret"
	o := &Options{Password: &password}
	for _, w := range []Rewriting{{Profile: Widest, Importer: targetWindowsBefore1709}, {Profile: Modern, Importer: targetWindows1709}} {
		w.Password = "new"
		digest := map[Profile]string{Widest: "SHA-1", Modern: "SHA-256"}[w.Profile]
		out, err := o.RewriteAll(t.Context(), data, w, [][]*chain.Certificate{{}, {}})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := Inspect(out, "new"); err != nil || len(r.Identities) != 2 || len(r.Certificates()) != 2 || r.MAC.Digest != digest {
			t.Errorf("%v without chains: %v", w.Profile, err)
		}
		for _, chains := range [][][]*chain.Certificate{nil, {asChain(first.chain...), asChain(second.chain...)}, {{}, nil}} {
			out, err := o.RewriteAll(t.Context(), data, w, chains)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Inspect(out, "new")
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Identities) != 2 || len(r.Certificates()) != 4 || len(r.Observations) != 0 || r.Compatible(targetDotNet9).Answer != Yes {
				t.Errorf("%v: %d identities, %d certificates, %v", w.Profile, len(r.Identities), len(r.Certificates()), codes(r))
			}
			for _, id := range r.Identities {
				if id.Matches != Yes || len(id.ByLocalKeyID) != 1 || !id.Complete {
					t.Errorf("%v: %+v", w.Profile, id)
				}
			}
			if path, err := exec.LookPath("openssl"); err == nil && w.Profile == Modern {
				name := filepath.Join(t.TempDir(), "new.pfx")
				if err := os.WriteFile(name, out, 0o600); err != nil {
					t.Fatal(err)
				}
				text, err := exec.Command(path, "pkcs12", "-in", name, "-passin", "pass:new", "-nodes").CombinedOutput()
				if n := strings.Count(string(text), "BEGIN PRIVATE KEY"); err != nil || n != 2 || strings.Count(string(text), "BEGIN CERTIFICATE") != 4 {
					t.Errorf("openssl: %v, %d keys", err, n)
				}
			}
		}
	}
}

// TestRewriteAllErrors holds that what cannot be kept together is said.
func TestRewriteAllErrors(t *testing.T) {
	first := alice(t)
	password, wrong := "secret", "wrong"
	good := Rewriting{Password: "new"}
	loneKey, _ := identityBags(t, first)
	if out, err := (&Options{Password: &password}).RewriteAll(t.Context(), []byte("no file"), good, nil); out != nil || !errors.As(err, new(*FormatError)) {
		t.Errorf("no file: %v", err)
	}
	for name, test := range map[string]struct {
		data   []byte
		o      *Options
		w      Rewriting
		chains [][]*chain.Certificate
		want   string
	}{
		"one leaf":         {pair(t, first, first), &Options{Password: &password}, good, nil, "two private keys have one certificate"},
		"no new password":  {pair(t, first, personWithKey(t, testKey(t, 9))), &Options{Password: &password}, Rewriting{}, nil, "the new password is empty"},
		"wrong password":   {pair(t, first, personWithKey(t, testKey(t, 9))), &Options{Password: &wrong}, good, nil, "wrong"},
		"number of chains": {pair(t, first, personWithKey(t, testKey(t, 9))), &Options{Password: &password}, good, [][]*chain.Certificate{nil}, "2"},
		"no certificate":   {pfx(plainSafe(seq(loneKey))), &Options{Password: &password}, good, nil, "no certificate belongs to the private key"},
		"no key":           {pfx(plainSafe(seq())), &Options{Password: &password}, good, nil, "no identity 0"},
		"not for Android":  {pair(t, first, personWithKey(t, testKey(t, 9))), &Options{Password: &password}, Rewriting{Password: "new", Importer: targetIntuneImport}, nil, "cannot open the new file"},
	} {
		out, err := test.o.RewriteAll(t.Context(), test.data, test.w, test.chains)
		var rewrite *RewriteError
		if out != nil || !errors.As(err, &rewrite) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRewriteAllCorpus rewrites every file of the corpus that holds several identities.
func TestRewriteAllCorpus(t *testing.T) {
	outside.Corpus(t, "pfx")
	n := 0
	for _, f := range pfxFiles(t) {
		r, err := inspectPath(t, f)
		if err != nil || len(r.Identities) < 2 {
			continue
		}
		n++
		writable := true
		leaves := map[string]bool{}
		for i, id := range r.Identities {
			writable = writable && r.RewriteObstacle(i, "") == ObstacleNone && !leaves[id.Leaf.String()]
			leaves[id.Leaf.String()] = true
		}
		data, err := os.ReadFile(f.path)
		if err != nil {
			t.Fatal(err)
		}
		out, err := (&Options{Password: &f.password}).RewriteAll(t.Context(), data, Rewriting{Password: "new", Profile: Modern}, nil)
		if (err == nil) != writable || (out == nil) != (err != nil) {
			t.Errorf("%s: %v, but writable is %v", f.name, err, writable)
		}
	}
	t.Logf("%d files with several identities", n)
	if n < 3 {
		t.Errorf("%d files", n)
	}
}

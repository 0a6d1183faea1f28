package pkcs12

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

func TestRewrite(t *testing.T) {
	for _, info := range Importers() {
		t.Run(string(info.Importer), func(t *testing.T) {
			data := alice(t).encode(t, gopkcs12.Modern2023, "secret")
			if info.Importer == targetGnuPG22 { // which takes no other keys
				data = personWithKey(t, testRSA(t)).encode(t, gopkcs12.Modern2023, "secret")
			}
			profile, err := ProfileFor(info.Importer)
			if err != nil {
				t.Fatal(err)
			}
			password := "secret"
			out, err := (&Options{Password: &password}).Rewrite(t.Context(), data, Rewriting{
				Profile: profile, Password: "another secret", Importer: info.Importer,
			})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Inspect(out, "another secret")
			if err != nil {
				t.Fatal(err)
			}
			if v := r.Compatible(info.Importer); v.Answer != Yes {
				t.Errorf("%v with profile %v: %v", v.Answer, profile, v.Reasons)
			}
			id := r.Identities[0]
			if id.LinkedBy != linkLocalKeyID|linkPublicKey || !id.Complete || len(id.Chain) != 2 {
				t.Errorf("identity %+v", id)
			}
			for _, b := range r.Bags() {
				if b.FriendlyName != "" {
					t.Errorf("friendly name %q", b.FriendlyName)
				}
			}
		})
	}
}

// Files of every kind in the corpus, rewritten in both profiles, hold the same
// key and certificates.
func TestRewriteCorpus(t *testing.T) {
	written, slow := 0, 0
	for _, s := range samples(t) {
		if s.dir != "pfx" {
			continue
		}
		data := outside.Read(t, s.dir, s.name)
		before, err := inspectSample(t, s.dir, s.name, s.password)
		if err != nil || len(before.Identities) == 0 {
			continue
		}
		if before.MAC != nil && before.MAC.Iterations > 100_000 && before.MAC.Iterations < 5_000_000 && slow > 2 && !long() {
			t.Logf("%s: not at everyday length", s.name)
			continue
		} else if before.MAC != nil && before.MAC.Iterations > 100_000 {
			slow++
		}
		o := &Options{Password: &s.password}
		for i, id := range before.Identities {
			out, err := o.Rewrite(t.Context(), data, Rewriting{Profile: Profile(written % 2), Password: "new", Identity: i})
			reason := cannotRewrite(before, &id)
			if obstacle := before.RewriteObstacle(i, ""); (obstacle == ObstacleNone) != (err == nil) {
				t.Errorf("%s, identity %d: the obstacle is %d, but %v", s.name, i, obstacle, err)
			}
			if err != nil {
				if reason == "" || !strings.Contains(err.Error(), reason) {
					t.Errorf("%s, identity %d: %v, want %q", s.name, i, err, reason)
				}
				if out != nil {
					t.Errorf("%s: a file and an error", s.name)
				}
				continue
			}
			if reason != "" {
				t.Errorf("%s, identity %d: written, want %q", s.name, i, reason)
			}
			after, err := Inspect(out, "new")
			if err != nil {
				t.Fatal(err)
			}
			written++
			if before.Bag(id.Key).Key.Fingerprint != after.Bag(after.Identities[0].Key).Key.Fingerprint {
				t.Errorf("%s: another key", s.name)
			}
			if !bytes.Equal(before.Bag(id.Leaf).Certificate.Raw, after.Bag(after.Identities[0].Leaf).Certificate.Raw) {
				t.Errorf("%s: another leaf", s.name)
			}
			if len(after.Identities[0].Chain) != len(id.Chain) {
				t.Errorf("%s: chain %v, want %v", s.name, after.Identities[0].Chain, id.Chain)
			}
		}
	}
	t.Logf("%d files written", written)
	if written < 70 {
		t.Errorf("only %d files written", written)
	}
}

// cannotRewrite returns part of the error that Rewrite is to give for an
// identity, or nothing.
func cannotRewrite(r *Inspection, id *Identity) string {
	key := r.Bag(id.Key).Key
	switch {
	case r.Password.Status == passwordRightAltered:
		return "altered"
	case !r.Password.Status.Right() && r.Password.Status != PasswordNotNeeded:
		return "password is"
	case key == nil && r.Bag(id.Key).Status == statusFailed:
		return "password of its own"
	case key == nil:
		return "not decrypted"
	case id.Leaf == nil:
		return "no certificate"
	case id.Matches != Yes:
		return "not for the private key"
	case key.Algorithm == "RSA-PSS", key.Algorithm == "DSA", key.Public == nil:
		return "is not supported"
	}
	return ""
}

func TestRewriteCertificates(t *testing.T) {
	p := alice(t)
	short := &person{p.key, p.leaf, nil}
	data := short.encode(t, gopkcs12.Modern2023, "secret")
	tests := []struct {
		name string
		data []byte
		w    Rewriting
		want []*x509.Certificate
	}{
		{"as it is", data, Rewriting{}, nil},
		{"with the chain", data, Rewriting{With: asChain(p.chain...)}, p.chain},
		{"nothing twice", p.encode(t, gopkcs12.Modern2023, "secret"), Rewriting{With: asChain(p.chain...)}, p.chain},
		{"another chain", p.encode(t, gopkcs12.Modern2023, "secret"), Rewriting{Chain: asChain(p.chain[:1]...)}, p.chain[:1]},
		{"no chain", p.encode(t, gopkcs12.Modern2023, "secret"), Rewriting{Chain: []*chain.Certificate{}}, nil},
		{"without the leaf of another", pair(t, p, personWithKey(t, testKey(t, 9))), Rewriting{}, p.chain},
		{"never the leaf again", data, Rewriting{With: asChain(p.leaf)}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.w.Password = "secret"
			password := "secret"
			out, err := (&Options{Password: &password}).Rewrite(t.Context(), test.data, test.w)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Inspect(out, "secret")
			if err != nil {
				t.Fatal(err)
			}
			got := r.Certificates()
			if len(got) != len(test.want)+1 || !bytes.Equal(got[0].Raw, p.leaf.Raw) {
				t.Fatalf("%d certificates, want %d", len(got), len(test.want)+1)
			}
			for i, c := range test.want {
				if !bytes.Equal(got[i+1].Raw, c.Raw) {
					t.Errorf("certificate %d is another", i+1)
				}
			}
		})
	}
}

func TestRewriteErrors(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.Modern2023, "secret")
	right, wrong := "secret", "wrong"
	altered := slices.Clone(data)
	altered[len(altered)/2] ^= 1
	p := alice(t)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	id := localKeyID(1)
	key := bag(oidShroudedKeyBag, shrouded(t, right, pkcs8), id)
	cert := func(raw []byte) []byte {
		return bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(raw))), id)
	}
	// Key types that nobody writes.
	rsaKey := testRSA(t)
	pss := seq(object(oidRSAPSS))
	pssKey := bag(oidShroudedKeyBag, shrouded(t, right, seq(integer(0), pss, octetString(x509.MarshalPKCS1PrivateKey(rsaKey)))), id)
	pssLeaf := withSPKI(t, p.leaf.Raw, seq(pss, tlv(0x03, []byte{0}, x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey))))
	tests := []struct {
		name     string
		data     []byte
		password *string
		w        Rewriting
		says     string
	}{
		{"wrong password", data, &wrong, Rewriting{Password: "new"}, "the password is wrong"},
		{"no password", data, nil, Rewriting{Password: "new"}, "no password was given"},
		{"altered", altered, &right, Rewriting{Password: "new"}, "the file was altered"},
		{"empty new password", data, &right, Rewriting{}, "the new password is empty"},
		{"new password beyond the BMP", data, &right, Rewriting{Password: "😀"}, "outside the BMP"},
		{"new password that is no text", data, &right, Rewriting{Password: "\xff"}, "outside the BMP"},
		{"long new password", data, &right, Rewriting{Password: strings.Repeat("x", maxRewritePassword+1)}, "more than 1024 characters"},
		{"no such identity", data, &right, Rewriting{Password: "new", Identity: 1}, "there is no identity 1: the file has 1"},
		{"no certificate", pfx(plainSafe(seq(key))), &right, Rewriting{Password: "new"}, "no certificate belongs to the private key"},
		{"a certificate for another key", pfx(plainSafe(seq(key, cert(p.chain[0].Raw)))), &right, Rewriting{Password: "new"}, "the certificate is not for the private key"},
		{"a key for RSASSA-PSS", pfx(plainSafe(seq(pssKey, cert(pssLeaf)))), &right, Rewriting{Password: "new"}, "is not supported"},
		{"negative identity", data, &right, Rewriting{Password: "new", Identity: -1}, "there is no identity -1"},
		{"target that cannot open it", data, &right, Rewriting{Password: "new", Profile: Modern, Importer: targetIOS17}, "ios-17 cannot open the new file"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, err := (&Options{Password: test.password}).Rewrite(t.Context(), test.data, test.w)
			var rewrite *RewriteError
			if out != nil || !errors.As(err, &rewrite) || rewrite.Inspection == nil || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("%d octets, %v", len(out), err)
			}
			for _, b := range rewrite.Inspection.Bags() {
				if b.pkcs8 != nil {
					t.Error("the report of the error holds a private key")
				}
			}
		})
	}
}

// TestRewritePassword holds the bound on new passwords at both of its sides.
func TestRewritePassword(t *testing.T) {
	for n, ok := range map[int]bool{1: true, maxRewritePassword: true, maxRewritePassword + 1: false} {
		for _, r := range []string{"x", "ü", "€"} {
			if err := checkRewritePassword(strings.Repeat(r, n)); (err == nil) != ok {
				t.Errorf("%d times %s: %v", n, r, err)
			}
		}
	}
}

// TestRewriteClosedKey says why the key cannot be written that no password opens.
func TestRewriteClosedKey(t *testing.T) {
	_, cert := identityBags(t, alice(t))
	right := "secret"
	for name, tt := range map[string]struct {
		key         []byte
		want        string
		unsupported bool
	}{
		"an algorithm that nobody knows": {seq(seq(object("1.2.3.4")), octetString(make([]byte, 32))), "1.2.3.4", true},
		"no key":                         {seq(), "the private key was not decrypted: ", false},
		"no ciphertext":                  {seq(seq(object("1.2.3.4"))), "the private key was not decrypted: ", true},
		"another password":               {shrouded(t, "another", seq(integer(0))), "a password of its own", false},
	} {
		id := attribute(oidLocalKeyID, octetString([]byte{1, 0, 0, 0}))
		data := pfx(encryptedSafe(t, right, seq(cert)), plainSafe(seq(bag(oidShroudedKeyBag, tt.key, id))))
		_, err := (&Options{Password: &right}).Rewrite(t.Context(), data, Rewriting{Password: "new"})
		var unsupported *UnsupportedError
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.As(err, &unsupported) != tt.unsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// countdown is a context that ends after it was asked a number of times.
type countdown struct {
	context.Context
	left int
	err  error
}

func (c *countdown) Err() error {
	if c.left == 0 {
		return c.err
	}
	c.left--
	return nil
}

// TestContext holds that an inspection ends with the error of the context at
// whichever key derivation that comes, and not with a report of what it had.
func TestContext(t *testing.T) {
	data := alice(t).encode(t, gopkcs12.Modern2023, "secret")
	keyBag, certBag := identityBags(t, alice(t))
	without := pfx(encryptedSafe(t, "secret", seq(certBag)), plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "another", keyBag)))))
	store, err := gopkcs12.Modern2023.WithRand(fixed()).EncodeTrustStore([]*x509.Certificate{alice(t).leaf}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		data     []byte
		password string
		asks     int // at least
	}{
		{"right", data, "secret", 4},
		{"wrong", data, "wrong", 4},
		{"nearly right", data, "secret ", 5},
		{"MAC alone", macAlone("secret"), "secret", 2},
		{"MAC and safe", store, "secret", 3},
		{"safe alone", pfx(encryptedSafe(t, "secret", seq(certBag))), "secret", 2},
		{"key alone", pfx(plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "secret", keyBag))))), "secret", 2},
		{"no MAC, right", without, "secret", 2},
		{"no MAC, wrong", without, "wrong", 3},
		{"no MAC, nearly right", without, "secret ", 3},
		{"safe alone, wrong", pfx(encryptedSafe(t, "secret", seq(certBag))), "wrong", 2},
		{"key alone, wrong", pfx(plainSafe(seq(bag(oidShroudedKeyBag, shrouded(t, "secret", keyBag))))), "wrong", 2},
	} {
		for _, reason := range []error{context.Canceled, context.DeadlineExceeded} {
			o := &Options{Password: &tt.password}
			whole, err := o.Inspect(t.Context(), tt.data)
			if err != nil {
				t.Fatal(err)
			}
			asked := 0
			for ; ; asked++ {
				r, err := o.Inspect(&countdown{t.Context(), asked, reason}, tt.data)
				if err == nil {
					if got := said(r, new(Inspection)); got != said(whole, new(Inspection)) || r.Password != whole.Password {
						t.Errorf("%s, ended at %d: a report of what it had: %s", tt.name, asked, got)
					}
					break
				}
				if r != nil || !errors.Is(err, reason) {
					t.Fatalf("%s, ended at %d: %v, %v", tt.name, asked, r, err)
				}
			}
			if asked < tt.asks {
				t.Errorf("%s: the context was asked %d times", tt.name, asked)
			}
		}
	}
	o := &Options{Password: new("secret")}
	two := pair(t, alice(t), personWithKey(t, testKey(t, 9)))
	for left := 0; ; left++ {
		out, err := o.RewriteAll(&countdown{t.Context(), left, context.Canceled}, two, Rewriting{Password: "new"}, nil)
		if err == nil {
			break
		}
		if out != nil || !errors.Is(err, context.Canceled) {
			t.Fatalf("RewriteAll, ended at %d: %v", left, err)
		}
	}
	for left := 0; ; left++ {
		out, err := o.Rewrite(&countdown{t.Context(), left, context.Canceled}, data, Rewriting{Password: "new"})
		if err == nil {
			break
		}
		if out != nil || !errors.Is(err, context.Canceled) {
			t.Fatalf("Rewrite, ended at %d: %v", left, err)
		}
	}
}

// Nothing that can be printed of a report or an error holds the password or the
// private key.
func TestNoSecrets(t *testing.T) {
	p := alice(t)
	const password = "a very secret password"
	pkcs8, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []*gopkcs12.Encoder{gopkcs12.LegacyDES, gopkcs12.Modern2023} {
		data := p.encode(t, e, password)
		for _, given := range []string{password, password + "\n", "wrong"} {
			r, err := Inspect(data, given)
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf("%+v %#v", r, r)
			for _, b := range r.Bags() {
				text += fmt.Sprintf("%+v %#v", b, b.Key)
			}
			for _, s := range []string{password, fmt.Sprintf("%v", pkcs8[40:60]), fmt.Sprintf("%x", pkcs8[40:60])} {
				if strings.Contains(text, s) {
					t.Errorf("a report holds a secret")
				}
			}
		}
	}
}

// asChain returns certificates as package chain has them.
func asChain(certs ...*x509.Certificate) []*chain.Certificate {
	var list []*chain.Certificate
	for _, c := range certs {
		list = append(list, chain.FromX509(c))
	}
	return list
}

package pkcs12

import (
	"bytes"
	"context"
	"crypto/fips140"
	"crypto/x509"
	"slices"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/lint/say"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"
)

// Profile is a choice of algorithms for writing.
type Profile int

const (
	// Widest is 3DES for key and certificates with a MAC of SHA-1. Every
	// target of [Importers] opens it. It is weak: protect the file with a long
	// random password and do not keep it.
	Widest Profile = iota

	// Modern is AES-256-CBC under PBKDF2 with HMAC-SHA-256 and a MAC of
	// SHA-256: iOS 18, macOS 15, Windows 10 1709, Java 11.0.12 and later.
	Modern
)

// String returns "widest" or "modern".
func (p Profile) String() string { return enumName(int(p), "Profile", "widest", "modern") }

// MarshalText returns what String returns.
func (p Profile) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// rewriteIterations is the number of iterations of each key derivation in a file
// that Rewrite writes: within the limits of every target.
const rewriteIterations = 2048

// ProfileFor returns the profile to write for a target: the modern one where the
// table says that the target opens it, else the widest. The error says that the
// target is not one of [Importers].
func ProfileFor(t Importer) (Profile, error) {
	for i := range rows {
		if r := &rows[i]; r.target == t {
			if r.cipher.answer("AES-256-CBC") == Yes && r.prf.answer("SHA-256") == Yes && r.mac.answer("SHA-256") == Yes {
				return Modern, nil
			}
			return Widest, nil
		}
	}
	return 0, say.Errorf("pkcs12: target %q is not known", string(t))
}

// A Rewriting says what Rewrite is to write.
type Rewriting struct {
	// Profile is how the new file is protected; zero means Widest. [ProfileFor]
	// chooses one for a target.
	Profile Profile

	// Password protects the new file. It must have between 1 and
	// 1,024 characters of the BMP. How hard it is to guess is not
	// checked.
	Password string

	// Identity is the index, in Inspection.Identities, of the key to write. A
	// file with several keys becomes one file for each of them.
	Identity int

	// Chain replaces the certificates above the leaf; of each only Raw is
	// looked at. Nil keeps all certificates of the file but those that belong
	// to other keys; an empty slice keeps none. None may be nil.
	Chain []*chain.Certificate

	// With are further certificates to add, without those that are already
	// there. None may be nil.
	With []*chain.Certificate

	// Importer, if set, is asked at the end: when it cannot open the new file,
	// that is an error, and so is one that is not among [Importers]. It does not
	// choose the profile.
	Importer Importer
}

// maxRewritePassword is the number of characters of the longest password that
// Rewrite takes: no program is known to fail below it.
const maxRewritePassword = 1024

// A RewriteError says why there is no new file. It holds nothing of the key or
// the passwords.
type RewriteError struct {
	Inspection *Inspection // of the input, or of the output that did not pass; nil without one
	Err        error
}

// Error says what is wrong, and holds no bytes of the input.
func (e *RewriteError) Error() string { return e.Sentence().String() }

// Sentence returns what Error says, to be said in another language.
func (e *RewriteError) Sentence() say.Message { return say.New("pkcs12: rewrite: %v", e.Err) }

// Unwrap returns the cause.
func (e *RewriteError) Unwrap() error { return e.Err }

// Rewrite writes one identity of a PFX anew: the same key and certificates, the
// leaf and its key linked by localKeyID, no friendly names. The file is read
// with the passwords and limits of o and written through go-pkcs12 with random
// salts. The result is then read back, and returned only if it holds exactly
// the key and the certificates that were to be written. The plain key is in
// memory only meanwhile, and this package's own copy is overwritten at the end;
// those that crypto/x509 and go-pkcs12 make are left to the garbage collector.
//
// Which certificates belong to a chain, whether they are valid and whether they
// suit the leaf is not checked. CRLs, secrets and attributes are not carried over.
//
// A file that was altered, a key that does not belong to its certificate and a
// key type that go-pkcs12 does not write are errors, of type [*RewriteError]
// unless they are those of [Options.Inspect]. Whether the password was wrong stands
// in RewriteError.Inspection.
func (o *Options) Rewrite(ctx context.Context, data []byte, w Rewriting) ([]byte, error) {
	in, err := o.inspect(ctx, data, true)
	if err != nil {
		return nil, err
	}
	defer in.forgetKeys()
	fail := func(format say.Text, args ...any) ([]byte, error) {
		in.forgetKeys()
		return nil, &RewriteError{Inspection: in.report, Err: say.Errorf(format, args...)}
	}
	if err := w.check(); err != nil {
		return fail("%w", err)
	}
	if fips140.Enforced() {
		// The localKeyID is made with SHA-1, which would panic.
		return fail("%w", &UnsupportedError{say.New("writing a PFX where FIPS 140-3 is enforced")})
	}
	r := in.report
	switch s := r.Password.Status; {
	case s == passwordRightAltered:
		return fail("the file was altered or damaged after it was written")
	case s == PasswordNotTried:
		return fail("no password was given for the file")
	case !s.Right() && s != PasswordNotNeeded:
		return fail("the password is %v", s)
	}
	if w.Identity < 0 || w.Identity >= len(r.Identities) {
		return fail("there is no identity %d: the file has %d", w.Identity, len(r.Identities))
	}
	id := r.Identities[w.Identity]
	keyBag, leafBag := r.Bag(id.Key), r.Bag(id.Leaf)
	switch {
	case keyBag.Status == statusFailed:
		return fail("the private key has a password of its own, which was not given")
	case keyBag.Encryption != nil && keyBag.Encryption.Err != nil:
		return fail("the private key was not decrypted: %w", keyBag.Encryption.Err)
	case keyBag.pkcs8 == nil:
		return fail("the private key was not decrypted: %w", keyBag.Err)
	case leafBag == nil:
		return fail("no certificate belongs to the private key")
	case id.Matches != Yes:
		return fail("the certificate is not for the private key")
	}
	key, err := x509.ParsePKCS8PrivateKey(keyBag.pkcs8)
	if err != nil {
		// The error of crypto/x509 is about the key type or the encoding.
		return fail("%w: RSA, EC on P-256, P-384 and P-521 and Ed25519 are written", &UnsupportedError{say.New("writing a private key of type %s", keyBag.Key.name())})
	}
	leaf := &x509.Certificate{Raw: leafBag.Certificate.Raw}
	others := w.certificates(r, &id)
	encoder := gopkcs12.LegacyDES
	if w.Profile == Modern {
		encoder = gopkcs12.Modern2023
	}
	out, err := encoder.WithIterations(rewriteIterations).Encode(key, leaf, others, w.Password)
	if err != nil {
		return fail("%w", err)
	}
	if report, err := w.verify(ctx, o.Cache, out, leaf, others); err != nil {
		return nil, &RewriteError{Inspection: report, Err: err}
	}
	return out, nil
}

// forgetKeys overwrites the private keys.
func (in *inspector) forgetKeys() {
	for ref, b := range in.report.Bags() {
		// What no password protects is the caller's data.
		if b.Kind == BagShroudedKey || in.report.Safes[ref[0]].Encryption != nil {
			clear(b.pkcs8)
		}
		b.pkcs8 = nil
	}
}

// check finds what Rewrite cannot do whatever the file.
func (w *Rewriting) check() error {
	if w.Profile != Widest && w.Profile != Modern {
		return say.Errorf("profile %v is not known", w.Profile)
	}
	if i := slices.Index(w.Chain, nil); i >= 0 {
		return say.Errorf("certificate %d of Chain is nil", i)
	}
	if i := slices.Index(w.With, nil); i >= 0 {
		return say.Errorf("certificate %d of With is nil", i)
	}
	if w.Importer != "" {
		if _, err := ProfileFor(w.Importer); err != nil {
			return say.Errorf("target %q is not known", string(w.Importer))
		}
	}
	return checkRewritePassword(w.Password)
}

func checkRewritePassword(password string) error {
	switch c := PasswordCharset(password); {
	case c == CharsetEmpty:
		return say.Errorf("the new password is empty")
	case c == charsetUnicode || c == charsetInvalid:
		return &UnsupportedError{say.New("a password with characters outside the BMP")}
	case len([]rune(password)) > maxRewritePassword:
		return say.Errorf("the new password has more than %d characters", maxRewritePassword)
	}
	return nil
}

// certificates returns those to be written beside the leaf.
func (w *Rewriting) certificates(r *Inspection, id *Identity) []*x509.Certificate {
	leaf := r.Bag(id.Leaf).Certificate.Raw
	var list []*x509.Certificate
	add := func(raw []byte) {
		same := func(c *x509.Certificate) bool { return bytes.Equal(c.Raw, raw) }
		if !bytes.Equal(raw, leaf) && !slices.ContainsFunc(list, same) {
			list = append(list, &x509.Certificate{Raw: raw})
		}
	}
	if w.Chain != nil {
		for _, c := range w.Chain {
			add(c.Raw)
		}
	} else {
		// The chain first, then the rest without other people's leaves.
		for _, ref := range id.Chain {
			add(r.Bag(ref).Certificate.Raw)
		}
		taken := make(map[string]bool)
		for _, other := range r.Identities {
			for _, ref := range slices.Concat(other.ByPublicKey, []BagRef{other.Leaf}) {
				taken[ref.String()] = ref != nil
			}
		}
		for ref, b := range r.Bags() {
			if b.Certificate != nil && !taken[ref.String()] {
				add(b.Certificate.Raw)
			}
		}
	}
	for _, c := range w.With {
		add(c.Raw)
	}
	return list
}

// verify reads the new file back.
func (w *Rewriting) verify(ctx context.Context, cache *chain.Cache, out []byte, leaf *x509.Certificate, others []*x509.Certificate) (*Inspection, error) {
	limits := Limits{Size: len(out), Bags: len(others) + 3} // one more than belongs there
	r, err := (&Options{Password: &w.Password, Limits: limits, Cache: cache}).Inspect(ctx, out)
	if err != nil {
		return nil, err
	}
	if r.Password.Status != PasswordRight || len(r.Identities) != 1 {
		return r, say.Errorf("the new file does not open")
	}
	id := r.Identities[0]
	if id.Matches != Yes || !bytes.Equal(r.Bag(id.Leaf).Certificate.Raw, leaf.Raw) ||
		!slices.EqualFunc(id.ByLocalKeyID, []BagRef{id.Leaf}, slices.Equal) {
		return r, say.Errorf("the new file does not hold the same identity")
	}
	got := r.Certificates()
	if len(got) != len(others)+1 {
		return r, say.Errorf("the new file does not hold the same certificates")
	}
	for i, c := range others {
		if !bytes.Equal(got[i+1].Raw, c.Raw) {
			return r, say.Errorf("the new file does not hold the same certificates")
		}
	}
	if v := r.Compatible(w.Importer); v.Answer == No { // not known where there is none
		return r, say.Errorf("%s cannot open the new file: %s", w.Importer, v.Reasons[0].Message)
	}
	return r, nil
}

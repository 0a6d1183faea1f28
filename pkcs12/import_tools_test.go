package pkcs12

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/testdata/outside"
)

// signedText is what the programs sign.
const signedText = "text"

// pemBlocks returns the contents of the blocks of a type in text with others between.
func pemBlocks(text string, suffix string) []*pem.Block {
	var list []*pem.Block
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return list
		}
		if strings.HasSuffix(block.Type, suffix) {
			list = append(list, block)
		}
	}
}

// failed is what became of a file that a program refused, with what it said of it.
func failed(said string, err error) imported {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	reason := lines[len(lines)-1]
	for _, line := range lines {
		if strings.Contains(strings.ToLower(line), "error") {
			reason = line
			break
		}
	}
	return imported{reason: fmt.Sprintf("%v: %s", err, reason), undecided: errors.Is(err, context.DeadlineExceeded)}
}

// use signs with each key and verifies with its certificate, or with its own public
// half where there is none: programs that only take a file apart pair nothing.
func use(dir string, keys, certificates []*pem.Block) imported {
	result := imported{certificates: len(certificates)}
	for _, block := range keys {
		if err := sign(dir, block, certificates); err != nil {
			result.broken++
			result.reason = err.Error()
			// A key that nothing here can read says nothing of the program that wrote it.
			result.undecided = result.undecided || strings.Contains(result.reason, "ossl_store_handle_load_result")
			continue
		}
		result.works++
	}
	return result
}

// sign makes a signature and verifies it, with the standard library where that knows
// the key and with OpenSSL otherwise.
func sign(dir string, block *pem.Block, certificates []*pem.Block) error {
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if err != nil {
		key, err = x509.ParseECPrivateKey(block.Bytes)
	}
	if err != nil {
		key, err = ecKeyOnCurveOf(block.Bytes, certificates)
	}
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return signWithOpenSSL(dir, block, certificates)
	}
	public := signer.Public()
	for _, c := range certificates {
		if cert, err := x509.ParseCertificate(c.Bytes); err == nil && signer.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(cert.PublicKey) {
			public = cert.PublicKey
		}
	}
	digest := sha256.Sum256([]byte(signedText))
	switch public := public.(type) {
	case *rsa.PublicKey:
		signature, err := signer.Sign(nil, digest[:], crypto.SHA256)
		if err != nil {
			return err
		}
		return rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature)
	case *ecdsa.PublicKey:
		signature, err := signer.Sign(nil, digest[:], crypto.SHA256)
		if err != nil || !ecdsa.VerifyASN1(public, digest[:], signature) {
			return fmt.Errorf("the signature does not verify: %v", err)
		}
		return nil
	default:
		return signWithOpenSSL(dir, block, certificates)
	}
}

// ecKeyOnCurveOf reads an ECPrivateKey (RFC 5915, Section 3) without the name of its
// curve, as certtool writes it: the curve is that of a certificate.
func ecKeyOnCurveOf(der []byte, certificates []*pem.Block) (*ecdsa.PrivateKey, error) {
	var key struct {
		Version int
		Scalar  []byte
		Rest    asn1.RawValue `asn1:"optional,tag:1,explicit"`
	}
	if _, err := asn1.Unmarshal(der, &key); err != nil {
		return nil, err
	}
	for _, c := range certificates {
		cert, err := x509.ParseCertificate(c.Bytes)
		if err != nil {
			continue
		}
		if public, ok := cert.PublicKey.(*ecdsa.PublicKey); ok {
			if k, err := ecdsa.ParseRawPrivateKey(public.Curve, key.Scalar); err == nil && k.PublicKey.Equal(public) {
				return k, nil
			}
		}
	}
	return nil, errors.New("no certificate has the curve")
}

func signWithOpenSSL(dir string, block *pem.Block, certificates []*pem.Block) error {
	text, signature := filepath.Join(dir, "text"), filepath.Join(dir, "signature")
	key, leaf := filepath.Join(dir, "key"), filepath.Join(dir, "leaf")
	if err := os.WriteFile(key, pem.EncodeToMemory(block), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(text, []byte(signedText), 0o600); err != nil {
		return err
	}
	with := []string{"-inkey", key}
	for _, c := range certificates {
		cert := chain.ParseCertificate(c.Bytes)
		if k := parseKey(block.Bytes, false); k.Fingerprint != "" && k.Fingerprint == spkiFingerprint(cert.RawSubjectPublicKeyInfo()) {
			if err := os.WriteFile(leaf, pem.EncodeToMemory(c), 0o600); err != nil {
				return err
			}
			with = []string{"-certin", "-inkey", leaf}
		}
	}
	if out, err := call(nil, "", "openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", text, "-out", signature); err != nil {
		return errors.New(failed(out, err).reason)
	}
	args := slices.Concat([]string{"pkeyutl", "-verify", "-rawin", "-in", text, "-sigfile", signature}, with)
	if out, err := call(nil, "", "openssl", args...); err != nil {
		return errors.New(failed(out, err).reason)
	}
	return nil
}

func openSSLVersion(t *testing.T) string {
	outside.Program(t, "openssl", "openssl")
	return strings.TrimSpace(run(t, "", "openssl", "version"))
}

// openSSLImporter takes files apart with the command pkcs12.
func openSSLImporter(name string, target Importer, options ...string) importer {
	return importer{name: name, target: target, version: openSSLVersion, run: func(t *testing.T, files []pfxFile) []imported {
		results := make([]imported, len(files))
		dirs := []string{t.TempDir(), t.TempDir()}
		inParallel(len(files), func(worker, i int) {
			args := slices.Concat([]string{"pkcs12", "-in", files[i].path, "-passin", "env:PFX_PASSWORD", "-nodes"}, options)
			out, err := call([]string{"PFX_PASSWORD=" + files[i].password}, "", "openssl", args...)
			if err != nil {
				results[i] = failed(out, err)
				return
			}
			results[i] = use(dirs[worker], pemBlocks(out, "PRIVATE KEY"), pemBlocks(out, "CERTIFICATE"))
		})
		return results
	}}
}

// gnuTLSImporter takes files apart with certtool, and uses the keys with OpenSSL.
var gnuTLSImporter = importer{
	name: "certtool", target: targetGnuTLS,
	version: func(t *testing.T) string {
		outside.Program(t, "certtool", "gnutls-bin")
		return strings.SplitN(run(t, "", "certtool", "--version"), "\n", 2)[0]
	},
	run: func(t *testing.T, files []pfxFile) []imported {
		results := make([]imported, len(files))
		dirs := []string{t.TempDir(), t.TempDir()}
		inParallel(len(files), func(worker, i int) {
			f := files[i]
			out, err := call(nil, "", "certtool", "--p12-info", "--inder", "--infile", f.path, "--password", f.password)
			if err != nil {
				results[i] = failed(out, err)
				return
			}
			secret := []string{"--password", f.password}
			if f.password == "" {
				secret = []string{"--empty-password"}
			}
			var keys []*pem.Block
			for _, block := range pemBlocks(out, "PRIVATE KEY") {
				plain, err := call(nil, string(pem.EncodeToMemory(block)), "certtool", append([]string{"--key-info", "--pkcs8"}, secret...)...)
				found := pemBlocks(plain, "PRIVATE KEY")
				if err != nil || len(found) != 1 {
					results[i] = failed(plain, err)
					results[i].broken = 1
					return
				}
				keys = append(keys, found[0])
			}
			results[i] = use(dirs[worker], keys, pemBlocks(out, "CERTIFICATE"))
		})
		return results
	},
}

// nssImporter imports each file into a fresh database, and has each key that has a
// certificate sign a request, which OpenSSL verifies.
var nssImporter = importer{
	name: "pk12util", target: targetNSS3100,
	version: func(t *testing.T) string {
		outside.Program(t, "pk12util", "libnss3-tools")
		outside.Program(t, "certutil", "libnss3-tools")
		return run(t, "", "dpkg-query", "-W", "-f", "NSS ${Version}", "libnss3-tools")
	},
	run: func(t *testing.T, files []pfxFile) []imported {
		results := make([]imported, len(files))
		empty := t.TempDir()
		run(t, "", "certutil", "-N", "-d", "sql:"+empty, "--empty-password")
		root := t.TempDir()
		inParallel(len(files), func(_, i int) {
			f := files[i]
			dir := filepath.Join(root, strconv.Itoa(i))
			if err := os.CopyFS(dir, os.DirFS(empty)); err != nil {
				results[i].reason = err.Error()
				return
			}
			secret := filepath.Join(dir, "password")
			if err := os.WriteFile(secret, []byte(f.password+"\n"), 0o600); err != nil {
				results[i].reason = err.Error()
				return
			}
			db := "sql:" + dir
			if out, err := call(nil, "", "pk12util", "-i", f.path, "-d", db, "-w", secret, "-K", ""); err != nil {
				results[i] = failed(out, err)
				return
			}
			keys, _ := call(nil, "", "certutil", "-K", "-d", db)
			for _, key := range nssKey.FindAllStringSubmatch(keys, -1) {
				request := filepath.Join(dir, "request")
				if strings.Contains(key[2], "(orphan)") {
					results[i].broken, results[i].reason = results[i].broken+1, "no certificate for the key"
					continue
				}
				if out, err := call(nil, "", "certutil", "-R", "-d", db, "-k", key[1], "-s", "CN=x", "-o", request, "-f", os.DevNull); err != nil {
					results[i].broken, results[i].reason = results[i].broken+1, failed(out, err).reason
					continue
				}
				leaf, err := call(nil, "", "certutil", "-L", "-d", db, "-n", strings.TrimSpace(key[2]), "-a")
				if err == nil {
					err = verifyRequest(request, pemBlocks(leaf, "CERTIFICATE"))
				}
				if err != nil {
					results[i].broken, results[i].reason = results[i].broken+1, failed(leaf, err).reason
					continue
				}
				results[i].works++
			}
			if results[i].works == 0 {
				list, _ := call(nil, "", "certutil", "-L", "-d", db)
				results[i].certificates = len(nssEntry.FindAllString(list, -1))
			}
		})
		return results
	},
}

// verifyRequest verifies that a certificate of that name is for the key that signed the
// certificate request in a file.
func verifyRequest(path string, certificates []*pem.Block) error {
	der, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(certificates) == 0 {
		return errors.New("no certificate for the key")
	}
	request, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return err
	}
	if err := request.CheckSignature(); err != nil && request.SignatureAlgorithm != x509.UnknownSignatureAlgorithm && !errors.Is(err, x509.ErrUnsupportedAlgorithm) {
		return err
	}
	for _, c := range certificates {
		leaf := chain.ParseCertificate(c.Bytes)
		if spkiFingerprint(request.RawSubjectPublicKeyInfo) == spkiFingerprint(leaf.RawSubjectPublicKeyInfo()) {
			return nil
		}
	}
	return errors.New("the certificate is of another key")
}

var (
	nssEntry = regexp.MustCompile(`(?m)[A-Za-z]*,[A-Za-z]*,[A-Za-z]*\s*$`)
	nssKey   = regexp.MustCompile(`(?m)^<[ 0-9]+> \w+ +([0-9a-f]+) +(.*)$`)
)

// gpgImporter imports each file with gpgsm into an empty home, and has the agent sign
// with each key that has a certificate.
var gpgImporter = importer{
	name: "gpgsm", target: targetGnuPG22,
	version: func(t *testing.T) string {
		outside.Program(t, "gpg-connect-agent", "gpg-agent and gpgconf")
		outside.Program(t, "gpgsm", "gpgsm")
		return strings.SplitN(run(t, "", "gpgsm", "--version"), "\n", 2)[0]
	},
	run: func(t *testing.T, files []pfxFile) []imported {
		results := make([]imported, len(files))
		var homes []string
		for range 2 {
			home, err := os.MkdirTemp("", "gnupg") // short: sockets are in it
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.RemoveAll(home) })
			t.Cleanup(func() { call([]string{"GNUPGHOME=" + home}, "", "gpgconf", "--kill", "all") })
			for name, text := range map[string]string{"gpg-agent.conf": "s2k-count 65536\nallow-loopback-pinentry\n", "gpgsm.conf": "disable-dirmngr\n"} {
				if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			homes = append(homes, home)
		}
		inParallel(len(files), func(worker, i int) {
			results[i] = importWithGPG(homes[worker], files[i])
		})
		return results
	},
}

func importWithGPG(home string, f pfxFile) imported {
	env := []string{"GNUPGHOME=" + home}
	for _, pattern := range []string{"pubring*", "private-keys-v1.d/*"} {
		names, _ := filepath.Glob(filepath.Join(home, pattern))
		for _, name := range names {
			os.Remove(name)
		}
	}
	said, err := call(env, f.password, "gpgsm", "--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--import", f.path)
	result := imported{reason: fmt.Sprint(err, said)} // the status speaks of certificates too
	all, _ := call(env, "", "gpgsm", "--batch", "--with-colons", "--list-keys")
	result.certificates = strings.Count(all, "\nfpr:")
	list, _ := call(env, "", "gpgsm", "--batch", "--with-colons", "--with-keygrip", "--list-secret-keys")
	paired := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^grp:+([0-9A-F]{40}):`).FindAllStringSubmatch(list, -1) {
		paired[m[1]] = true
	}
	names, _ := filepath.Glob(filepath.Join(home, "private-keys-v1.d", "*.key"))
	for _, name := range names {
		grip := strings.TrimSuffix(filepath.Base(name), ".key")
		if !paired[grip] {
			result.broken++
			continue
		}
		digest := sha256.Sum256([]byte(signedText))
		script := "/let pw " + f.password + "\n/definq PASSPHRASE pw\nOPTION pinentry-mode=loopback\nSIGKEY " + grip +
			"\nSETHASH --hash=sha256 " + hex.EncodeToString(digest[:]) + "\nPKSIGN\n/bye\n"
		out, err := call(env, script, "gpg-connect-agent")
		if err != nil || !strings.Contains(out, "sig-val") {
			result.broken, result.reason = result.broken+1, failed(out, err).reason
			continue
		}
		result.works++
	}
	return result
}

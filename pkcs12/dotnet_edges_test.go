package pkcs12

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/des"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"hash"
	"strings"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
	gopkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/smimechain/smimechain/pkcs12/internal/pkcs12kdf"
)

// An edge makes one of the files at the edges of .NET's limits.
type edge struct {
	t testing.TB

	mac           string // the digest; empty for SHA-256, "none" for no MAC
	macPassword   []byte // as the MAC takes it; nil for "secret"
	macIterations int

	password       string // of contents and keys
	noPassword     bool   // password is really empty
	keyPassword    string // if the key has its own
	keyIterations  int
	certIterations int // 0: the safe of the certificates is plain
	triple         bool
	prf            string // empty for SHA-256

	keys  [][]byte // PKCS #8
	certs [][]byte // DER
	// attributes of all certificates and of all keys; certLink and keyLink number them.
	certAttributes, keyAttributes func(i int) [][]byte
	safes                         int // in which the certificates lie
}

var edgeHashes = map[string]struct {
	new          func() hash.Hash
	digest, hmac string
}{
	"MD5":    {md5.New, "1.2.840.113549.2.5", ""},
	"SHA1":   {sha1.New, "1.3.14.3.2.26", "1.2.840.113549.2.7"},
	"SHA256": {sha256.New, "2.16.840.1.101.3.4.2.1", "1.2.840.113549.2.9"},
	"SHA384": {sha512.New384, "2.16.840.1.101.3.4.2.2", "1.2.840.113549.2.10"},
	"SHA512": {sha512.New, "2.16.840.1.101.3.4.2.3", "1.2.840.113549.2.11"},
}

func localKeyID(n byte) []byte { return attribute(oidLocalKeyID, octetString([]byte{n, 0, 0, 0})) }

func linked(int) [][]byte { return [][]byte{localKeyID(1)} }

// sealed encrypts with PBES2, AES-256-CBC, or with triple DES of PBES1.
func (e *edge) sealed(password string, iterations int, content []byte) (algorithm, ciphertext []byte) {
	e.t.Helper()
	if e.triple {
		derive := func(purpose, n int) []byte {
			key, err := pkcs12kdf.Key(context.Background(), sha1.New, bmpString(password), testSalt, iterations, purpose, n)
			if err != nil {
				e.t.Fatal(err)
			}
			return key
		}
		block, err := des.NewTripleDESCipher(derive(pkcs12kdf.ForKey, 24))
		if err != nil {
			e.t.Fatal(err)
		}
		n := des.BlockSize - len(content)%des.BlockSize
		out := append(bytes.Clone(content), bytes.Repeat([]byte{byte(n)}, n)...)
		cipher.NewCBCEncrypter(block, derive(pkcs12kdf.ForIV, 8)).CryptBlocks(out, out)
		return seq(object("1.2.840.113549.1.12.1.3"), seq(octetString(testSalt), integer(int64(iterations)))), out
	}
	prf := edgeHashes[e.prf]
	key, err := pbkdf2.Key(prf.new, password, testSalt, iterations, 32)
	if err != nil {
		e.t.Fatal(err)
	}
	return scheme(pbkdf2Parameters(int64(iterations), prf.hmac), aes256()), encryptAES(e.t, key, content)
}

func (e *edge) file() []byte {
	e.t.Helper()
	if e.password == "" && !e.noPassword {
		e.password = "secret"
	}
	if e.keyPassword == "" {
		e.keyPassword = e.password
	}
	if e.prf == "" {
		e.prf = "SHA256"
	}
	if e.mac == "" {
		e.mac = "SHA256"
	}
	if e.macPassword == nil {
		e.macPassword = bmpString(e.password)
	}
	var safes [][]byte
	var keys []byte
	for i, pkcs8 := range e.keys {
		algorithm, ciphertext := e.sealed(e.keyPassword, max(e.keyIterations, 1), pkcs8)
		keys = append(keys, bag(oidShroudedKeyBag, seq(algorithm, octetString(ciphertext)), e.keyAttributes(i)...)...)
	}
	if keys != nil {
		safes = append(safes, plainSafe(seq(keys)))
	}
	n := max(e.safes, 1)
	for s := range n {
		var certs []byte
		for i, der := range e.certs {
			if i*n/len(e.certs) == s {
				certs = append(certs, bag(oidCertBag, seq(object(oidX509Certificate), explicit(octetString(der))), e.certAttributes(i)...)...)
			}
		}
		if e.certIterations == 0 {
			safes = append(safes, plainSafe(seq(certs)))
		} else {
			safes = append(safes, safeOf(e.sealed(e.password, e.certIterations, seq(certs))))
		}
	}
	if e.mac == "none" {
		return pfx(safes...)
	}
	digest, iterations := edgeHashes[e.mac], max(e.macIterations, 1)
	h := hmac.New(digest.new, pkcs12Key(digest.new, e.macPassword, iterations, digest.new().Size()))
	h.Write(seq(safes...))
	return withMAC(seq(seq(seq(object(digest.digest), []byte{5, 0}), octetString(h.Sum(nil))), octetString(testSalt), integer(int64(iterations))), safes...)
}

// withSPKI returns a certificate with another public key, and a signature that no longer fits.
func withSPKI(t testing.TB, der, spki []byte) []byte {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	input := cryptobyte.String(cert.RawTBSCertificate)
	var tbs cryptobyte.String
	if !input.ReadASN1(&tbs, casn1.SEQUENCE) {
		t.Fatal("no TBSCertificate")
	}
	var fields []byte
	for !tbs.Empty() {
		var field cryptobyte.String
		var tag casn1.Tag
		if !tbs.ReadAnyASN1Element(&field, &tag) {
			t.Fatal("a field of the TBSCertificate")
		}
		if bytes.Equal(field, cert.RawSubjectPublicKeyInfo) {
			field = spki
		}
		fields = append(fields, field...)
	}
	return seq(seq(fields), seq(object("1.2.840.10045.4.3.2")), tlv(0x03, []byte{0}, cert.Signature))
}

// edges makes each file of the list, by its name there, and its password.
func edges(t testing.TB) map[string]func() ([]byte, string) {
	owner, other := alice(t), personWithKey(t, testKey(t, 9))
	pkcs8 := func(p *person) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(p.key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	key, cert := pkcs8(owner), owner.leaf.Raw
	made := map[string]func() ([]byte, string){}
	base := func() *edge {
		return &edge{t: t, keys: [][]byte{key}, certs: [][]byte{cert}, certIterations: 1, certAttributes: linked, keyAttributes: linked}
	}
	add := func(name string, change func(e *edge)) {
		made[name] = func() ([]byte, string) {
			e := base()
			change(e)
			file := e.file()
			return file, e.password
		}
	}
	none := func(int) [][]byte { return nil }
	repeat := func(der []byte, n int) (list [][]byte) {
		for range n {
			list = append(list, der)
		}
		return list
	}
	// others are keys that no certificate of the file is for.
	others := func(n int) (list [][]byte) {
		for i := range n {
			list = append(list, pkcs8(&person{key: testKey(t, uint64(1000+i))}))
		}
		return list
	}

	add("MAC 300000", func(e *edge) { e.macIterations = 300000 })
	add("MAC 300001", func(e *edge) { e.macIterations = 300001 })
	add("key 300000", func(e *edge) { e.keyIterations = 300000 })
	add("key 300001", func(e *edge) { e.keyIterations = 300001 })
	add("certs 300001", func(e *edge) { e.certIterations = 300001 })
	total := func(more int) func(e *edge) {
		return func(e *edge) {
			e.keyIterations, e.certIterations, e.macIterations = 250000+more, 250000, 300000
			e.certs, e.safes = repeat(cert, 3), 3
		}
	}
	add("total 1000000 (250000 key + 3 x 250000), MAC 300000", total(0))
	add("total 1000001", total(1))
	add("200 certs", func(e *edge) { e.certs = repeat(cert, 200) })
	add("201 certs", func(e *edge) { e.certs = repeat(cert, 201) })
	numbered := func(i int) [][]byte { return [][]byte{localKeyID(byte(i + 1))} }
	add("200 keys", func(e *edge) { e.keys, e.keyAttributes = append([][]byte{key}, others(199)...), numbered })
	add("201 keys", func(e *edge) { e.keys, e.keyAttributes = append([][]byte{key}, others(200)...), numbered })
	add("same certificate twice, same localKeyID", func(e *edge) { e.certs = repeat(cert, 2) })
	add("same certificate twice, no localKeyID", func(e *edge) { e.certs, e.certAttributes, e.keyAttributes = repeat(cert, 2), none, none })

	twice := func(int) [][]byte { return [][]byte{localKeyID(1), localKeyID(1)} }
	add("localKeyID attribute twice in the certificate bag", func(e *edge) { e.certAttributes = twice })
	add("localKeyID attribute twice in the key bag", func(e *edge) { e.keyAttributes = twice })
	add("localKeyID with two values in the certificate bag", func(e *edge) {
		e.certAttributes = func(int) [][]byte {
			return [][]byte{seq(object(oidLocalKeyID), setOf(octetString([]byte{1, 0, 0, 0}), octetString([]byte{2, 0, 0, 0})))}
		}
	})
	add("friendlyName attribute twice in the certificate bag", func(e *edge) {
		name := attribute(oidFriendlyName, tlv(0x1e, []byte("\x00a")))
		e.certAttributes = func(int) [][]byte { return [][]byte{localKeyID(1), name, name} }
	})

	null, empty := []byte{}, []byte{0, 0}
	for name, mac := range map[string][]byte{
		"MAC and all with password null, opened with null": null, "MAC and all with password null, opened with empty": null,
		"MAC and all with password empty, opened with null": empty, "MAC and all with password empty, opened with empty": empty,
		"MAC null, contents empty, opened with empty": null, "MAC null, contents empty, opened with null": null,
	} {
		add(name, func(e *edge) { e.noPassword, e.macPassword = true, mac })
	}
	add("key has another password, localKeyID", func(e *edge) { e.keyPassword = "another" })
	add("key has another password, no localKeyID on the certificate", func(e *edge) { e.keyPassword, e.certAttributes = "another", none })
	add("key has another password, no MAC", func(e *edge) { e.keyPassword, e.mac = "another", "none" })
	add("localKeyID to the wrong key although the right key is there", func(e *edge) {
		e.keys, e.keyAttributes = [][]byte{pkcs8(other), key}, numbered
	})
	add("no localKeyID, wrong key first", func(e *edge) {
		e.keys, e.keyAttributes, e.certAttributes = [][]byte{pkcs8(other), key}, none, none
	})
	add("password with an embedded NUL", func(e *edge) { e.password = "sec\x00ret" })
	add("password of 500 characters", func(e *edge) { e.password = strings.Repeat("0123456789", 50) })

	ed := personWithKey(t, ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	add("Ed25519 with localKeyID", func(e *edge) { e.keys, e.certs = [][]byte{pkcs8(ed)}, [][]byte{ed.leaf.Raw} })
	add("Ed25519 without localKeyID", func(e *edge) {
		e.keys, e.certs, e.certAttributes, e.keyAttributes = [][]byte{pkcs8(ed)}, [][]byte{ed.leaf.Raw}, none, none
	})
	for name, k := range map[string]struct {
		oid             string
		private, public int
	}{"Ed448": {"1.3.101.113", 57, 57}, "ML-DSA-65": {"2.16.840.1.101.3.4.3.18", 4032, 1952}, "SLH-DSA-SHA2-128S": {"2.16.840.1.101.3.4.3.20", 64, 32}} {
		keys := [][]byte{seq(integer(0), seq(object(k.oid)), octetString(octetString(make([]byte, k.private))))}
		certs := [][]byte{withSPKI(t, cert, seq(seq(object(k.oid)), tlv(0x03, make([]byte, 1+k.public))))}
		add(name+" with localKeyID", func(e *edge) { e.keys, e.certs = keys, certs })
		add(name+" without localKeyID", func(e *edge) { e.keys, e.certs, e.certAttributes, e.keyAttributes = keys, certs, none, none })
	}

	for name, encoder := range map[string]*gopkcs12.Encoder{"Export": gopkcs12.LegacyDES, "ExportPkcs12-default": gopkcs12.LegacyDES,
		"ExportPkcs12-3des": gopkcs12.LegacyDES, "ExportPkcs12-aes256": gopkcs12.Modern2023} {
		made["written by .NET: "+name] = func() ([]byte, string) { return owner.encode(t, encoder, "secret"), "secret" }
	}
	for _, digest := range []string{"MD5", "SHA384", "SHA512"} {
		add("MAC "+digest, func(e *edge) { e.keys, e.mac = nil, digest })
		if digest != "MD5" {
			add("PRF "+digest, func(e *edge) { e.keys, e.prf = nil, digest })
		}
	}
	for name, iterations := range map[string]int{"600000": 600000, "600001": 600001} {
		add("certificates 3DES (PBES1) "+name, func(e *edge) { e.triple, e.certIterations = true, iterations })
		add("certificates AES (PBES2) "+name, func(e *edge) { e.certIterations = iterations })
	}

	const rsaEncryption, rsaPSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
	private := testRSA(t)
	info := seq(seq(object(rsaPSS)), tlv(0x03, []byte{0}, x509.MarshalPKCS1PublicKey(&private.PublicKey)))
	pss := [][]byte{withSPKI(t, cert, info)}
	for name, oid := range map[string]string{"RSASSA-PSS": rsaPSS, "rsaEncryption": rsaEncryption} {
		parameters := []byte{5, 0}
		if oid == rsaPSS {
			parameters = nil
		}
		keys := [][]byte{seq(integer(0), seq(object(oid), parameters), octetString(x509.MarshalPKCS1PrivateKey(private)))}
		add("PSS certificate, key as "+name+", with localKeyID", func(e *edge) { e.keys, e.certs = keys, pss })
		add("PSS certificate, key as "+name+", without localKeyID", func(e *edge) {
			e.keys, e.certs, e.certAttributes, e.keyAttributes = keys, pss, none, none
		})
	}
	return made
}

// TestDotNetEdges makes the files at the edges of .NET's limits, and of shapes that the
// corpus lacks, and holds the row of .NET to what .NET did with each.
func TestDotNetEdges(t *testing.T) {
	made := edges(t)
	seen := 0
	for _, row := range manifest(t, "dotnet/dotnet-pfx-edges.tsv") {
		name := row["case"]
		make := made[name]
		if make == nil {
			t.Errorf("%q is not made", name)
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			file, password := make()
			r, err := Inspect(file, password)
			if err != nil {
				t.Fatal(err)
			}
			want := No
			if strings.HasSuffix(row["result"], "with key, signs") || len(r.Identities) == 0 && strings.HasSuffix(row["result"], ", 0 with key") {
				want = Yes
			}
			v := r.Compatible(targetDotNet9)
			if v.Answer != want {
				t.Errorf("%v, but %s; reasons %v; findings %v", v.Answer, row["result"], v.Reasons, codes(r))
			}
			if _, property, limited := strings.Cut(row["result"], "Pkcs12LoadLimitExceededException: "); limited && !strings.Contains(sentences(v), property) {
				t.Errorf("the reasons do not name %s: %v", property, v.Reasons)
			}
		})
	}
	if seen != 55 || len(made) != 55 {
		t.Errorf("%d of %d files compared", seen, len(made))
	}
}

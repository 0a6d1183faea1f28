package bundle_test

import (
	"bytes"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

// fuzzReader fuzzes the reader of one form: what begins it is set anew in every input, so
// that none leads elsewhere.
func fuzzReader(f *testing.F, begins string, seeds ...[]byte) {
	f.Helper()
	for _, s := range seeds {
		if !bytes.HasPrefix(s, []byte(begins)) {
			f.Fatalf("a seed does not begin with %q", begins)
		}
		f.Add(s[len(begins):])
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzParse(t, append([]byte(begins), data...)) })
}

// certificatesOnly is a message of PKCS #7 that other forms carry.
func certificatesOnly(f *testing.F) []byte {
	f.Helper()
	p7b, err := pkcs7.New(chain.FromX509(certificate(f, "issuing-ca"))).Marshal()
	if err != nil {
		f.Fatal(err)
	}
	return p7b
}

func FuzzOutlookMessage(f *testing.F) {
	p7b := certificatesOnly(f)
	fuzzReader(f, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
		outlookFile("IPM.Note.SMIME", "a@example.com", attachment("smime.p7m", p7b)),
		outlookFile("IPM.Note", "a@example.com", storage{"__substg1.0_3701000D": outlookStorage("IPM.Note.SMIME", "b@example.com", attachment("smime.p7m", p7b))}),
		outlookFile("IPM.Note", "a@example.com"),
	)
}

func FuzzTNEF(f *testing.F) {
	p7b := string(certificatesOnly(f))
	fuzzReader(f, "\x78\x9f\x3e\x22", tnef("smime.p7m", p7b), tnef("a", "b", "c", p7b), tnef("winmail.dat", string(tnef("smime.p7m", p7b))), tnef())
}

func FuzzMbox(f *testing.F) {
	const part = "From a\nFrom: a@example.com\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
	fuzzReader(f, "From a\n", []byte(part+"MIIB\n\n"+part+"MIIB\n"), []byte("From a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n>From c\n\nFrom d\n--b--\n"), []byte("From a\n"))
}

func FuzzLDIF(f *testing.F) {
	fuzzReader(f, "dn: cn=a\n", []byte("dn: cn=a\nmail: a@example.com\nuserCertificate;binary:: MIIB\n AgMB\n\ndn:: Y249Yg==\nchangetype: modify\nadd: userSMIMECertificate\nuserSMIMECertificate:< file:///a\n-\n"),
		[]byte("dn: cn=a\n#\n c\ncACertificate:: %%%\n"))
}

func FuzzVCard(f *testing.F) {
	fuzzReader(f, "BEGIN:VCARD\n", []byte("BEGIN:VCARD\nVERSION:3.0\nFN:A\nitem1.EMAIL;TYPE=work:a@example.com\nKEY;ENCODING=B;TYPE=X509:MIIB\n AgMB\nEND:VCARD\n"),
		[]byte("BEGIN:VCARD\nKEY:data:application/pkix-cert;base64,MIIB\nKEY:data:application/pkix-cert,%30%82\nEND:VCARD\nBEGIN:VCARD\nKEY:http://example.com/a\nEND:VCARD\n"))
}

func FuzzZIP(f *testing.F) {
	p7b := certificatesOnly(f)
	fuzzReader(f, "PK\x03\x04", zipOf(f, "a.p7b", p7b), zipOf(f, "in.zip", zipOf(f, "b.p7b", p7b), "../c.txt", []byte("x")), zipOf(f, "d/", []byte{}, "d/e.p7b", p7b))
}

func FuzzTarAndGzip(f *testing.F) {
	p7b := certificatesOnly(f)
	tar := tarred(f, "a.p7b", p7b)
	for _, s := range [][]byte{tar, gzipped(f, "", tar), gzipped(f, "a.p7b", p7b), tarred(f, "in.tgz", gzipped(f, "", tar))} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bundle.IsTar(data) {
			fuzzParse(t, data)
		}
	})
}

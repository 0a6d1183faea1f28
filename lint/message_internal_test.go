package lint

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
	"github.com/smimechain/smimechain/lint/say"
	"github.com/smimechain/smimechain/pkcs12"
	"github.com/smimechain/smimechain/pkcs12/pkcs7"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// mailCertificate makes a certificate that is valid for a year before noon and one after.
func mailCertificate(t *testing.T, number int64, addresses ...string) *chain.Certificate {
	t.Helper()
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: fmt.Sprint("signer ", number)}, EmailAddresses: addresses,
		NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return chain.ParseCertificate(der)
}

// answered returns what an answer says, in one line.
func answered(a NeedAnswer) string {
	var list []string
	for _, m := range append(a.Evidence, a.Decide...) {
		list = append(list, m.String())
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s: %s", a.State, a.Code, strings.Join(list, "; ")))
}

// goodAt is a good signature of a certificate, made at a time.
func goodAt(c *chain.Certificate, at time.Time) bundle.Signature {
	return bundle.Signature{Verification: pkcs7.Verification{
		Info: &pkcs7.SignerInfo{SigningTime: at, Digest: pkcs7.Algorithm{Name: "sha256"}, Signature: pkcs7.Algorithm{Name: "ECDSA"}}, Certificate: c,
		Content: pkcs7.Good, Signature: pkcs7.Good,
	}}
}

// signedFile is a file of messages, each with its signatures.
func signedFile(certs []*chain.Certificate, messages ...[]bundle.Signature) *Collection {
	f := &bundle.File{Name: "m.eml", Signed: true}
	for _, c := range certs {
		f.Certificates = append(f.Certificates, bundle.Certificate{Certificate: c})
	}
	for _, signatures := range messages {
		f.Messages = append(f.Messages, bundle.MailMessage{Layers: []bundle.Layer{{Kind: bundle.LayerSigned, Signatures: signatures}}})
	}
	c := &Collection{Name: "m.eml", call: []*bundle.File{f}}
	c.add(f)
	return c
}

// TestTimeOfSignature holds when certificates of messages are judged: when they signed, or
// when the first signature was made, by those that are good and have a time that has come.
func TestTimeOfSignature(t *testing.T) {
	a, b := mailCertificate(t, 1), mailCertificate(t, 2)
	early, late, future := noon.AddDate(0, -2, 0), noon.AddDate(0, -1, 0), noon.Add(time.Second)
	wrong := goodAt(a, early)
	wrong.Content = pkcs7.Wrong
	type list = []bundle.Signature
	for _, tt := range []struct {
		name     string
		messages []list
		a, b     time.Time
	}{
		{"none", nil, noon, noon},
		{"of one", []list{{goodAt(a, early)}}, early, early},
		{"of each", []list{{goodAt(a, early), goodAt(b, late)}}, early, late},
		{"of each, in two messages", []list{{goodAt(b, late)}, {goodAt(a, early)}}, early, late},
		{"twice of one", []list{{goodAt(a, late)}, {goodAt(a, early)}}, late, late},
		{"without a time", []list{{goodAt(a, time.Time{})}}, noon, noon},
		{"just now", []list{{goodAt(a, noon)}}, noon, noon},
		{"to come", []list{{goodAt(a, future)}}, noon, noon},
		{"to come, and another", []list{{goodAt(a, future), goodAt(b, early)}}, early, early},
		{"that is not good", []list{{wrong}}, noon, noon},
		{"of nobody who is there", []list{{{Verification: pkcs7.Verification{Info: new(pkcs7.SignerInfo)}}, goodAt(a, early)}}, early, early},
	} {
		c := signedFile([]*chain.Certificate{a, b}, tt.messages...)
		p := &Pass{Time: noon, Collection: c, Facts: new(Facts)}
		for range 2 { // looked up, and once more
			if got := p.timeOf(c.Members[0]); !got.Equal(tt.a) {
				t.Errorf("%s: the first at %s, want %s", tt.name, got, tt.a)
			}
			if got := p.timeOf(c.Members[1]); !got.Equal(tt.b) {
				t.Errorf("%s: the second at %s, want %s", tt.name, got, tt.b)
			}
		}
		c.Files[0].Signed = false
		if got := (&Pass{Time: noon, Collection: c}).timeOf(c.Members[0]); !got.Equal(noon) {
			t.Errorf("%s, and no message: %s", tt.name, got)
		}
	}
	for _, tt := range []struct {
		signed, end time.Time
		ahead       time.Duration
		want        bool
	}{
		{early, early, 0, false}, {early, early.Add(-time.Second), 0, true}, {early, early.Add(time.Second), 24 * time.Hour, false},
		{time.Time{}, noon, 0, false}, {time.Time{}, noon.Add(-time.Second), 0, true}, {time.Time{}, noon.Add(time.Second), 24 * time.Hour, true},
	} {
		c := signedFile([]*chain.Certificate{a}, list{goodAt(a, tt.signed)})
		if got := (&Pass{Time: noon, Ahead: tt.ahead, Collection: c}).expiredFor(c.Members[0], tt.end); got != tt.want {
			t.Errorf("signed at %s, valid until %s: expired %t", tt.signed, tt.end, got)
		}
	}
}

// TestUnchanged holds what is said of a signature, by what its verification came to.
func TestUnchanged(t *testing.T) {
	c := mailCertificate(t, 1)
	changed := func(change func(*bundle.Signature)) *bundle.Signature {
		s := goodAt(c, noon)
		s.Info.Signer = pkcs7.Identifier{Issuer: c.RawIssuer(), Serial: c.SerialNumber()}
		change(&s)
		return &s
	}
	why := say.New("it is not")
	absent := func(s *bundle.Signature) {
		s.Certificate, s.Signature, s.SignatureWhy = nil, pkcs7.Unchecked, why
	}
	const unchecked = "unknown signature_unchecked: "
	for _, tt := range []struct {
		name      string
		signature *bundle.Signature
		want      string
	}{
		{"none", nil, unchecked + "the signature of the message was not verified"},
		{"good", changed(func(*bundle.Signature) {}), "met : ECDSA with sha256, signed on 2026-11-22 12:00:00 UTC"},
		{"good, without a time", changed(func(s *bundle.Signature) { s.Info.SigningTime = time.Time{} }), "met : ECDSA with sha256"},
		{"another text", changed(func(s *bundle.Signature) { s.Content, s.ContentWhy = pkcs7.Wrong, why }), "failed : the text: it is not"},
		{"another text, and another key", changed(func(s *bundle.Signature) {
			s.Content, s.ContentWhy, s.Signature = pkcs7.Wrong, why, pkcs7.Wrong
		}), "failed : the text: it is not"},
		{"another key", changed(func(s *bundle.Signature) { s.Signature, s.SignatureWhy = pkcs7.Wrong, why }), "failed : the signature: it is not"},
		{"good, in a way that is not known", changed(func(s *bundle.Signature) { s.Info.Signature.Name, s.Info.Hash = "RSASSA-PSS", "sha256" }), "unknown reader: whether Windows reads RSASSA-PSS sha256 is not known here"},
		{"another text, in a way that is not known", changed(func(s *bundle.Signature) {
			s.Content, s.ContentWhy, s.Info.Digest.Name = pkcs7.Wrong, why, "sha3-256"
		}), "failed : the text: it is not"},
		{"no text, in a way that is not known", changed(func(s *bundle.Signature) {
			s.Content, s.ContentWhy, s.Info.Digest.Name = pkcs7.Unchecked, why, "sha3-256"
		}), unchecked + "it is not"},
		{"no text", changed(func(s *bundle.Signature) { s.Content, s.ContentWhy = pkcs7.Unchecked, why }), unchecked + "it is not"},
		{"no text, as the signature cannot be read", changed(func(s *bundle.Signature) {
			s.Content, s.Signature, s.SignatureWhy = pkcs7.Unchecked, pkcs7.Unchecked, why
		}), unchecked + "it is not"},
		{"no certificate", changed(func(s *bundle.Signature) { absent(s); s.Info.Signer.Serial = []byte{9} }), unchecked + "it is not"},
		{"a certificate that says nothing more", changed(absent), unchecked + "it is not"},
		{"what cannot be read", changed(func(s *bundle.Signature) { absent(s); s.Info.Err = errors.New("damaged") }), unchecked + "it is not"},
	} {
		p := &Pass{Target: Windows, Time: noon, Collection: signedFile([]*chain.Certificate{c})}
		if got := answered(p.unchanged(&subject{signature: tt.signature})); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if got := p.unchanged(&subject{signature: tt.signature, encrypted: new(pkcs7.Encrypted)}); got.State != "" {
			t.Errorf("%s, of what is encrypted: %s", tt.name, answered(got))
		}
	}
}

// TestSignerElsewhere holds that nothing is made of a certificate with which nothing more is
// known: here the text would be needed again.
func TestSignerElsewhere(t *testing.T) {
	c := mailCertificate(t, 1)
	for _, tt := range []struct {
		name  string
		certs []bundle.Certificate
		err   error
	}{
		{"the certificate", []bundle.Certificate{{Certificate: c}}, nil},
		{"behind others", []bundle.Certificate{{Certificate: new(chain.Certificate)}, {Certificate: mailCertificate(t, 2)}, {Certificate: c}}, nil},
		{"none", nil, nil},
		{"what cannot be read", []bundle.Certificate{{Certificate: c}}, errors.New("damaged")},
	} {
		s := goodAt(c, noon)
		s.Info.Signer, s.Info.Err = pkcs7.Identifier{Issuer: c.RawIssuer(), Serial: c.SerialNumber()}, tt.err
		s.Certificate, s.Signature, s.SignatureWhy = nil, pkcs7.Unchecked, say.New("it is not")
		collection := signedFile(nil, []bundle.Signature{s})
		collection.call = append(collection.call, &bundle.File{Name: "b.cer", Certificates: tt.certs})
		collection.seekSigners()
		if len(collection.Members)+len(collection.signedWith) != 0 {
			t.Errorf("%s: %+v", tt.name, collection.signedWith)
		}
	}
}

// TestFromSigner holds who of several signers counts, and what is said where none can be
// asked.
func TestFromSigner(t *testing.T) {
	const anna, boss = "anna@example.com", "boss@example.com"
	ofAnna, ofBoss, ofNobody := mailCertificate(t, 1, anna), mailCertificate(t, 2, boss), mailCertificate(t, 3)
	good := func(c *chain.Certificate) bundle.Signature { return goodAt(c, noon) }
	bad := func(c *chain.Certificate) bundle.Signature {
		s := goodAt(c, noon)
		s.Signature = pkcs7.Wrong
		return s
	}
	type list = []bundle.Signature
	type addresses = []string
	for _, tt := range []struct {
		name         string
		from, sender addresses
		signer       *chain.Certificate
		others       list
		want         string
	}{
		{"the signer", addresses{anna}, nil, ofAnna, nil, "met : From: anna@example.com"},
		{"another", addresses{boss}, nil, ofAnna, nil, "failed : From: boss@example.com; the certificate is for anna@example.com"},
		{"another who signed", addresses{boss}, nil, ofAnna, list{good(ofBoss)}, "met : From: boss@example.com, which another signer has"},
		{"another who signed, whoever came last", addresses{boss}, nil, ofAnna, list{good(ofBoss), good(ofNobody)}, "met : From: boss@example.com, which another signer has"},
		{"another whose signature is wrong", addresses{boss}, nil, ofAnna, list{bad(ofBoss)}, "failed : From: boss@example.com; the certificate is for anna@example.com"},
		{"another whose certificate is not there", addresses{boss}, nil, ofAnna, list{good(nil)}, "failed : From: boss@example.com; the certificate is for anna@example.com"},
		{"no address", addresses{anna}, nil, ofNobody, nil, "failed : From: anna@example.com; the certificate holds no address"},
		{"no certificate", addresses{anna}, nil, nil, nil, "unknown unseen: the certificate of the signer, which says whether it has the address anna@example.com"},
		{"both have signed", addresses{anna, boss}, nil, ofAnna, list{good(ofBoss)}, "met : From: anna@example.com, boss@example.com"},
		{"one has signed", addresses{anna, boss}, nil, ofAnna, nil, "unknown no_address: From: anna@example.com, boss@example.com; the certificate is for one of them, and the message does not say who sent it"},
		{"one has signed and sent", addresses{anna, boss}, addresses{anna}, ofAnna, nil, "met : From: anna@example.com, boss@example.com"},
		{"one has signed, the other sent", addresses{anna, boss}, addresses{boss}, ofAnna, nil, "unknown no_address: From: anna@example.com, boss@example.com; the certificate is for one of them, and the message does not say who sent it"},
		{"who sent it for another", addresses{boss}, addresses{anna}, ofAnna, nil, "met : Sender: anna@example.com; From: boss@example.com"},
		{"neither is there", addresses{boss}, addresses{boss}, ofAnna, nil, "failed : From: boss@example.com; the certificate is for anna@example.com"},
		{"of nobody", nil, nil, ofAnna, nil, "unknown no_address: the message does not say whom it is from"},
	} {
		m := &bundle.MailMessage{From: tt.from, Sender: tt.sender, Layers: []bundle.Layer{{Kind: bundle.LayerSigned, Signatures: append(list{good(tt.signer)}, tt.others...)}}}
		s := &subject{message: m, signature: &m.Layers[0].Signatures[0]}
		c := &Collection{Files: []*bundle.File{{Messages: []bundle.MailMessage{{From: addresses{anna}}}}}} // another of which it is known
		if tt.signer != nil {
			s.member = &Member{Certificate: tt.signer}
		}
		p := &Pass{Time: noon, Collection: c, Facts: new(Facts)}
		if got := answered(p.fromSigner(s)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if tt.from == nil { // a part that comes from nobody: as any other certificate
			c.Files[0].Messages[0].From = nil
			for what, s := range map[string]*subject{"a part": s, "no message": {member: s.member}} {
				if got := answered(p.fromSigner(s)); !strings.HasPrefix(got, "assumed : the mailbox has the address anna@example.com") {
					t.Errorf("%s: %s", what, got)
				}
			}
		}
		if tt.from == nil { // a message of its own that says it of none
			c.Files[0].Format = bundle.Mail
			if got := answered(p.fromSigner(s)); got != tt.want {
				t.Errorf("a message: %s, want %s", got, tt.want)
			}
		}
		s.encrypted = new(pkcs7.Encrypted)
		if got := p.fromSigner(s); got.State != "" {
			t.Errorf("%s, of what is encrypted: %s", tt.name, answered(got))
		}
	}
	unseen := &subject{message: &bundle.MailMessage{From: addresses{anna}}, member: new(Member)}
	if got := (&Pass{Collection: signedFile(nil)}).fromSigner(unseen); got.Code != codeUnseen {
		t.Errorf("a certificate that cannot be decoded: %s", answered(got))
	}
}

// TestValidWhenSigned holds how the dates of a certificate are judged, each at its limit.
func TestValidWhenSigned(t *testing.T) {
	c := mailCertificate(t, 1)
	from, to := c.NotBefore(), c.NotAfter()
	member := &Member{Certificate: c}
	wrong := goodAt(c, from)
	wrong.Signature = pkcs7.Wrong
	for _, tt := range []struct {
		name      string
		signature bundle.Signature
		member    *Member
		now       time.Time
		want      State
		code      Code
		signed    bool // it is said when it was signed
	}{
		{"in between", goodAt(c, noon), member, noon, Met, "", true},
		{"on the first day", goodAt(c, from), member, noon, Met, "", true},
		{"before it", goodAt(c, from.Add(-time.Second)), member, noon, Failed, "", true},
		{"on the last day", goodAt(c, to), member, to, Met, "", true},
		{"after it", goodAt(c, to.Add(time.Second)), member, to.AddDate(1, 0, 0), Failed, "", true},
		{"expired since", goodAt(c, noon), member, to.Add(time.Second), Open, codeExpiredSince, true},
		{"to come", goodAt(c, noon.Add(time.Second)), member, noon, Met, "", false},
		{"not good", wrong, member, noon, Met, "", false},
		{"not good, and expired", wrong, member, to.Add(time.Second), Failed, "", false},
		{"dates that cannot be read", goodAt(c, noon), new(Member), noon, Open, codeUnreadable, false},
	} {
		p := &Pass{Time: tt.now, Collection: &Collection{Members: []*Member{member}}}
		a := p.validWhenSigned(&subject{member: tt.member, signature: &tt.signature})
		if a.State != tt.want || a.Code != tt.code || strings.Contains(answered(a), "signed") != tt.signed {
			t.Errorf("%s: %s", tt.name, answered(a))
		}
		a = p.validWhenSigned(&subject{signature: &tt.signature})
		if strings.Contains(answered(a), "signed") {
			t.Errorf("%s, of nobody: %s", tt.name, answered(a))
		}
	}
}

// recipientWho makes a recipient of a kind.
func recipientWho(t *testing.T, of func(*pkcs7.Recipient) bool) pkcs7.Recipient {
	t.Helper()
	for kind := range pkcs7.RecipientKind(10) {
		if r := (pkcs7.Recipient{Kind: kind}); kind > 0 && of(&r) {
			return r
		}
	}
	t.Fatal("no such recipient")
	return pkcs7.Recipient{}
}

// TestWanted holds what is asked for to open a message, by how its key reaches recipients.
func TestWanted(t *testing.T) {
	password := recipientWho(t, (*pkcs7.Recipient).ByPassword)
	shared := recipientWho(t, func(r *pkcs7.Recipient) bool { return !r.ByPassword() && !r.ByCertificate() })
	anna := recipientWho(t, (*pkcs7.Recipient).ByCertificate)
	c := mailCertificate(t, 1)
	anna.Identifier = pkcs7.Identifier{Issuer: c.RawIssuer(), Serial: c.SerialNumber()}
	named := "give the PFX with " + anna.Identifier.String()
	const byPassword, byKey = "its password, which the sender has to tell", "the key that both sides share"
	message := &bundle.File{Name: "m.eml", Certificates: []bundle.Certificate{{Certificate: c}}} // which does not open itself
	closed := &bundle.File{Name: "id.pfx", PFX: &pkcs12.Inspection{Password: pkcs12.Password{Status: pkcs12.PasswordWrong}}}
	other := &bundle.File{Name: "other.cer", Certificates: []bundle.Certificate{{Certificate: mailCertificate(t, 2)}, {Certificate: new(chain.Certificate)}}}
	own := &bundle.File{Name: "own.cer", Certificates: []bundle.Certificate{{Certificate: c}}}
	keyless := `the private key of "signer 1": give the PFX of the certificate in own.cer`
	for _, tt := range []struct {
		name       string
		recipients []pkcs7.Recipient
		files      []*bundle.File
		want       string
	}{
		{"nobody", nil, nil, "the key: the message names no recipient"},
		{"a certificate", []pkcs7.Recipient{anna}, nil, named},
		{"a password", []pkcs7.Recipient{password}, nil, byPassword},
		{"a shared key", []pkcs7.Recipient{shared}, nil, byKey},
		{"three", []pkcs7.Recipient{anna, password, shared}, nil, named + "; " + byPassword + "; " + byKey},
		{"as many as are listed", repeat(password, maxListed), nil, strings.Repeat("; "+byPassword, maxListed)[2:]},
		{"one more", repeat(password, maxListed+1), nil, strings.Repeat("; "+byPassword, maxListed)[2:] + "; 1 more recipient"},
		{"two more", repeat(password, maxListed+2), nil, strings.Repeat("; "+byPassword, maxListed)[2:] + "; 2 more recipients"},
		{"what stayed closed", []pkcs7.Recipient{anna}, []*bundle.File{closed}, named + "; id.pfx, which was not opened"},
		{"another certificate", []pkcs7.Recipient{anna}, []*bundle.File{other}, named + "; the 1 certificate given is of no recipient"},
		{"other certificates", []pkcs7.Recipient{anna}, []*bundle.File{other, other}, named + "; none of the 2 certificates given is of a recipient"},
		{"a certificate that is not for certificates", []pkcs7.Recipient{{Kind: password.Kind, Identifier: anna.Identifier}}, []*bundle.File{own}, byPassword + "; the 1 certificate given is of no recipient"},
		{"its certificate", []pkcs7.Recipient{anna}, []*bundle.File{own}, keyless},
		{"its certificate, beside what stayed closed", []pkcs7.Recipient{anna}, []*bundle.File{closed, own}, keyless + "; id.pfx, which was not opened"},
	} {
		p := &Pass{Collection: &Collection{Files: []*bundle.File{message}, call: append([]*bundle.File{message}, tt.files...)}}
		a := p.openedBy(&subject{encrypted: &pkcs7.Encrypted{Recipients: tt.recipients}})
		code := codeRecipientNotGiven
		if strings.HasPrefix(tt.want, keyless) {
			code = codeKeyNotGiven
		}
		if got, want := answered(a), fmt.Sprintf("unknown %s: %s", code, tt.want); got != want {
			t.Errorf("%s: %s, want %s", tt.name, got, want)
		}
	}
	if got := new(Pass).openedBy(new(subject)); got.State != "" {
		t.Errorf("of what is not encrypted: %s", answered(got))
	}
}

func repeat[T any](v T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// TestLacksCollection holds for whom a message needs the collection of the tenant.
func TestLacksCollection(t *testing.T) {
	stores := []*chain.Certificate{mailCertificate(t, 1)}
	for _, tt := range []struct {
		target Target
		signed bool
		stores []*chain.Certificate
		want   bool
	}{
		{ExchangeOnline, true, nil, true}, {ExchangeOnline, true, stores, false}, {ExchangeOnline, false, nil, false}, {Windows, true, nil, false},
	} {
		c := signedFile(nil)
		c.Files[0].Signed, c.stores = tt.signed, tt.stores
		if got := (&Pass{Target: tt.target, Collection: c}).lacksCollection(); got != tt.want {
			t.Errorf("%s, signed %t, %d of stores: %t", tt.target, tt.signed, len(tt.stores), got)
		}
	}
}

// TestReadsMessage holds what a target reads: each algorithm once, and the worst decides.
func TestReadsMessage(t *testing.T) {
	ways := func(names ...string) []pkcs7.Recipient {
		var list []pkcs7.Recipient
		for _, n := range names {
			list = append(list, pkcs7.Recipient{Algorithm: pkcs7.Algorithm{Name: n}})
		}
		return list
	}
	var many []string
	for i := range maxListed {
		many = append(many, fmt.Sprint("new", i))
	}
	unknown := func(names ...string) string {
		var list []string
		for _, n := range names {
			list = append(list, "whether "+Thunderbird.Title().String()+" reads "+n+" is not known here")
		}
		return "unknown reader: " + strings.Join(list, "; ")
	}
	for _, tt := range []struct {
		name   string
		cipher string
		auth   bool
		keys   []pkcs7.Recipient
		want   string
	}{
		{"known", "aes256-cbc", false, ways("rsaEncryption"), "met : aes256-cbc; rsaEncryption"},
		{"for several", "aes256-cbc", false, ways("rsaEncryption", "RSA-OAEP sha1", "rsaEncryption"), "met : aes256-cbc; rsaEncryption; RSA-OAEP sha1"},
		{"another cipher", "new-cbc", false, ways("rsaEncryption"), unknown("new-cbc")},
		{"another way of the key", "aes256-cbc", false, ways("rsaEncryption", "new"), unknown("new")},
		{"with parameters", "aes256-cbc, 128 bits", false, ways("dhSinglePass-stdDH-sha1kdf, aes128-wrap"), "met : aes256-cbc, 128 bits; dhSinglePass-stdDH-sha1kdf, aes128-wrap"},
		{"no names", "", false, ways(""), "met :"},
		{"another form", "aes256-gcm", true, ways("rsaEncryption"), "failed : " + Thunderbird.Title().String() + " does not read AuthEnvelopedData"},
		{"as many ways as are listed, and one", "aes256-cbc", false, ways(append(append([]string{""}, many...), "one more", "rsaEncryption")...), unknown(many...)},
	} {
		e := &pkcs7.Encrypted{Cipher: pkcs7.Algorithm{Name: tt.cipher}, Recipients: tt.keys}
		if tt.auth {
			e.ContentType = "1.2.840.113549.1.9.16.1.23"
		}
		if got := answered((&Pass{Target: Thunderbird}).readsMessage(&subject{encrypted: e})); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := (&Pass{Target: Thunderbird}).readsMessage(new(subject)); got.State != "" {
		t.Errorf("of what is not encrypted: %s", answered(got))
	}
}

package deploy

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/chain"
	"github.com/smimechain/smimechain/chain/bundle"
)

// TestSeparatorOf holds what separates the fields of a list: what Excel's line says, if that
// is one of three, or what the first line has most of.
func TestSeparatorOf(t *testing.T) {
	for text, want := range map[string]string{
		"":                   ", 0 ",
		"a,b\nc":             ", 0 a,b\nc",
		"a;b\nc":             "; 0 a;b\nc",
		"a\tb":               "\t 0 a\tb",
		"a,b;c\n":            ", 0 a,b;c\n",
		"a,b;c;d\n":          "; 0 a,b;c;d\n",
		"a\n;;;":             ", 0 a\n;;;",
		"sep=;\na;b":         "; 1 a;b",
		"SEP=,\r\na;b":       ", 1 a;b",
		"sep=\t\na,b":        "\t 1 a,b",
		"sep=|\na,b;c;d":     ", 0 sep=|\na,b;c;d",
		"sep=a\na,b":         ", 0 sep=a\na,b",
		"sep=;;\na,b":        "; 0 sep=;;\na,b",
		"sep=\na,b":          ", 0 sep=\na,b",
		",\na;b":             ", 0 ,\na;b", // a line that is one separator says nothing of it
		";\na,b":             "; 0 ;\na,b",
		"sep=,;\nfile,mail;": ", 0 sep=,;\nfile,mail;",
	} {
		rest, comma, skipped := separatorOf(text)
		if got := fmt.Sprintf("%c %d %s", comma, skipped, rest); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestEntriesOf holds what the entries of a cell are: words, but for an X.400 address, which
// may hold blanks.
func TestEntriesOf(t *testing.T) {
	for cell, want := range map[string][]string{
		"":                                    nil,
		" , ; ":                               nil,
		"a@b.c":                               {"a@b.c"},
		"a@b.c b@b.c":                         {"a@b.c", "b@b.c"},
		"a@b.c;b@b.c|c":                       {"a@b.c", "b@b.c", "c"},
		"SMTP:a@b.c smtp:b@b.c":               {"SMTP:a@b.c", "smtp:b@b.c"},
		"X400:C=US;A= ;P=Example;O=Exchange":  {"X400:C=US A= P=Example O=Exchange"},
		"x500:/o=Example Org/cn=a smtp:a@b.c": {"x500:/o=Example Org/cn=a", "smtp:a@b.c"},
		"x500:/o=Example a@b.c":               {"x500:/o=Example", "a@b.c"},
		"xaver b":                             {"xaver", "b"}, // no type in front of it
		"xaver b:c":                           {"xaver", "b:c"},
		"smtp:a@b.c Example":                  {"smtp:a@b.c", "Example"},
		"sip:a@b.c x500:/o=A B\r\nC|D;E":      {"sip:a@b.c", "x500:/o=A B C D E"},
	} {
		if got := entriesOf(cell); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

// TestDiffOnce holds that what is in use is told once, and what cannot be decoded not at all.
func TestDiffOnce(t *testing.T) {
	a := load(t, testdata+"/sectigo", "root-r46-self-signed.pem")[0].Certificates[0]
	b := load(t, testdata+"/sectigo", "root-usertrust-rsa.pem")[0].Certificates[0]
	none := bundle.Certificate{Certificate: new(chain.Certificate)}
	for _, tt := range []struct {
		current []bundle.Certificate
		next    []*chain.Certificate
		want    string
	}{
		{[]bundle.Certificate{a, a, b, a}, []*chain.Certificate{a.Certificate}, "[kept removed]"},
		{[]bundle.Certificate{none, a, none}, []*chain.Certificate{b.Certificate, b.Certificate}, "[removed added]"},
		{nil, []*chain.Certificate{a.Certificate, a.Certificate, b.Certificate}, "[added added]"},
	} {
		var kinds []ChangeKind
		for _, c := range Diff(&bundle.File{Certificates: tt.current}, &PublicCollection{Certificates: tt.next}) {
			kinds = append(kinds, c.Kind)
		}
		if got := fmt.Sprint(kinds); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
}

// TestPayloadKinds holds that a profile installs a root as a root and every other CA as an
// intermediate one, and names an organization where one is given.
func TestPayloadKinds(t *testing.T) {
	c := pack(t, "collections/complete.sst")
	for _, organization := range []string{"", "Example"} {
		o, err := MobileConfig(c, &MobileConfigOptions{Organization: organization})
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(o.Data, []byte("PayloadOrganization")); got != (organization != "") {
			t.Errorf("organization %q: it names one: %t", organization, got)
		}
		f, err := bundle.Parse(o.Name, o.Data)
		if err != nil {
			t.Fatal(err)
		}
		roots := 0
		for i, p := range f.Profile.Payloads {
			root := f.Certificates[i].SelfSigned()
			if root {
				roots++
			}
			if want := map[bool]string{true: "com.apple.security.root", false: "com.apple.security.pkcs1"}[root]; p.Type != want {
				t.Errorf("%s is installed by %s", f.Certificates[i].Subject(), p.Type)
			}
		}
		if roots == 0 || roots == len(f.Profile.Payloads) {
			t.Errorf("%d of %d are roots", roots, len(f.Profile.Payloads))
		}
	}
}

// TestHandoutMailbox holds that a handout names the mailbox where it is known.
func TestHandoutMailbox(t *testing.T) {
	for address, want := range map[string]string{
		"":              "Outlook is up to date and your mailbox is set up in it.",
		"a@example.com": "Outlook is up to date and the mailbox a@example.com is set up in it.",
	} {
		for _, way := range []Delivery{"", InOutlook, CompanyPortal} {
			d, err := Handout(&HandoutOptions{Address: address, Delivery: way})
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Sections[0].Items[0]; got != want {
				t.Errorf("%q: %s", address, got)
			}
			portal := strings.Contains(strings.Join(d.Sections[1].Items, " "), "Company Portal")
			if portal != (way == CompanyPortal) {
				t.Errorf("%q: it speaks of Company Portal: %t", way, portal)
			}
		}
	}
}

// TestConnectorPasswords holds which passwords the connector gets as they are.
func TestConnectorPasswords(t *testing.T) {
	c := &Connector{Key: &generate(t, 2048).PublicKey}
	for password, want := range map[string]string{
		"secret":                 "",
		" ~":                     "",
		"":                       "it is empty",
		"sec\tret":               "printable ASCII",
		"secret\x7f":             "printable ASCII",
		"secret\n":               "printable ASCII",
		"geheimß":                "printable ASCII",
		strings.Repeat("a", 500): "longer than",
	} {
		err := checkPassword(password, c)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("a password of %d octets: %v, want %q", len(password), err, want)
		}
	}
}

// TestConnectorKeyAlone holds that a key for a connector comes without its private half.
func TestConnectorKeyAlone(t *testing.T) {
	key := generate(t, 2048)
	public := publicKeyPEM(t, &key.PublicKey)
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if _, err := ParseConnectorKey(public); err != nil {
		t.Error(err)
	}
	for name, data := range map[string][]byte{
		"private": private, "both": slices.Concat(public, private), "both, turned": slices.Concat(private, public),
	} {
		if _, err := ParseConnectorKey(data); err == nil || !strings.Contains(err.Error(), "export the public one alone") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDeadEndsOf holds where chains stop: nowhere for a root, for what cannot be read, and
// for what leads to a root that is there; whoever the certificate belongs to.
func TestDeadEndsOf(t *testing.T) {
	one := func(name string) *chain.Certificate {
		return load(t, testdata+"/sectigo", name)[0].Certificates[0].Certificate
	}
	root, cross := one("root-r46-self-signed.pem"), one("root-r46-cross-signed-by-usertrust.pem")
	broken := chain.ParseCertificate([]byte{0x30, 0})
	_, user := testCertificate(t, bothUsages, "2028-01-01")
	for _, tt := range []struct {
		name        string
		pool, given []*chain.Certificate
		want        int
	}{
		{"a root", []*chain.Certificate{root}, []*chain.Certificate{root}, 0},
		{"what cannot be read", nil, []*chain.Certificate{broken}, 0},
		{"a CA without its root", nil, []*chain.Certificate{cross}, 1},
		{"a CA twice", nil, []*chain.Certificate{cross, cross}, 1},
		{"a user", nil, []*chain.Certificate{chain.ParseCertificate(user.Raw)}, 1},
		{"all of them", []*chain.Certificate{root}, []*chain.Certificate{root, broken, cross, chain.ParseCertificate(user.Raw)}, 2},
	} {
		ends, err := deadEnds(context.Background(), slices.Concat(tt.pool, tt.given), tt.given, today)
		if err != nil || len(ends) != tt.want {
			t.Errorf("%s: %d ends, %v, want %d", tt.name, len(ends), err, tt.want)
		}
	}
}

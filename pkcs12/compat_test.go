package pkcs12

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/smimechain/smimechain/testdata/outside"
)

func TestCompatible(t *testing.T) {
	tests := []struct {
		name   string
		target Importer
		want   Answer
		codes  []ReasonCode
	}{
		{"o30-default.p12", targetIOS17, No, []ReasonCode{reasonMAC, reasonCipher}},
		{"o30-default.p12", targetIOS18, Yes, nil},
		{"o30-default.p12", targetMacOS14, No, []ReasonCode{reasonMAC, reasonCipher}},
		{"o30-default.p12", targetMacOS15, Yes, nil},
		{"o30-default.p12", targetMacOSImport, No, []ReasonCode{reasonMAC, reasonCipher}},
		{"o30-default.p12", targetWindowsBefore1709, No, []ReasonCode{reasonMAC, reasonCipher}},
		{"o30-default.p12", targetWindows1709, Yes, nil},
		{"o30-default.p12", targetAndroid13, No, []ReasonCode{reasonMAC, reasonCipher}},
		{"o30-default.p12", targetAndroid14, Yes, nil},
		{"o30-default.p12", targetIntuneImport, Yes, nil},
		{"o30-3des-sha1.p12", targetIOS17, Yes, nil},
		{"o30-3des-sha1.p12", targetWindowsBefore1709, Yes, nil},
		{"o30-3des-sha1.p12", targetAndroid13, Yes, nil},
		{"o30-3des-sha256mac.p12", targetIOS17, No, []ReasonCode{reasonMAC}},
		{"o30-legacy.p12", targetOpenSSL3, No, []ReasonCode{reasonScheme}},
		{"o30-legacy.p12", targetOpenSSL3Legacy, Yes, nil},
		{"o30-nomac.p12", targetIOS18, No, []ReasonCode{reasonNoMAC}},
		{"o30-aes128.p12", targetIOS18, No, []ReasonCode{reasonCipher}},
		{"o30-aes128.p12", targetWindows1709, Unknown, []ReasonCode{reasonCipher}},
		{"o35-pbmac1.p12", targetIOS18, No, []ReasonCode{reasonPBMAC1}},
		{"o35-pbmac1.p12", targetJava11, No, []ReasonCode{reasonPBMAC1}},
		{"o35-pbmac1.p12", targetJava26, Yes, nil},
		{"gt38-default.p12", targetDotNet9, No, []ReasonCode{reasonIterations}},
		{"gt38-default.p12", targetWindows1709, Unknown, []ReasonCode{reasonCipher}},
		{"o30-iter1M.p12", targetWindows1709, No, []ReasonCode{reasonIterations}},
		{"nss3110-default.p12", targetIOS18, No, []ReasonCode{reasonCipher}},
		{"syn-nolkid.p12", targetIOS18, No, []ReasonCode{reasonPairing}},
		{"syn-samename.p12", targetIOS18, No, []ReasonCode{reasonPairing, reasonCollision}},
		{"syn-keymismatch.p12", targetIOS18, No, []ReasonCode{reasonPairing}},
		{"syn-multikey.p12", targetIntuneImport, No, []ReasonCode{reasonIdentities}},
		{"syn-utf8name.p12", targetNSS, No, []ReasonCode{reasonAttribute}},
		{"o30-rsapss.p12", targetIOS18, No, []ReasonCode{reasonKeyType}},
		{"o30-nokeys.p12", targetIOS18, No, []ReasonCode{reasonNoKey}},
		{"o30-allnone-nomac.p12", targetIOS18, No, []ReasonCode{reasonNoMAC, reasonPlainKey}},
		{"o30-unicode.p12", targetJava11, No, []ReasonCode{reasonCharset}},
		{"o30-unicode.p12", targetIntuneImport, No, []ReasonCode{reasonCharset}},
		{"o30-emptypw.p12", targetIOS18, Unknown, []ReasonCode{reasonEmpty}},
		{"bad-base64.p12", targetWindows1709, No, []ReasonCode{reasonText}},
		{"bad-flip-middle.p12", targetOpenSSL3, No, []ReasonCode{reasonDamaged}},
		{"o30-default.p12", "windows-3.11", Unknown, []ReasonCode{reasonTarget}},
	}
	passwords := make(map[string]string)
	for _, s := range samples(t) {
		passwords[s.name] = s.password
	}
	for _, test := range tests {
		t.Run(test.name+" "+string(test.target), func(t *testing.T) {
			if !affordable(t, "pfx", test.name) {
				t.Skip("too many iterations for the race detector")
			}
			v := inspectFile(t, "pfx", test.name, passwords[test.name]).Compatible(test.target)
			var got []ReasonCode
			for _, r := range v.Reasons {
				if !slices.Contains(got, r.Code) {
					got = append(got, r.Code)
				}
				t.Log(r.Answer, r.Message)
			}
			if v.Answer != test.want || !slices.Equal(got, test.codes) {
				t.Errorf("%v %v, want %v %v", v.Answer, got, test.want, test.codes)
			}
		})
	}
}

// The words that an administrator gets.
func TestCompatibleMessage(t *testing.T) {
	r := inspectFile(t, "pfx", "o30-3des-sha256mac.p12", "secret")
	want := "iOS 17 and older can check a MAC with SHA-1 only; this file uses SHA-256: the phone will say that the password is wrong"
	if got := r.Compatible(targetIOS17).Reasons[0].Message; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Without the password the algorithms decide, and nothing is promised that
// depends on what is inside.
func TestCompatibleWithoutPassword(t *testing.T) {
	r, err := new(Options).Inspect(context.Background(), outside.Read(t, "pfx", "o30-default.p12"))
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[Importer]Answer{targetIOS17: No, targetIOS18: Unknown, targetWindowsBefore1709: No, targetOpenSSL3: Yes, targetJava11: Yes} {
		if got := r.Compatible(target).Answer; got != want {
			t.Errorf("%s: %v, want %v", target, got, want)
		}
	}
}

// Every target of the table has a name, a citation, a word for the symptom and
// digests that sentences can name, and no two have the same name.
func TestTargets(t *testing.T) {
	seen := make(map[string]bool)
	for i, info := range Importers() {
		if info.Name == "" || info.Citation == "" || rows[i].symptom == "" || seen[string(info.Importer)] || seen[string(info.Name)] {
			t.Errorf("row %d: %+v", i, info)
		}
		seen[string(info.Importer)], seen[string(info.Name)] = true, true
		if len(rows[i].mac.yes) == 0 || len(rows[i].cipher.yes) > 0 && len(rows[i].prf.yes) == 0 {
			t.Errorf("%s has nothing that a MAC or PBES2 may use", info.Importer)
		}
		if _, err := ProfileFor(info.Importer); err != nil {
			t.Error(err)
		}
	}
}

// Where the table says Yes, the programs that listed the files of the corpus read them. What
// they import is another matter: see TestImports.
func TestMeasured(t *testing.T) {
	outside.Corpus(t)
	matrix, err := os.ReadFile(filepath.Join("testdata", "measured.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]Importer{
		"openssl3.5-keys": targetOpenSSL34, "openssl3.0-legacy": targetOpenSSL3Legacy, "nss3.110": targetNSS, "jdk17": targetJava11, "jdk25": targetJava11,
	}
	files := make(map[string]sample)
	for _, s := range samples(t) {
		files[s.name] = s
	}
	lines := strings.Split(strings.TrimSpace(string(matrix)), "\n")
	head := strings.Split(lines[0], "\t")
	compared := 0
	for _, line := range lines[1:] {
		fields := strings.Split(line, "\t")
		s, ok := files[fields[0]]
		if !ok || s.dir != "pfx" {
			continue // the measurements had more files
		}
		r, err := inspectSample(t, s.dir, s.name, s.password)
		if err != nil {
			continue
		}
		for i, column := range head {
			target, ok := columns[column]
			if !ok {
				continue
			}
			if s.name == "syn-keypw-differs.p12" && (column == "openssl3.0-legacy" || column == "nss3.110") {
				continue // those runs did not decrypt keys
			}
			opens := strings.HasPrefix(fields[i], "OK")
			v := r.Compatible(target)
			compared++
			if s.name == "syn-secretbag.p12" && target == targetJava11 {
				continue // the run asked for the key in the secret
			}
			if v.Answer == Yes && !opens {
				t.Errorf("%s with %s: %v, measured %.90q; reasons %v", s.name, column, v.Answer, fields[i], v.Reasons)
			}
		}
	}
	t.Logf("%d measurements compared", compared)
}

// TestPRFOfVersions holds that what one version of a program refuses is not said of another,
// of which it is not known.
func TestPRFOfVersions(t *testing.T) {
	for _, tt := range []struct {
		target Importer
		prf    string
		want   Answer
	}{
		{targetJava8, "SHA-256", No}, {targetJava11, "SHA-256", Yes}, {targetJava26, "SHA-256", Yes},
		{targetJava11, "SHA-512/224", No}, {targetJava26, "SHA-512/224", Unknown},
		{targetOpenSSL3, "SHA3-256", No}, {targetOpenSSL3Legacy, "SHA3-256", No}, {targetOpenSSL34, "SHA3-256", Unknown},
	} {
		i := slices.IndexFunc(rows, func(r row) bool { return r.target == tt.target })
		if i < 0 {
			t.Fatalf("no row for %s", tt.target)
		}
		if got := rows[i].prf.answer(tt.prf); got != tt.want {
			t.Errorf("%s, %s: %v, want %v", tt.target, tt.prf, got, tt.want)
		}
	}
}
